"""A page's sender: what is new goes out once, whatever comes between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.server.hub import Hub
from ml_jupyter.server.limits import Limits
from ml_jupyter.server.page import Page
from ml_jupyter.server.subscriptions import FeedSubscription
from tests.server.socket_page import until


class Source:
    """A feed of one text by name; ``whole`` as a run's answer is, else parts as metrics are."""

    least_s = 0.0
    poll_s = 3600.0

    def __init__(self, whole: bool) -> None:
        self.whole = whole

    def read(self) -> dict[str, Any]:
        return {"answer": {"type": "run"}} if self.whole else {"loss": "l", "accuracy": "a"}

    def paths(self) -> list[Path]:
        return []

    def frame(self, parts: Iterable[str]) -> str:
        if self.whole:
            return "".join(parts)[1:-1]
        return f'"type":"metrics","series":[{",".join(parts)}]'


@asynccontextmanager
async def page_of(sent: list[str]) -> AsyncIterator[tuple[Hub, Page]]:
    """A page whose connection takes every text at once."""
    hub = Hub(Limits())

    async def send(text: str) -> None:
        sent.append(text)

    try:
        yield hub, Page(hub, send)
    finally:
        await hub.close()


@pytest.mark.parametrize("whole", [True, False])
async def test_a_change_between_a_wake_and_its_message_is_told_once(whole):
    """The sender has taken the mark off, and has not asked yet: what comes now marks it again."""
    sent: list[str] = []
    async with page_of(sent) as (hub, page):
        source = Source(whole)
        subscription = FeedSubscription(page, 1, hub, "key", lambda: source)
        await until(lambda: sent)
        first = json.loads(sent.pop())
        names = list(source.read())
        subscription.changed(names)  # wakes the sender at the loop's next turn …
        asyncio.get_running_loop().call_soon(subscription.changed, names)  # … and this follows it
        for mark in ('"once round"', '"twice round"'):
            await until(lambda: sent)
            page.say(mark)
            await until(lambda text=mark: text in sent)
    assert [json.loads(text) for text in sent] == [first, "once round", "twice round"]


async def test_an_answer_without_parts_is_told_too():
    """A run without metrics: the page must hear that there are none."""
    sent: list[str] = []
    async with page_of(sent) as (hub, page):
        source = Source(whole=False)
        source.read = dict  # type: ignore[method-assign]
        FeedSubscription(page, 7, hub, "key", lambda: source)
        await until(lambda: sent)
    assert [json.loads(text) for text in sent] == [{"id": 7, "type": "metrics", "series": []}]
