"""The shared feeds of all open pages, and the one watcher behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from ml_jupyter.server.errors import Busy
from ml_jupyter.server.feed import Feed, FeedSource, Follower
from ml_jupyter.server.limits import Limits
from ml_jupyter.server.watching import LoopWatcher
from ml_jupyter.server.workers import Workers

if TYPE_CHECKING:
    from ml_jupyter.server.page import Page


class Hub:
    """Brings pages and feeds together. Used from the event loop only.

    Equal subscriptions of several pages share one feed, which ends with its last follower.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.feed_workers = Workers(2, 100_000, 120.0, "ml-jupyter-feed")
        self.log_workers = Workers(2, 100_000, 60.0, "ml-jupyter-log")
        self.pages: set[Page] = set()
        self._feeds: dict[Hashable, Feed] = {}
        self._watcher: LoopWatcher | None = None
        self._ticking: asyncio.Task[None] | None = None

    @property
    def watcher(self) -> LoopWatcher:
        """The watcher; there is one while pages are open."""
        if self._watcher is None:
            self._watcher = LoopWatcher()
        return self._watcher

    def enter(self, page: Page) -> None:
        """Take a page in.

        Raises
        ------
        Busy
            Too many are open.
        """
        if len(self.pages) >= self.limits.pages:
            raise Busy(f"{len(self.pages)} pages are open, which is as many as there may be.")
        self.pages.add(page)
        if self._ticking is None:
            self._ticking = asyncio.get_running_loop().create_task(self._tick())

    def leave(self, page: Page) -> None:
        """Let a page go."""
        self.pages.discard(page)
        if not self.pages and self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
        if not self.pages and self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    def follow(self, key: Hashable, make: Callable[[], FeedSource], follower: Follower) -> Feed:
        """The feed of ``key``, made when nobody follows it yet."""
        feed = self._feeds.get(key)
        if feed is None:
            feed = self._feeds[key] = Feed(make(), self.feed_workers, self.watcher)
        feed.follow(follower)
        return feed

    def unfollow(self, feed: Feed, follower: Follower) -> None:
        """Let a follower go, and the feed with its last one."""
        feed.followers.discard(follower)
        if not feed.followers:
            self._feeds = {key: item for key, item in self._feeds.items() if item is not feed}
            feed.close()

    async def close(self) -> None:
        """Close all pages and stop."""
        for page in tuple(self.pages):
            page.close()
        self.feed_workers.close()
        self.log_workers.close()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self.limits.poll_s)
            self.watcher.look()
            for feed in tuple(self._feeds.values()):
                feed.tick()
            for page in tuple(self.pages):
                page.tick()
