"""The two kinds of subscription: to a shared feed, and to a log."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any

from ml_jupyter.server.feed import FeedSource
from ml_jupyter.server.hub import Hub
from ml_jupyter.server.page import Page
from ml_jupyter.server.tail import LogTail


class FeedSubscription:
    """A page's part in a shared feed: which parts of the answer it has not had yet."""

    def __init__(
        self, page: Page, number: int, hub: Hub, key: Hashable, make: Callable[[], FeedSource]
    ) -> None:
        self._page, self._number, self._hub = page, number, hub
        self._new: dict[str, None] | None = None
        page.add(number, self)
        self._feed = hub.follow(key, make, self)

    def changed(self, names: Iterable[str]) -> None:
        """Note what is new."""
        self._new = {**(self._new or {}), **dict.fromkeys(names)}
        self._page.mark(self._number)

    def failed(self, body: dict[str, Any]) -> None:
        """The feed is over, and the subscription with it."""
        self._page.fail(self._number, body)

    async def next(self) -> str | None:
        """A message with everything that is new; None when an earlier one held it already."""
        names, self._new = self._new, None
        return None if names is None else self._feed.message(names)

    def acknowledge(self, offset: int) -> None:
        """Nothing to do: only the newest answer is ever sent."""

    def tick(self) -> None:
        """The hub sees to the feeds."""

    def close(self) -> None:
        """Leave the feed."""
        if hasattr(self, "_feed"):
            self._hub.unfollow(self._feed, self)


class LogSubscription:
    """A page's place in a log; wakes when file or run change or the page acknowledges."""

    def __init__(self, page: Page, number: int, hub: Hub, tail: LogTail) -> None:
        self._page, self._number, self._hub, self._tail = page, number, hub, tail
        self._watched: set[Path] = set()
        self._wake: Callable[[], None] = lambda: page.mark(number)
        self._closed = False
        page.add(number, self)
        self._wake()

    async def next(self) -> str | None:
        """The next chunk."""
        if self._tail.finished:
            return None
        found, more = await self._hub.log_workers.run(self._read)
        place = self._tail.where
        if place is not None and not self._closed and not self._tail.finished:
            paths = {place, self._tail.run.layout.events}
            more = more or not paths <= self._watched  # it may have grown before it was watched
            self._watch(paths)
        if more and not self._closed:
            self._wake()
        return found

    def acknowledge(self, offset: int) -> None:
        """Move the window on."""
        self._tail.acknowledge(offset)

    def tick(self) -> None:
        """Read once more: the watcher may not see what other hosts write."""
        if not self._tail.finished:
            self._wake()

    def close(self) -> None:
        """Stop watching."""
        self._closed = True
        self._watch(set())

    def _read(self) -> tuple[str | None, bool]:
        chunk, more = self._tail.read()
        return (None if chunk is None else chunk.frame()), more

    def _watch(self, paths: set[Path]) -> None:
        for path in self._watched - paths:
            self._hub.watcher.unwatch(path, self._wake)
        for path in paths - self._watched:
            self._hub.watcher.watch(path, self._wake)
        self._watched = paths
