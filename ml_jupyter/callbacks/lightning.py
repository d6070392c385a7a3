"""Lightning: ``lightning`` or ``pytorch_lightning``."""

from __future__ import annotations

from argparse import Namespace
from typing import Any, Dict, Mapping, Optional, Union

try:
    from lightning.pytorch.loggers.logger import Logger, rank_zero_experiment
    from lightning.pytorch.utilities import rank_zero_only
except ImportError:  # the name that it had before 2.0, and still may have
    from pytorch_lightning.loggers.logger import Logger, rank_zero_experiment
    from pytorch_lightning.utilities import rank_zero_only

from ml_jupyter.callbacks.logging import log_numbers, log_params, run_or_current
from ml_jupyter.sdk.run import Run


class LightningLogger(Logger):  # type: ignore[misc]
    """Logs what ``self.log`` is given, and hyperparameters; checkpoints go into ``outputs``.

    In distributed training the first process logs.

    Parameters
    ----------
    run : Run, optional
        Where to; default: the run of this job.
    save_dir : str
        Folder for checkpoints; ``outputs`` of a job is kept with its run.

    Examples
    --------
    >>> Trainer(max_epochs=5, logger=LightningLogger()).fit(model)  # doctest: +SKIP
    """

    def __init__(self, run: Optional[Run] = None, save_dir: str = "outputs") -> None:
        super().__init__()
        self._run = run_or_current(run)
        self._save_dir = save_dir

    @property
    def name(self) -> str:
        """Folder of the checkpoints below ``save_dir``."""
        return "lightning"

    @property
    def version(self) -> str:
        """Id of the run."""
        return str(self._run.id)

    @property
    def save_dir(self) -> str:
        """Folder for checkpoints."""
        return self._save_dir

    @property
    @rank_zero_experiment  # type: ignore[untyped-decorator]
    def experiment(self) -> Run:
        """The run itself."""
        return self._run

    @rank_zero_only  # type: ignore[untyped-decorator]
    def log_metrics(self, metrics: Mapping[str, Any], step: Optional[int] = None) -> None:
        """Log numbers at a step; Lightning's own ``epoch`` is one of them."""
        log_numbers(self._run, metrics, step)

    @rank_zero_only  # type: ignore[untyped-decorator]
    def log_hyperparams(self, params: Union[Dict[str, Any], Namespace], *_: Any, **__: Any) -> None:
        """Keep hyperparameters."""
        log_params(self._run, vars(params) if isinstance(params, Namespace) else params)
