"""XGBoost: ``train``, ``cv`` and the scikit-learn classes."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from xgboost.callback import TrainingCallback

from ml_jupyter.callbacks.logging import log_numbers, run_or_current
from ml_jupyter.sdk.run import Run


class XGBoostCallback(TrainingCallback):  # type: ignore[misc]
    """Logs ``<data>-<metric>`` after each round; of ``cv`` the means, and ``…-std``.

    Parameters
    ----------
    run : Run, optional
        Where to; default: the run of this job.

    Examples
    --------
    >>> xgboost.train(params, data, evals=[(test, "test")], callbacks=[XGBoostCallback()])
    ... # doctest: +SKIP
    """

    def __init__(self, run: Optional[Run] = None) -> None:
        super().__init__()
        self._run = run_or_current(run)

    def after_iteration(
        self, model: Any, epoch: int, evals_log: Mapping[str, Mapping[str, Any]]
    ) -> bool:
        """Log a round; training goes on."""
        for data, metrics in evals_log.items():
            for metric, values in metrics.items():
                last = values[-1]
                mean, spread = last if isinstance(last, tuple) else (last, None)
                name = f"{data}-{metric}"
                log_numbers(self._run, {name: mean, f"{name}-std": spread}, epoch)
        return False
