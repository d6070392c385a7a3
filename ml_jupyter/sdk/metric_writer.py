"""Logging metrics so that a full disk never ends a training.

What cannot be written is kept, up to a limit, and tried again at later calls.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from typing import Any, Callable, Deque, Optional, Tuple

from ml_jupyter import _time
from ml_jupyter.exceptions import StorageFailed, UserErrorException
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.sdk import metric_values
from ml_jupyter.sdk.notices import warn_safely

#: So many points are kept while they cannot be written; older ones are dropped first.
MOST_KEPT = 100_000
_RETRY_S = 1.0

Entry = Tuple[Callable[..., Any], Tuple[Any, ...]]


class MetricWriter:
    """Writes the metrics of one run; may be used from many threads.

    Wrong arguments raise at once; what the system refuses to write is told once and kept.

    Attributes
    ----------
    dropped : int
        Points that could not be kept.
    late : bool
        The run has ended: an index looks at it again only when it is told to.
    """

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._log = run.metric_log.log
        self._kept: Deque[Entry] = deque()
        self._lock = threading.Lock()
        self._next_try = 0.0
        self._told = False
        self.dropped = 0
        self.late = run.state().status in status.TERMINAL

    def log(self, name: str, value: Any, description: str = "", step: Optional[int] = None) -> None:
        """Append one value to a scalar metric."""
        if type(value) is not float:
            value = metric_values.scalar(name, value)
        if description or self._kept:
            self._write_in_order(name, value, description, step)
            return
        try:
            self._log(name, value, step)
        except StorageFailed as error:
            self._keep((self._log, (name, value, step)), error)
        if self.late:
            self._announce()

    def log_many(self, name: str, values: Any, description: str = "") -> None:
        """Append several values to a scalar metric."""
        elements = metric_values.elements(name, values)
        if description:
            self._describe(name, description)
        if elements:
            self.write(self._run.metric_log.log_many, name, elements)

    def log_structured(self, name: str, shape: str, value: Any, description: str = "") -> None:
        """Append a row, a table, an image or a chart."""
        self.write(self._run.metric_log.log_structured, name, shape, value, description)

    def write(self, call: Callable[..., Any], *arguments: Any) -> None:
        """Make a writing call, after all that was kept; keep it when the system refuses."""
        entry = (call, arguments)
        if self._kept and not self.retry():
            self._keep(entry, None)
            return
        try:
            call(*arguments)
        except StorageFailed as error:
            self._keep(entry, error)
        if self.late:
            self._announce()

    def retry(self, *, now: bool = False) -> bool:
        """Try to write what was kept, at most once a second; whether nothing is left."""
        with self._lock:
            if not now and _time.monotonic() < self._next_try:
                return not self._kept
            while self._kept:
                call, arguments = self._kept[0]
                try:
                    call(*arguments)
                except StorageFailed:
                    self._next_try = _time.monotonic() + _RETRY_S
                    return False
                except UserErrorException:  # another process has given the name another shape
                    self.dropped += 1
                self._kept.popleft()
        return True

    def finish(self) -> Optional[str]:
        """Try a last time; says how many points were lost, or None."""
        lost = self.dropped
        if not self.retry(now=True):
            lost += len(self._kept)
            self._kept.clear()
        if not lost:
            return None
        text = f"{lost} metric points of run {self._run.id} could not be written and were lost."
        warn_safely(text)
        return text

    def _announce(self) -> None:
        with suppress(StorageFailed):  # the points matter more, and are told of themselves
            self._run.announce_metrics()

    def _write_in_order(self, name: str, value: Any, description: str, step: Optional[int]) -> None:
        if description:
            self._describe(name, description)
        self.write(self._log, name, value, step)

    def _describe(self, name: str, description: str) -> None:
        self.write(self._run.metric_log.declare, name, "scalar", description)

    def _keep(self, entry: Entry, error: Optional[StorageFailed]) -> None:
        with self._lock:
            if len(self._kept) >= MOST_KEPT:
                self._kept.popleft()
                self.dropped += 1
            self._kept.append(entry)
            self._next_try = self._next_try or _time.monotonic() + _RETRY_S
            told, self._told = self._told, True
        if not told:
            reason = "" if error is None else f" {error.message}"
            warn_safely(
                f"Metrics of run {self._run.id} cannot be written now and are kept.{reason}"
            )
