"""One watcher for all open pages: tells who follows a file that it changed, within milliseconds."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from ml_jupyter.history.watch import Watcher

#: Changes within so many seconds are one: a busy log wakes the loop 60 times a second, not 60,000.
_GATHER_S = 0.015
#: Where no notification can be had, the files are looked at so often.
_POLL_S = 0.1

Signature = tuple[int, int, int] | None


class LoopWatcher:
    """Calls back on the event loop when a watched file grew, appeared or was replaced.

    Notifications come through inotify, or from looking often where there is none (other systems,
    all instances in use). ``look`` finds the rest (network shares, files behind links that were
    moved): call it from time to time.
    """

    def __init__(self) -> None:
        self._watcher = Watcher()
        self._callbacks: dict[Path, set[Callable[[], None]]] = {}
        self._seen: dict[Path, Signature] = {}
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False
        if self._watcher.fileno() >= 0:
            self._loop.add_reader(self._watcher.fileno(), self._readable)
        else:
            self._poll()

    def watch(self, path: Path, callback: Callable[[], None]) -> None:
        """Call ``callback`` whenever ``path`` changes; the same pair again does nothing."""
        callbacks = self._callbacks.setdefault(path, set())
        if not callbacks:
            self._seen[path] = _signature(path)
            self._watcher.add(path)
        callbacks.add(callback)

    def unwatch(self, path: Path, callback: Callable[[], None]) -> None:
        """Stop; an unknown pair is passed over."""
        callbacks = self._callbacks.get(path)
        if callbacks is None:
            return
        callbacks.discard(callback)
        if not callbacks:
            del self._callbacks[path]
            self._seen.pop(path, None)
            self._watcher.remove(path)

    def look(self) -> None:
        """Compare every watched file with what was seen last, and tell of the changes."""
        for path in list(self._callbacks):
            now, before = _signature(path), self._seen.get(path)
            if now == before:
                continue
            self._seen[path] = now
            if before is None or now is None or now[2] != before[2]:
                self._watcher.remove(path)
                self._watcher.add(path)
            for callback in tuple(self._callbacks.get(path, ())):
                callback()

    def close(self) -> None:
        """Free the descriptor; nobody is called any more."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        elif self._watcher.fileno() >= 0:
            self._loop.remove_reader(self._watcher.fileno())
        self._callbacks.clear()
        self._watcher.close()

    def _readable(self) -> None:
        self._loop.remove_reader(self._watcher.fileno())
        self._timer = self._loop.call_later(_GATHER_S, self._gathered)

    def _poll(self) -> None:
        if not self._closed:
            self.look()
            self._timer = self._loop.call_later(_POLL_S, self._poll)

    def _gathered(self) -> None:
        self._timer = None
        if self._closed:
            return
        self._watcher.drain()
        self._loop.add_reader(self._watcher.fileno(), self._readable)
        self.look()


def _signature(path: Path) -> Signature:
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns, facts.st_ino
