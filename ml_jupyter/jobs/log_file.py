"""A log that only grows, and the times at which its parts came."""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from pathlib import Path
from typing import Optional

from ml_jupyter import _time

_TIMES_NS = 100_000_000
_TIME_RECORD = struct.Struct("<qqq")


class LogFile:
    """Appends bytes to a file; what finds no room on the disk is counted, not raised.

    Parameters
    ----------
    path : Path
        File to append to; its folder exists.
    times : Path, optional
        ``log.times``: (offset, lines, time) at most every 0.1 s, each for the first byte that came
        then.
    """

    def __init__(self, path: Path, times: Optional[Path] = None) -> None:
        self._log = _open(path)
        self._times = None if times is None else _open(times)
        self._offset = os.fstat(self._log).st_size
        self._lines = 0
        self._noted = 0
        self.lost_bytes = 0

    def write(self, data: bytes) -> None:
        """Append ``data``."""
        if self._times is not None:
            now = _time.now_ns()
            if abs(now - self._noted) >= _TIMES_NS:
                _append_whole(self._times, _TIME_RECORD.pack(self._offset, self._lines, now))
                self._noted = now
        written = _append(self._log, data)
        self._offset += written
        self._lines += data.count(b"\n") if written == len(data) else data[:written].count(b"\n")
        self.lost_bytes += len(data) - written

    def close(self) -> None:
        """Close the files."""
        os.close(self._log)
        if self._times is not None:
            os.close(self._times)


def _append(fd: int, data: bytes) -> int:
    """Bytes written: fewer on a full disk, where the job goes on and its output is lost."""
    done = 0
    try:
        while done < len(data):
            done += os.write(fd, data[done:] if done else data)
    except OSError:
        pass
    return done


def _append_whole(fd: int, record: bytes) -> None:
    """As ``_append``, all or nothing: part of a record would put all later ones out of step."""
    written = _append(fd, record)
    if written < len(record):
        with suppress(OSError):
            os.ftruncate(fd, os.fstat(fd).st_size - written)


def _open(path: Path) -> int:
    return os.open(str(path), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
