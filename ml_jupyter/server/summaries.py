"""Summaries of the runs that were looked at lately, so that only new points are read."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.summary import MetricSummaries
from ml_jupyter.history.system_use import SystemUse

#: As many as one comparison may hold, and some pages besides.
_KEPT = 256


@dataclass(slots=True)
class Kept:
    """What is kept of one run: hold ``lock`` while using it."""

    run: RunFolder
    metrics: MetricSummaries
    use: SystemUse
    lock: threading.Lock


class Summaries:
    """Keeps the newest. Threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, run: RunFolder) -> Kept:
        """The summaries of a run."""
        with self._lock:
            kept = self._kept.get(run.id)
            if kept is None or kept.run is not run:
                kept = Kept(run, MetricSummaries(run), SystemUse(run.layout), threading.Lock())
                self._kept[run.id] = kept
            self._kept.move_to_end(run.id)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return kept
