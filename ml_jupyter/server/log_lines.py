"""Line numbers of big logs: newlines are counted once, and from the nearest place known."""

from __future__ import annotations

import threading
from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from ml_jupyter.server import log_times, run_files
from ml_jupyter.server.logs import Log

#: More than so many bytes are not counted for one question.
MOST_BYTES = 2 * 1024 * 1024 * 1024
_BLOCK = 1024 * 1024
_APART = 256 * 1024
_KEPT = 64


class LogLines:
    """Counts the lines of logs. Threads may share it."""

    def __init__(self) -> None:
        self._known: OrderedDict[Path, list[tuple[int, int]]] = OrderedDict()
        self._lock = threading.Lock()

    def line_at(self, log: Log, offset: int, most: int = MOST_BYTES) -> int | None:
        """Number of the line, from 1, that a byte belongs to; None: it takes too long to count.

        Parameters
        ----------
        most : int
            Read at most so many bytes to count.
        """
        start, lines = self._nearest(log, offset)
        if offset - start > most:
            return None
        for data, at in _blocks(log.path, start, offset):
            lines += data.count(b"\n")
            self._note(log.path, at + len(data), lines)
        return lines + 1

    def offset_of(self, log: Log, line: int) -> int:
        """Where a line, from 1, begins; the end of the log when it has fewer."""
        wanted = max(0, line - 1)
        start, lines = self._nearest_line(log, wanted)
        end = run_files.size_of(log.path)
        for data, at in _blocks(log.path, start, end):
            inside = data.count(b"\n")
            if lines + inside >= wanted:
                return at + _after_newlines(data, wanted - lines)
            lines += inside
            self._note(log.path, at + len(data), lines)
        return end

    def _nearest(self, log: Log, offset: int) -> tuple[int, int]:
        found = (0, 0)
        if log.times is not None:
            mark = log_times.before(log.times, offset)
            found = (mark.offset, mark.lines)
        with self._lock:
            known = self._known.get(log.path, [])
            at = bisect_right(known, (offset, 1 << 62)) - 1
            return max(found, known[at]) if at >= 0 else found

    def _nearest_line(self, log: Log, wanted: int) -> tuple[int, int]:
        found = (0, 0)
        if log.times is not None:
            # A mark may lie within its line: only a line that begins behind it is found from it.
            mark = log_times.before(log.times, wanted - 1, by_line=True)
            found = (mark.offset, mark.lines)
        with self._lock:
            lower = [item for item in self._known.get(log.path, []) if item[1] < wanted]
        return max([found, *lower[-1:]])

    def _note(self, path: Path, offset: int, lines: int) -> None:
        with self._lock:
            known = self._known.setdefault(path, [])
            self._known.move_to_end(path)
            at = bisect_right(known, (offset, 1 << 62)) - 1
            if at < 0 or offset - known[at][0] >= _APART:
                insort(known, (offset, lines))
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)


def _blocks(path: Path, start: int, stop: int) -> Iterator[tuple[bytes, int]]:
    """The bytes between two offsets, block by block, each with its place."""
    if start >= stop:
        return
    try:
        with run_files.open_plain(path) as file:
            file.seek(start)
            while start < stop:
                data = file.read(min(_BLOCK, stop - start))
                if not data:
                    return
                yield data, start
                start += len(data)
    except OSError:  # not there yet
        return


def _after_newlines(data: bytes, count: int) -> int:
    at = 0
    for _ in range(count):
        at = data.index(b"\n", at) + 1
    return at
