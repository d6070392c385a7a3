"""Workspaces and their experiments."""

from __future__ import annotations

from typing import Any

from tornado import web

from ml_jupyter.server import columns, views
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler
from ml_jupyter.server.workspaces import OpenWorkspace


class WorkspacesHandler(Handler):
    """``workspaces``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self) -> None:
        """All workspaces that this user has opened."""
        await self.answer_with(self._list)

    def _list(self) -> dict[str, Any]:
        found = self.services.workspaces.all(fresh=True)
        return {"workspaces": [views.workspace(item) for item in found]}


class BesideHandler(Handler):
    """``workspaces/{ws}/beside``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def post(self, workspace_id: str) -> None:
        """Open the workspace where it lies near a notebook that the caller may read."""
        folder = self.json_body()["folder"]
        if not await self.may("read", "contents"):
            raise web.HTTPError(403)
        await self.answer_with(self._find, workspace_id, folder)

    def _find(self, workspace_id: str, folder: str) -> dict[str, Any]:
        services = self.services
        found = services.workspaces.find_beside(services.root_dir, folder, workspace_id)
        return views.workspace(found)


class ExperimentsHandler(Handler):
    """``workspaces/{ws}/experiments``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """The experiments, oldest first."""
        archived = self.arguments_in_url()["archived"]
        can_write = await self.may("write")
        await self.answer_with(self._list, workspace_id, archived, can_write)

    def _list(self, workspace_id: str, archived: bool, can_write: bool) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        return {"experiments": views.experiments(workspace, archived), "can_write": can_write}


class ExperimentHandler(Handler):
    """``workspaces/{ws}/experiments/{id}``."""

    @web.authenticated
    @authorized("write", "ml_jupyter")
    async def patch(self, workspace_id: str, experiment_id: str) -> None:
        """Archive or bring back, describe, tag."""
        await self.answer_with(self._change, workspace_id, experiment_id, self.json_body())

    def _change(self, workspace_id: str, experiment_id: str, changes: dict[str, Any]) -> Any:
        workspace = self.services.workspaces.get(workspace_id)
        if changes:
            workspace.folder.update_experiment(experiment_id, **changes)
        else:
            workspace.folder.experiment(experiment_id)
        return _one(workspace, experiment_id)


class ExperimentColumnsHandler(Handler):
    """``workspaces/{ws}/experiments/{id}/columns``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, experiment_id: str) -> None:
        """What a table of its runs can show."""
        await self.answer_with(self._names, workspace_id, experiment_id)

    def _names(self, workspace_id: str, experiment_id: str) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        return columns.names(workspace, workspace.folder.experiment(experiment_id))


def _one(workspace: OpenWorkspace, experiment_id: str) -> dict[str, Any]:
    return next(item for item in views.experiments(workspace) if item["id"] == experiment_id)
