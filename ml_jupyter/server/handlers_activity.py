"""Signs of life of the runs at work."""

from __future__ import annotations

from typing import Any

from tornado import web

from ml_jupyter.history.workspace import user_name
from ml_jupyter.server import activity
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler


class ActivityHandler(Handler):
    """``workspaces/{ws}/activity``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """When each running run last printed or logged."""
        await self.answer_with(self._read, workspace_id)

    def _read(self, workspace_id: str) -> dict[str, Any]:
        return activity.read(self.services.workspaces.get(workspace_id), user_name())
