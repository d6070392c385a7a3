"""A trial as its sweep follows it: state, and the values of the metric as they come."""

from __future__ import annotations

from typing import Any, Iterable, Iterator

from ml_jupyter import _ids
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.watch import Watcher
from ml_jupyter.sweeps.policies import Progress
from ml_jupyter.sweeps.trials import Trial


class Followed:
    """One submitted trial.

    Parameters
    ----------
    trial : Trial
        Its number and parameters.
    run : RunFolder
        Its run.
    metric : str
        The metric that counts.
    maximize : bool
        Whether more of it is better.
    """

    def __init__(self, trial: Trial, run: RunFolder, metric: str, *, maximize: bool) -> None:
        self.trial = trial
        self.run = run
        self.progress = Progress(maximize=maximize)
        self.judged = 0
        self._metric = metric
        self._path = run.layout.metrics / _ids.metric_file(metric)
        self._end = 0
        self._count = 0

    @property
    def status(self) -> str:
        """Its state now."""
        return self.run.state().status

    @property
    def has_ended(self) -> bool:
        """Whether it will not change any more."""
        return self.status in status.TERMINAL

    def read(self) -> None:
        """Take new values in."""
        series = self.run.series(self._metric, self._end, self._count)
        self._end = series.end
        self._count += len(series.values)
        for value in numbers(series.values):
            self.progress.add(value)

    def watch(self, watcher: Watcher) -> None:
        """Wake at what it does."""
        watcher.add(self.run.layout.events)
        watcher.add(self._path)

    def unwatch(self, watcher: Watcher) -> None:
        """It has ended: nothing to wake at."""
        watcher.remove(self.run.layout.events)
        watcher.remove(self._path)
        self.run.close()


def numbers(values: Iterable[Any]) -> Iterator[float]:
    """Those values of a series that can be compared."""
    for item in values:
        if isinstance(item, (int, float)) and not isinstance(item, bool):
            yield float(item)
