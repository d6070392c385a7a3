"""``log.times`` of a run: (offset, lines before it, time), each for the first byte that came then.

Source: docs/run-folder.md.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, NamedTuple

from ml_jupyter.history import stream
from ml_jupyter.server.logs import Log

_RECORD = struct.Struct("<qqq")
_MOST = 10_000


class Mark(NamedTuple):
    """A place in a log: its offset, how many lines end before it, nanoseconds since the epoch."""

    offset: int
    lines: int
    time: int


def before(times: Path, place: int, *, by_line: bool = False) -> Mark:
    """The last mark that is not behind an offset, or behind so many lines; the beginning if none.

    Reads some records only, however many there are.
    """
    low, high = 0, stream.size(times) // _RECORD.size
    found = Mark(0, 0, 0)
    while low < high:
        middle = (low + high) // 2
        mark = _at(times, middle)
        if mark is not None and (mark.lines if by_line else mark.offset) <= place:
            low, found = middle + 1, mark
        else:
            high = middle
    return found


def between(log: Log, start: int, stop: int) -> list[dict[str, Any]]:
    """The marks that say when the bytes from ``start`` to ``stop`` came, at most 10,000."""
    if log.times is None:
        return []
    first = before(log.times, start)
    count = stream.size(log.times) // _RECORD.size
    index = _index_of(log.times, first.offset, count)
    data = stream.read(log.times, index * _RECORD.size, _MOST * _RECORD.size)
    whole = len(data) - len(data) % _RECORD.size
    marks = (Mark(*item) for item in _RECORD.iter_unpack(data[:whole]))
    return [
        {"offset": mark.offset, "line": mark.lines + 1, "time_ms": mark.time / 1e6}
        for mark in marks
        if mark.offset < stop
    ]


def _index_of(times: Path, offset: int, count: int) -> int:
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        mark = _at(times, middle)
        if mark is not None and mark.offset < offset:
            low = middle + 1
        else:
            high = middle
    return low


def _at(times: Path, index: int) -> Mark | None:
    data = stream.read(times, index * _RECORD.size, _RECORD.size)
    return Mark(*_RECORD.unpack(data)) if len(data) == _RECORD.size else None
