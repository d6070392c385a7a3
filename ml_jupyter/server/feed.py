"""A stream of answers that is computed once for all pages that follow it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from ml_jupyter import _time
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.server import errors
from ml_jupyter.server.watching import LoopWatcher
from ml_jupyter.server.workers import Workers

_log = logging.getLogger(__name__)

#: A feed works at most one part in so many of the time, whatever its answers cost.
_SHARE = 8.0
#: Failures that pass: the feed tries again instead of ending.
_PASSING = {"index_busy", "busy", "timed_out", "storage_failed", "error"}


class FeedSource(Protocol):
    """What a feed gives: made anew by ``read`` whenever something may have changed."""

    @property
    def least_s(self) -> float:
        """Least seconds between two readings."""

    @property
    def poll_s(self) -> float:
        """Seconds after which to read without having been told of a change."""

    def read(self) -> dict[str, Any]:
        """The parts of the answer by name. Blocking; an MlJupyterError ends the feed."""

    def paths(self) -> list[Path]:
        """Files whose growth means a change. Blocking; asked after each reading."""

    def frame(self, parts: Iterable[str]) -> str:
        """The members of a message that holds these parts, which are JSON: ``"type": …, …``."""


class Follower(Protocol):
    """A page's subscription to a feed."""

    def changed(self, names: Iterable[str]) -> None:
        """Parts that are new."""

    def failed(self, body: dict[str, Any]) -> None:
        """The feed is over."""


class Feed:
    """Reads its source when poked, as often as allowed, and tells followers what is new.

    Used from the event loop only. The reading and the making of JSON happen in a thread.
    """

    def __init__(self, source: FeedSource, workers: Workers, watcher: LoopWatcher) -> None:
        self.source = source
        self.followers: set[Follower] = set()
        self._workers = workers
        self._watcher = watcher
        self._parts: dict[str, str] = {}
        self._filled = False
        self._again = False
        self._task: asyncio.Task[None] | None = None
        self._next = 0.0
        self._read_at = 0.0
        self._watched: set[Path] = set()
        self._poke: Callable[[], None] = self.poke
        self._over = False

    def follow(self, follower: Follower) -> None:
        """Add a follower; it gets the present answer at once, or as soon as there is one."""
        self.followers.add(follower)
        if self._filled:
            follower.changed(list(self._parts))
        self.poke()

    def message(self, names: Iterable[str]) -> str:
        """Members of a message with these parts as they are now."""
        return self.source.frame([self._parts[name] for name in names if name in self._parts])

    def poke(self) -> None:
        """Something may have changed."""
        self._again = True
        if self._task is None and not self._over:
            self._task = asyncio.get_running_loop().create_task(self._read_on())

    def tick(self) -> None:
        """Poke if it was not read for as long as its source says."""
        if _time.monotonic() - self._read_at >= self.source.poll_s:
            self.poke()

    def close(self) -> None:
        """Stop reading and watching."""
        self._over = True
        if self._task is not None:
            self._task.cancel()
        for path in self._watched:
            self._watcher.unwatch(path, self._poke)
        self._watched.clear()

    async def _read_on(self) -> None:
        try:
            while self._again and not self._over:
                await asyncio.sleep(max(0.0, self._next - _time.monotonic()))
                self._again = False
                await self._read_once()
        finally:
            self._task = None

    async def _read_once(self) -> None:
        begun = _time.monotonic()
        try:
            parts, paths = await self._workers.run(self._read)
        except Exception as error:  # what nobody foresaw ends this feed, not the page's others
            if not isinstance(error, MlJupyterError):
                _log.exception("A feed failed")
            self._fail(error)
            paths = None
        else:
            self._take(parts)
        now = _time.monotonic()
        self._read_at = now
        self._next = max(begun + self.source.least_s, now + (now - begun) * _SHARE)
        if paths is not None and not self._over:
            self._watch(paths)

    def _read(self) -> tuple[dict[str, str], set[Path]]:
        parts = {name: _json(value) for name, value in self.source.read().items()}
        return parts, set(self.source.paths())

    def _take(self, parts: dict[str, str]) -> None:
        new = [name for name, text in parts.items() if self._parts.get(name) != text]
        self._parts = parts
        if new or not self._filled:
            self._filled = True
            for follower in tuple(self.followers):
                follower.changed(new)

    def _fail(self, error: Exception) -> None:
        _, body = errors.answer_to(error)
        if body["code"] in _PASSING:
            return
        self._over = True
        for follower in tuple(self.followers):
            follower.failed(body)

    def _watch(self, paths: set[Path]) -> None:
        for path in self._watched - paths:
            self._watcher.unwatch(path, self._poke)
        for path in paths - self._watched:
            self._watcher.watch(path, self._poke)
        if not paths <= self._watched:
            self._again = True  # it may have changed before it was watched
        self._watched = paths


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
