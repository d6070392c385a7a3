"""Appending to files: one ``write`` a record, few descriptors, nothing of ours left in a buffer.

A record is in the kernel when ``append`` returns, so it survives the death of the process.
"""

from __future__ import annotations

import errno
import os
import threading
from collections import OrderedDict
from pathlib import Path

from ml_jupyter._files import storage_failed

_DESCRIPTOR_LIMIT = 256
_FLAGS = (
    os.O_WRONLY
    | os.O_APPEND
    | os.O_CREAT
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    # A link in a workspace that somebody else made may lead to any file.
    | getattr(os, "O_NOFOLLOW", 0)
)

_lock = threading.Lock()
_open: OrderedDict[Appender, None] = OrderedDict()


class Appender:
    """Appends records to one file; may be used from many threads, and from forked processes.

    Parameters
    ----------
    path : Path
        File, made at the first append; its folder must exist.
    record_size : int
        Bytes of a record; a file that a full disk left with part of one is padded with zeros to a
        multiple before the next. 1 means lines: a part of a line is ended with a newline.
    """

    __slots__ = ("_fd", "_torn", "path", "record_size")

    def __init__(self, path: Path, record_size: int = 1) -> None:
        self.path = path
        self.record_size = record_size
        self._fd = -1
        self._torn = False

    def append(self, data: bytes) -> None:
        """Write ``data`` at the end, in one system call.

        Raises
        ------
        StorageFailed
            No space or no right; what was there before is intact.
        """
        with _lock:
            self._append_locked(data)

    def append_at(self, data: bytes) -> int:
        """As ``append``; returns where ``data`` begins, also when other processes append."""
        with _lock:
            self._append_locked(data)
            return os.lseek(self._fd, 0, os.SEEK_CUR) - len(data)

    def _append_locked(self, data: bytes) -> None:
        try:
            fd = self._fd
            if fd < 0:
                fd = self._open_locked()
            else:
                _open.move_to_end(self)
            if self._torn:
                self._mend(fd)
            if os.write(fd, data) != len(data):
                self._torn = True
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise storage_failed(error, self.path) from error

    def sync(self) -> None:
        """Wait until what was appended is on the disk."""
        with _lock:
            if self._fd >= 0:
                os.fsync(self._fd)

    def close(self) -> None:
        """Close the descriptor; the next append opens the file again."""
        with _lock:
            self._close_locked()

    def _open_locked(self) -> int:
        while len(_open) >= _DESCRIPTOR_LIMIT:
            next(iter(_open))._close_locked()
        self._fd = os.open(str(self.path), _FLAGS, 0o666)
        _open[self] = None
        self._torn = self._ends_torn()
        return self._fd

    def _close_locked(self) -> None:
        fd, self._fd = self._fd, -1
        _open.pop(self, None)
        if fd >= 0:
            os.close(fd)

    def _ends_torn(self) -> bool:
        size = os.fstat(self._fd).st_size
        if size == 0:
            return False
        if self.record_size > 1:
            return size % self.record_size != 0
        with open(self.path, "rb") as stream:
            stream.seek(-1, os.SEEK_END)
            return stream.read(1) != b"\n"

    def _mend(self, fd: int) -> None:
        size = os.fstat(fd).st_size
        padding = b"\0" * (-size % self.record_size) if self.record_size > 1 else b"\n"
        _write_rest(fd, padding)
        self._torn = False


def _write_rest(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _after_fork_in_child() -> None:
    global _lock
    _lock = threading.Lock()
    for appender in list(_open):
        appender._close_locked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
