"""One open page: its subscriptions, and a sender that never gets ahead of a slow reader."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.server import errors
from ml_jupyter.server.hub import Hub

_log = logging.getLogger(__name__)

#: Messages that are made at one time: what a slow reader costs in memory.
_TOGETHER = 16


class Subscription(Protocol):
    """One stream that a page follows."""

    async def next(self) -> str | None:
        """Members of the next message; None when there is nothing to send now."""

    def acknowledge(self, offset: int) -> None:
        """The page has drawn everything before ``offset``."""

    def tick(self) -> None:
        """Look whether something was missed."""

    def close(self) -> None:
        """Stop following."""


class Page:
    """The subscriptions of one WebSocket. Used from the event loop only.

    What is new is only marked; messages are made, a few at a time, when the connection has taken
    those before. So a slow reader costs a few messages of memory, skips what is out of date by
    then, and delays nobody else.

    Parameters
    ----------
    hub : Hub
        Where it is taken in.
    send : callable
        Sends one text; what it gives is done when the connection has taken it. Raises when it is
        closed.
    """

    def __init__(self, hub: Hub, send: Callable[[str], Awaitable[None]]) -> None:
        self._hub = hub
        self._send = send
        self._subscriptions: dict[int, Subscription] = {}
        self._ready: dict[int, None] = {}
        self._texts: list[str] = []
        self._wake = asyncio.Event()
        hub.enter(self)
        self._sender = asyncio.get_running_loop().create_task(self._send_on())

    def __contains__(self, number: int) -> bool:
        return number in self._subscriptions

    @property
    def count(self) -> int:
        """Subscriptions now."""
        return len(self._subscriptions)

    def add(self, number: int, subscription: Subscription) -> None:
        """Follow a stream under the page's own number, in place of one that has it."""
        self.remove(number)
        self._subscriptions[number] = subscription

    def remove(self, number: int) -> None:
        """Stop following; an unknown number is passed over."""
        subscription = self._subscriptions.pop(number, None)
        self._ready.pop(number, None)
        if subscription is not None:
            subscription.close()

    def acknowledge(self, number: int, offset: int) -> None:
        """Pass an acknowledgement on; an unknown number is passed over."""
        subscription = self._subscriptions.get(number)
        if subscription is not None:
            subscription.acknowledge(offset)
            self.mark(number)

    def mark(self, number: int) -> None:
        """The subscription may have something to send."""
        self._ready[number] = None
        self._wake.set()

    def say(self, text: str) -> None:
        """Send a text of its own, such as an error, before anything else; too many are an abuse."""
        if len(self._texts) >= self._hub.limits.subscriptions:
            self.close()
            return
        self._texts.append(text)
        self._wake.set()

    def fail(self, number: int | None, body: dict[str, Any]) -> None:
        """Tell of an error, which ends the subscription."""
        if number is not None:
            self.remove(number)
        self.say(json.dumps({"id": number, "type": "error", **body}))

    def tick(self) -> None:
        """Let each subscription look whether it missed something."""
        for subscription in tuple(self._subscriptions.values()):
            subscription.tick()

    def close(self) -> None:
        """End all subscriptions."""
        for number in tuple(self._subscriptions):
            self.remove(number)
        self._sender.cancel()
        self._hub.leave(self)

    async def _send_on(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._texts or self._ready:
                while self._texts:
                    await self._send(self._texts.pop(0))
                await self._send_batch(list(self._ready)[:_TOGETHER])

    async def _send_batch(self, numbers: list[int]) -> None:
        """Make the next message of each, together since most wait for a thread; then send them."""
        for number in numbers:
            del self._ready[number]
        for text in await asyncio.gather(*(self._next(number) for number in numbers)):
            if text is not None:
                await self._send(text)

    async def _next(self, number: int) -> str | None:
        subscription = self._subscriptions.get(number)
        if subscription is None:
            return None
        try:
            members = await subscription.next()
        except MlJupyterError as error:
            self.fail(number, errors.answer_to(error)[1])
            return None
        except Exception as error:  # one broken stream must not silence the page
            _log.exception("A subscription failed")
            self.fail(number, errors.answer_to(error)[1])
            return None
        if members is None or self._subscriptions.get(number) is not subscription:
            return None
        return f'{{"id":{number},{members}}}'
