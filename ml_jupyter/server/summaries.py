"""Metric summaries of the runs that were looked at lately, so that only new points are read."""

from __future__ import annotations

import threading
from collections import OrderedDict

from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.summary import MetricSummaries

_KEPT = 128


class Summaries:
    """Keeps the newest. Threads may share it; hold the lock that ``of`` gives while using one."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[RunFolder, MetricSummaries, threading.Lock]] = (
            OrderedDict()
        )
        self._lock = threading.Lock()

    def of(self, run: RunFolder) -> tuple[MetricSummaries, threading.Lock]:
        """The summaries of a run, and the lock under which to use them."""
        with self._lock:
            kept = self._kept.get(run.id)
            if kept is None or kept[0] is not run:
                kept = self._kept[run.id] = (run, MetricSummaries(run), threading.Lock())
            self._kept.move_to_end(run.id)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return kept[1], kept[2]
