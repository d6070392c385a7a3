"""A log of our own: lines with a time, one file and one older one, each at most a megabyte."""

from __future__ import annotations

import os
from pathlib import Path

from ml_jupyter import _time

_LIMIT_BYTES = 1024 * 1024


class RotatingLog:
    """Appends lines to a file; safe for several processes, never raises.

    Parameters
    ----------
    path : Path
        The file; its folder is made when missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, text: str) -> None:
        """Append ``text`` as one entry."""
        line = f"{_time.iso(_time.now_ns())} {os.getpid()} {text.rstrip()}\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and self._path.stat().st_size > _LIMIT_BYTES:
                os.replace(self._path, self._path.with_suffix(".log.1"))
            with open(self._path, "a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(line)
        except OSError:  # a full disk must not stop the queue
            pass
