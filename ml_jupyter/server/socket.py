"""The WebSocket of a page: many subscriptions over one connection.

Jupyter's mixin is used for its check of origin and login. Its own pings are not: it counts
milliseconds in the properties from which tornado reads seconds.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Hashable, Mapping
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from ml_jupyter.exceptions import MlJupyterError, UserErrorException
from ml_jupyter.server import errors, messages, sources
from ml_jupyter.server.authorization import authorized, ws_authenticated
from ml_jupyter.server.base import RESOURCE, Operation
from ml_jupyter.server.errors import Busy
from ml_jupyter.server.feed import FeedSource
from ml_jupyter.server.page import Page
from ml_jupyter.server.run_query import query_of
from ml_jupyter.server.services import Services
from ml_jupyter.server.subscriptions import FeedSubscription, LogSubscription
from ml_jupyter.server.tail import LogTail

_TRY_AGAIN_LATER = 1013


class SocketHandler(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """``socket``."""

    auth_resource = RESOURCE

    def initialize(self, services: Services, operations: Mapping[str, Operation]) -> None:
        """Take what the route's row in the table gives."""
        self.services = services
        self.operations = operations
        self._page: Page | None = None

    @property
    def ping_interval(self) -> float:
        """Seconds between two pings, which tornado sends."""
        return self.services.limits.ping_s

    @property
    def ping_timeout(self) -> float | None:
        """Tornado's own rule for pongs that do not come."""
        return None

    @property
    def max_message_size(self) -> int:
        """Bytes of a message; a longer one ends the connection."""
        return self.services.limits.message_bytes

    @ws_authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Turn the request into a WebSocket."""
        self._can_write = bool(
            await ensure_async(
                self.authorizer.is_authorized(self, self.current_user, "write", RESOURCE)
            )
        )
        await super().get(*args, **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> None:
        """Take the page in, or ask it to come later."""
        self.set_nodelay(True)
        try:
            self._page = Page(self.services.hub, self._send)
        except Busy as error:
            self.close(_TRY_AGAIN_LATER, error.message)
        else:
            self.services.settler.wake()

    async def on_message(self, message: str | bytes) -> None:
        """Do what the page asks, or say why not."""
        page = self._page
        if page is None:
            return
        try:
            asked = messages.read(message)
        except UserErrorException as error:
            number = error.details.pop("id", None)
            page.fail(number, errors.answer_to(error)[1])
            return
        try:
            await self._do(page, asked)
        except MlJupyterError as error:
            page.fail(asked.get("id"), errors.answer_to(error)[1])

    def on_close(self) -> None:
        """Let the page go."""
        page, self._page = self._page, None
        if page is not None:
            page.close()
        super().on_close()

    async def _do(self, page: Page, asked: dict[str, Any]) -> None:
        if asked["op"] == "ping":
            page.say(json.dumps({"type": "pong", "t": asked.get("t")}))
        elif asked["op"] == "ack":
            page.acknowledge(asked["id"], asked["offset"])
        elif asked["op"] == "unsubscribe":
            page.remove(asked["id"])
        else:
            await self._subscribe(page, asked)

    async def _subscribe(self, page: Page, asked: dict[str, Any]) -> None:
        number, most = asked["id"], self.services.limits.subscriptions
        if number not in page and page.count >= most:
            raise Busy(f"A page may follow {most} streams at a time.")
        if asked["stream"] == "log":
            tail = await self.services.workers.run(self._tail, asked)
            if self._page is page:
                LogSubscription(page, number, self.services.hub, tail)
            return
        key, source = self._source(asked)
        FeedSubscription(page, number, self.services.hub, key, lambda: source)

    def _tail(self, asked: dict[str, Any]) -> LogTail:
        run = self.services.workspaces.get(asked["workspace"]).run(asked["run"])
        limits, lines = self.services.limits, self.services.log_lines
        tail = LogTail(run, asked["path"], asked["offset"], limits, lines, asked["rank"])
        tail.place()
        return tail

    def _source(self, asked: dict[str, Any]) -> tuple[Hashable, FeedSource]:
        stream, workspace, may = asked["stream"], asked.get("workspace", ""), self._can_write
        if stream == "runs":
            query = query_of(asked["query"])
            key = json.dumps(asked["query"], sort_keys=True)
            return (stream, workspace, key, may), sources.RunsSource(
                self.services, workspace, query, may
            )
        if stream == "run":
            run = asked["run"]
            return (stream, workspace, run, may), sources.RunSource(
                self.services, workspace, run, may
            )
        if stream in ("metrics", "system"):
            names = None if asked["names"] is None else tuple(asked["names"])
            wanted = (workspace, asked["run"], names, asked["points"])
            kind = sources.MetricsSource if stream == "metrics" else sources.SystemSource
            return (stream, *wanted), kind(self.services, *wanted)
        if stream == "trials":
            run = asked["run"]
            return (stream, workspace, run), sources.TrialsSource(self.services, workspace, run)
        if stream == "queue":
            return (stream, workspace), sources.QueueSource(self.services, workspace)
        return (stream,), sources.MachineSource(self.services)

    async def _send(self, text: str) -> None:
        try:
            await self.write_message(text)
        except WebSocketClosedError as error:
            raise asyncio.CancelledError from error
