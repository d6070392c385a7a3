"""Liveness by a held lock: the system frees it when its holder dies, whatever killed it.

Locks are ``flock`` on Unix, where they belong to an open file, so that two opens in one process
exclude each other as two processes do. On Windows a byte far behind the end of the file is locked,
by one at a time: a shared lock excludes there too, for as long as somebody looks.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Iterator, Optional, Set

from ml_jupyter import _time
from ml_jupyter._files import storage_failed
from ml_jupyter.exceptions import RunLocked

if sys.platform == "win32":
    import errno
    import msvcrt

    _FAR = 0x7FFF0000

    def _lock(fd: int, shared: bool, wait: bool) -> bool:
        os.lseek(fd, _FAR, os.SEEK_SET)
        while True:
            try:
                msvcrt.locking(fd, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError as error:
                # LK_LOCK gives up after ten seconds with this error.
                if not wait or error.errno != errno.EDEADLOCK:
                    return False
            else:
                return True

    def _unlock(fd: int) -> None:
        # Closing the file does it too, but "the time depends on available system resources"
        # (LockFile, learn.microsoft.com/windows/win32/api/fileapi).
        os.lseek(fd, _FAR, os.SEEK_SET)
        with suppress(OSError):
            msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _unlock(fd: int) -> None:
        """Closing the last copy of the descriptor does it; a child's copy may keep the lock."""

    def _lock(fd: int, shared: bool, wait: bool) -> bool:
        flags = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(fd, flags)
        except (BlockingIOError, PermissionError):
            return False
        return True


_POLL_S = 0.01
_held: Set[HeldLock] = set()


class HeldLock:
    """A lock that this process holds until ``release`` or its death.

    Forked children close their copy, or a data loader's worker would keep a dead run alive.
    """

    __slots__ = ("_fd", "path")

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self._fd = fd
        _held.add(self)

    @property
    def held(self) -> bool:
        """Whether the lock is still held."""
        return self._fd >= 0

    def release(self) -> None:
        """Give the lock up; a second call does nothing."""
        fd, self._fd = self._fd, -1
        _held.discard(self)
        if fd >= 0:
            _unlock(fd)
            os.close(fd)


def acquire(path: Path, timeout_s: Optional[float] = None) -> HeldLock:
    """Take the lock of ``path``, making the file when there is none.

    Parameters
    ----------
    path : Path
        File to lock; its folder exists.
    timeout_s : float, optional
        Seconds to wait; None waits as long as it takes, 0 tries once.

    Raises
    ------
    RunLocked
        Another process holds it and did not let go in time.
    StorageFailed
        The file cannot be made.
    """
    try:
        fd = os.open(str(path), os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    except OSError as error:
        raise storage_failed(error, path) from error
    try:
        if timeout_s is None:
            _lock(fd, False, True)
        elif not _try_until(fd, _time.monotonic() + timeout_s):
            raise RunLocked(f"{path} is held by another process.")
    except BaseException:
        os.close(fd)
        raise
    return HeldLock(path, fd)


def share(path: Path) -> Optional[HeldLock]:
    """Take the lock of an existing file together with others who share it; None: not to be had."""
    try:
        fd = os.open(str(path), os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return None
    if _lock(fd, True, False):
        return HeldLock(path, fd)
    os.close(fd)
    return None


def try_descriptor(fd: int) -> bool:
    """Lock an open file without waiting; held until every copy of the descriptor is closed."""
    return _lock(fd, False, False)


def is_held(path: Path) -> bool:
    """Whether any process, this one included, holds the lock of ``path``."""
    try:
        fd = os.open(str(path), os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        return False
    except PermissionError:
        return True
    try:
        free = _lock(fd, True, False)
        if free:
            _unlock(fd)
        return not free
    finally:
        os.close(fd)


@contextmanager
def exclusive(path: Path, timeout_s: float = 30.0) -> Iterator[None]:
    """Hold the lock of ``path`` for a short critical section.

    Raises
    ------
    RunLocked
        Not to be had within ``timeout_s`` seconds.
    """
    lock = acquire(path, timeout_s)
    try:
        yield
    finally:
        lock.release()


def _try_until(fd: int, deadline: float) -> bool:
    import time

    while not _lock(fd, False, False):
        if _time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_S)
    return True


def _after_fork_in_child() -> None:
    for lock in list(_held):
        lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
