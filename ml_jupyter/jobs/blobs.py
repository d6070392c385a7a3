"""Contents of files, stored once under their SHA-256; copied by reflink where the disk can.

``snapshots/blobs/<first two hex digits>/<64 hex digits>``, read-only. Never hard-linked to
anything: a job that writes to its copy must not reach the original.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Callable

from ml_jupyter.exceptions import FolderCorrupt

CHUNK_BYTES = 1024 * 1024
_SMALL_BYTES = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_FICLONE = 0x40049409  # linux/fs.h: _IOW(0x94, 9, int)


class BlobStore:
    """The blobs of one workspace.

    Parameters
    ----------
    folder : Path
        ``snapshots/blobs``; made when something is added.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def path(self, digest: str) -> str:
        """Where the content with this SHA-256 lies, there or not.

        Raises
        ------
        FolderCorrupt
            It is none: a list of files may come from another's workspace, and lead out of it.
        """
        if _DIGEST.match(digest) is None:
            raise FolderCorrupt(f"{digest!r} names no content of a file.")
        return f"{self._folder}/{digest[:2]}/{digest}"

    def has(self, digest: str) -> bool:
        """Whether the content is stored."""
        return os.path.exists(self.path(digest))

    def add(self, source: str) -> str:
        """Store the content of a file; its SHA-256 in hex.

        The digest is that of the stored bytes, also when the file changes meanwhile.
        """
        if os.path.getsize(source) <= _SMALL_BYTES:
            with open(source, "rb") as stream:
                data = stream.read()
            digest = hashlib.sha256(data).hexdigest()
            if not self.has(digest):
                self._store(digest, lambda fd: _write(fd, data))
            return digest
        return self._add_large(source)

    def lay_out(self, digest: str, target: str, mode: int) -> None:
        """Make ``target`` a private copy with permissions ``mode``; its folder exists."""
        with open(self.path(digest), "rb") as source:
            fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            try:
                copy_content(source.fileno(), fd)
            finally:
                os.close(fd)

    def _add_large(self, source: str) -> str:
        os.makedirs(self._folder, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".new-", dir=self._folder)
        try:
            with open(source, "rb") as stream:
                copy_content(stream.fileno(), handle)
            digest = _digest(handle)
            if not self.has(digest):
                self._publish(temporary, digest)
            return digest
        finally:
            os.close(handle)
            _unlink(temporary)

    def _store(self, digest: str, fill: Callable[[int], None]) -> None:
        os.makedirs(self._folder, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".new-", dir=self._folder)
        try:
            fill(handle)
            self._publish(temporary, digest)
        finally:
            os.close(handle)
            _unlink(temporary)

    def _publish(self, temporary: str, digest: str) -> None:
        target = self.path(digest)
        os.chmod(temporary, 0o444)
        try:
            os.rename(temporary, target)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.rename(temporary, target)


def copy_content(source: int, target: int) -> None:
    """Fill the empty file ``target`` with ``source``: shared extents where the disk can."""
    if _reflink(source, target):
        return
    while _copy_range(source, target):
        pass


def _reflink(source: int, target: int) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    import fcntl

    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:
        return False
    return True


def _copy_range(source: int, target: int) -> int:
    if hasattr(os, "sendfile") and sys.platform.startswith("linux"):
        try:
            return os.sendfile(target, source, None, 1 << 30)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOSYS):
                raise
    data = os.read(source, CHUNK_BYTES)
    _write(target, data)
    return len(data)


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _digest(fd: int) -> str:
    os.lseek(fd, 0, os.SEEK_SET)
    state = hashlib.sha256()
    while True:
        data = os.read(fd, CHUNK_BYTES)
        if not data:
            return state.hexdigest()
        state.update(data)


def _unlink(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
