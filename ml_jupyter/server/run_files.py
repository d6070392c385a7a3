"""A run's files for a client that is not trusted: confined, opened as resolved."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from ml_jupyter import _files
from ml_jupyter.exceptions import ArtifactNotFound, PathOutside
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.server.errors import RangeNotSatisfiable

_OPEN = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")
_BLOCK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class RunFile:
    """An open file of a run; close it with ``close``.

    Attributes
    ----------
    fd : int
        Descriptor, open for reading.
    name : str
        Last part of its path.
    size : int
        Bytes when it was opened.
    modified : float
        Seconds since the Unix epoch.
    """

    fd: int
    name: str
    size: int
    modified: float

    @property
    def etag(self) -> str:
        """Changes whenever the file's size or time does."""
        return f'"{self.size:x}-{int(self.modified * 1e6):x}"'

    def read(self, offset: int, length: int) -> bytes:
        """At most ``length`` bytes from ``offset``."""
        os.lseek(self.fd, offset, os.SEEK_SET)
        blocks = []
        while length > 0:
            block = os.read(self.fd, min(length, _BLOCK_BYTES))
            if not block:
                break
            blocks.append(block)
            length -= len(block)
        return b"".join(blocks)

    def close(self) -> None:
        """Free the descriptor."""
        os.close(self.fd)


def resolve(run: RunFolder, path: str) -> Path:
    """Where a file of the run lies, links resolved.

    While a job runs, ``files/logs`` and ``files/outputs`` are links into its working folder, which
    lies in the run's folder too: that is as far as a link may lead.

    Raises
    ------
    PathOutside
        The path, or a link in it, leads elsewhere: out of the run, or to a file of the run that is
        not the user's.
    """
    root = run.layout.path.resolve()
    outside = PathOutside(f"{path!r} is not among the run's files.")
    if not path or path.startswith(("/", "\\")):
        raise outside
    try:
        inside = _files.confine(root, f"files/{path}")
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links, a name too long
        if isinstance(error, PathOutside):
            raise
        raise outside from error
    if not any(base in inside.parents for base in (root / "files", root / "work")):
        raise outside
    return inside


def size_of(path: Path) -> int:
    """Bytes of a plain file; 0 for everything else, and for what does not exist."""
    try:
        facts = os.stat(path)
    except OSError:
        return 0
    return facts.st_size if stat.S_ISREG(facts.st_mode) else 0


def open_plain(path: Path) -> FileIO:
    """Open a plain file for reading; a pipe or a device that stands in its place is not waited for.

    Raises
    ------
    OSError
        There is none, or it is no plain file.
    """
    fd = _open(path)[0]
    try:
        return FileIO(fd, "rb")
    except OSError:
        os.close(fd)
        raise


def offered(path: Path, name: str) -> RunFile:
    """The plain file at ``path``, which clients know under the path ``name``.

    Raises
    ------
    OSError
        There is none, or it is no plain file.
    """
    fd, facts = _open(path)
    return RunFile(fd, name.rsplit("/", 1)[-1], facts.st_size, facts.st_mtime)


def open_file(run: RunFolder, path: str) -> RunFile:
    """Open a file of the run.

    Raises
    ------
    PathOutside
        See ``resolve``.
    ArtifactNotFound
        No such file, or not a plain file.
    """
    try:
        return offered(resolve(run, path), path)
    except (OSError, ValueError) as error:
        raise ArtifactNotFound(f"Run {run.id} has no file {path!r}.") from error


def _open(path: Path) -> tuple[int, os.stat_result]:
    fd = os.open(str(path), _OPEN | _SAFE)
    facts = os.fstat(fd)
    if not stat.S_ISREG(facts.st_mode):
        os.close(fd)
        raise OSError(errno.EINVAL, "Not a plain file")
    return fd, facts


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and the one behind the last that a ``Range`` header asks for; None: all.

    Several ranges, and units other than bytes, are answered with the whole file (RFC 9110, 14.2).

    Raises
    ------
    RangeNotSatisfiable
        It begins behind the end.
    """
    match = _RANGE.match((header or "").strip())
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if first == "":
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= size:
        raise RangeNotSatisfiable(f"The file has {size} bytes.", details={"size": size})
    return start, end


def blocks(file: RunFile, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces in which ``start`` to ``end`` is read, as (offset, length)."""
    for offset in range(start, end, _BLOCK_BYTES):
        yield offset, min(_BLOCK_BYTES, end - offset)
