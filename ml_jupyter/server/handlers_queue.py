"""The queue and its order, and the histories of queue and machine."""

from __future__ import annotations

from typing import Any

from tornado import web

from ml_jupyter.jobs import queue_orders
from ml_jupyter.server import views
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler
from ml_jupyter.server.queue_history import queue_history
from ml_jupyter.server.services import Services


def queue_now(services: Services, workspace_id: str) -> dict[str, Any]:
    """The **queue** of ``docs/http-api.md``."""
    item, use = services.workspaces.get(workspace_id), services.machine.resources()
    return views.queue(item, services.settings, use)


class QueueHandler(Handler):
    """``workspaces/{ws}/queue``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """What waits, and why."""
        await self.answer_with(self._queue, workspace_id)

    def _queue(self, workspace_id: str) -> dict[str, Any]:
        return queue_now(self.services, workspace_id)


class QueueMoveHandler(Handler):
    """``workspaces/{ws}/queue/move``."""

    @web.authenticated
    @authorized("execute", "ml_jupyter")
    async def post(self, workspace_id: str) -> None:
        """Put a run that waits before another one, or behind all of them."""
        await self.answer_with(self._move, workspace_id, self.json_body())

    def _move(self, workspace_id: str, body: dict[str, Any]) -> dict[str, Any]:
        folder = self.services.workspaces.get(workspace_id).folder
        queue_orders.move(folder, body["run_id"], body["before"], self.services.settings)
        return queue_now(self.services, workspace_id)


class QueueHistoryHandler(Handler):
    """``workspaces/{ws}/queue/history``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """Runs that were at work, where, and how long they waited."""
        await self.answer_with(self._history, workspace_id, self.arguments_in_url()["span"])

    def _history(self, workspace_id: str, span: str) -> dict[str, Any]:
        return queue_history(self.services.workspaces.get(workspace_id), span)


class MachineHistoryHandler(Handler):
    """``machine/history``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self) -> None:
        """Cores, memory and GPUs over time."""
        span = self.arguments_in_url()["span"]
        await self.answer_with(self.services.use_history.read, span)
