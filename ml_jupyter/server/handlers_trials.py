"""A sweep's trials, and which of its parameters mattered."""

from __future__ import annotations

from typing import Any

from tornado import web

from ml_jupyter.server import views
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler


class TrialsHandler(Handler):
    """``workspaces/{ws}/runs/{run}/trials``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """What a sweep looks for, and its trials so far."""
        await self.answer_with(self._trials, workspace_id, run_id)

    def _trials(self, workspace_id: str, run_id: str) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        return views.trials(workspace, workspace.run(run_id))


class ImportanceHandler(Handler):
    """``workspaces/{ws}/runs/{run}/importance``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """How much each parameter of a sweep had to do with a good trial."""
        await self.answer_with(self._importance, workspace_id, run_id)

    def _importance(self, workspace_id: str, run_id: str) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        return views.importance(workspace, workspace.run(run_id))
