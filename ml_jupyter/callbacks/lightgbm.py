"""LightGBM: ``train``, ``cv`` and the scikit-learn classes. Needs no import of it."""

from __future__ import annotations

from typing import Any, Optional

from ml_jupyter.callbacks.logging import log_numbers, log_params, run_or_current
from ml_jupyter.sdk.run import Run


class LightGBMCallback:
    """Logs ``<data>-<metric>`` after each round, of ``cv`` with ``…-std``, and the parameters.

    Parameters
    ----------
    run : Run, optional
        Where to; default: the run of this job.

    Examples
    --------
    >>> lightgbm.train(params, data, valid_sets=[test], callbacks=[LightGBMCallback()])
    ... # doctest: +SKIP
    """

    #: LightGBM calls callbacks in this order; early stopping, which leaves the round, has 30.
    order = 25
    before_iteration = False

    def __init__(self, run: Optional[Run] = None) -> None:
        self._run = run_or_current(run)

    def __call__(self, env: Any) -> None:
        """Log a round."""
        if env.iteration == env.begin_iteration:
            log_params(self._run, env.params)
        for data, metric, value, _, *spread in env.evaluation_result_list or ():
            name = f"{data}-{metric}"
            found = {name: value, f"{name}-std": spread[0] if spread else None}
            log_numbers(self._run, found, env.iteration)
