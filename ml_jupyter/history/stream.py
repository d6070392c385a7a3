"""The one reading primitive: bytes of PATH from OFFSET, now or as they come."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable, Iterator, Optional, Union

from ml_jupyter import _time
from ml_jupyter.history.watch import Watcher

CHUNK_BYTES = 64 * 1024


def size(path: Path) -> int:
    """Size of the file in bytes; 0 when there is none yet."""
    try:
        return os.stat(str(path)).st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0


def read(path: Union[str, Path], offset: int = 0, length: int = -1) -> bytes:
    """Bytes of a growing file.

    Parameters
    ----------
    path : str or Path
        File; one that does not exist reads as empty.
    offset : int
        Bytes from the start, or from the end when negative.
    length : int
        At most so many bytes; negative: all that there are.
    """
    try:
        with open(path, "rb") as stream:
            if offset < 0:
                stream.seek(max(0, stream.seek(0, os.SEEK_END) + offset))
            elif offset:
                stream.seek(offset)
            return stream.read(length)
    except (FileNotFoundError, NotADirectoryError):
        return b""


def follow(
    path: Path,
    offset: int = 0,
    *,
    ended: Callable[[], bool],
    timeout_s: Optional[float] = None,
) -> Iterator[bytes]:
    """Chunks of a file from ``offset`` on, each as soon as it is written.

    Ends when ``ended()`` is true and everything written before that was given.

    Parameters
    ----------
    path : Path
        File; may be made later.
    offset : int
        Where to begin, in bytes.
    ended : callable
        Whether the writer has ended; asked several times a second.
    timeout_s : float, optional
        Stop after so many seconds, whatever is missing.
    """
    deadline = None if timeout_s is None else _time.monotonic() + timeout_s
    with Watcher() as watcher:
        while True:
            last = ended()
            watcher.add(path)
            data = read(path, offset, CHUNK_BYTES)
            while data:
                offset += len(data)
                yield data
                data = read(path, offset, CHUNK_BYTES)
            if last or (deadline is not None and _time.monotonic() >= deadline):
                return
            watcher.wait(0.2)
