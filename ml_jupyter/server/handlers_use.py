"""What a run used, why it failed, and its processes."""

from __future__ import annotations

from typing import Any

from tornado import web

from ml_jupyter.server import views
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler


class SystemHandler(Handler):
    """``workspaces/{ws}/runs/{run}/system``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """Series of what the job and its GPUs used, thinned to a number of points."""
        await self.answer_with(self._series, workspace_id, run_id, self.arguments_in_url())

    def _series(self, workspace_id: str, run_id: str, wanted: dict[str, Any]) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        names = wanted.pop("names") or None
        return views.system(workspace, workspace.run(run_id), names, **wanted)


class FindingHandler(Handler):
    """``workspaces/{ws}/runs/{run}/finding``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """Why a run failed, and what to do."""
        await self.answer_with(self._finding, workspace_id, run_id)

    def _finding(self, workspace_id: str, run_id: str) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        return views.found(workspace, workspace.run(run_id))


class RanksHandler(Handler):
    """``workspaces/{ws}/runs/{run}/ranks``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """The processes of a distributed job, each with its log."""
        await self.answer_with(self._ranks, workspace_id, run_id)

    def _ranks(self, workspace_id: str, run_id: str) -> dict[str, Any]:
        return views.ranks(self.services.workspaces.get(workspace_id).run(run_id))
