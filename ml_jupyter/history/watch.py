"""Waking when a file changes: inotify on Linux, a short poll on other systems."""

from __future__ import annotations

import os
import select
import sys
import time
from pathlib import Path
from typing import Any, Dict, Optional, Set, Tuple

_IN_MODIFY = 0x2
_IN_CREATE = 0x100
_IN_MOVED_TO = 0x80
_IN_NONBLOCK = 0o4000
_IN_CLOEXEC = 0o2000000
_POLL_S = 0.005


class Watcher:
    """Waits until one of a set of files grew or appeared. One thread at a time."""

    def __init__(self) -> None:
        self._libc = _libc()
        self._fd = -1
        self._sizes: Dict[Path, Optional[Tuple[int, int]]] = {}
        self._watched: Dict[Path, int] = {}
        self._above: Dict[Path, Set[int]] = {}
        if self._libc is not None:
            self._fd = self._libc.inotify_init1(_IN_NONBLOCK | _IN_CLOEXEC)

    def __enter__(self) -> Watcher:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def fileno(self) -> int:
        """Descriptor that becomes readable at a change; -1 where only polling works."""
        return self._fd

    def add(self, path: Path) -> None:
        """Watch ``path``; the folder above is watched while the file does not exist."""
        self._sizes[path] = _signature(path)
        if self._fd >= 0 and path not in self._watched:
            self._take_up(path)

    def remove(self, path: Path) -> None:
        """Stop watching ``path``."""
        self._sizes.pop(path, None)
        watch = self._watched.pop(path, None)
        if watch is not None:
            self._libc.inotify_rm_watch(self._fd, watch)
        self._leave_above(path)

    def wait(self, timeout_s: float) -> bool:
        """Whether something changed within ``timeout_s`` seconds."""
        if self._fd >= 0:
            if self._some_appeared():
                return True
            poll = select.poll()
            poll.register(self._fd, select.POLLIN)
            ready = poll.poll(timeout_s * 1000)
            if ready:
                self.drain()
            return bool(ready)
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for path, old in self._sizes.items():
                now = _signature(path)
                if now != old:
                    self._sizes[path] = now
                    return True
            time.sleep(_POLL_S)
        return False

    def _some_appeared(self) -> bool:
        """Watch the files that were not there before; whether there are such."""
        missing = [path for path in self._sizes if path not in self._watched]
        return sum(map(self._take_up, missing)) > 0  # all of them, not up to the first

    def _take_up(self, path: Path) -> bool:
        """Whether the file itself is watched now."""
        for _ in range(2):  # it may appear just before the folder above is watched
            watch = self._libc.inotify_add_watch(self._fd, os.fsencode(str(path)), _IN_MODIFY)
            if watch >= 0:
                self._watched[path] = watch
                self._leave_above(path)
                return True
            self._watch_above(path)
            if not path.exists():
                break
        return False

    def _watch_above(self, path: Path) -> None:
        parent = path.parent
        while not parent.exists() and parent != parent.parent:
            parent = parent.parent
        mask = _IN_CREATE | _IN_MOVED_TO
        watch = self._libc.inotify_add_watch(self._fd, os.fsencode(str(parent)), mask)
        if watch >= 0:
            self._above.setdefault(path, set()).add(watch)

    def _leave_above(self, path: Path) -> None:
        """Forget the folders that were watched for it alone."""
        for watch in self._above.pop(path, set()):
            if not any(watch in others for others in self._above.values()):
                self._libc.inotify_rm_watch(self._fd, watch)

    def drain(self) -> None:
        """Read and forget the pending notifications."""
        try:
            while os.read(self._fd, 65536):
                pass
        except OSError:
            pass

    def close(self) -> None:
        """Free the descriptor."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


def _signature(path: Path) -> Optional[Tuple[int, int]]:
    try:
        stat = os.stat(str(path))
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns


def _libc() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # 5 ms: only those who wait pay for it

    libc = ctypes.CDLL(None, use_errno=True)
    return libc if hasattr(libc, "inotify_init1") else None
