"""Registered models, and the services that answer with them."""

from __future__ import annotations

from typing import Any

from tornado import web

from ml_jupyter.server import model_views
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler
from ml_jupyter.server.handlers_files import FileAnswer
from ml_jupyter.server.run_files import RunFile


class ModelsHandler(Handler):
    """``workspaces/{ws}/models``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """The newest version of each model, or all versions that a run registered."""
        run = self.arguments_in_url()["run"]
        can_delete = await self.may("execute")
        await self.answer_with(self._list, workspace_id, run, can_delete)

    def _list(self, workspace_id: str, run: str | None, can_delete: bool) -> dict[str, Any]:
        found = model_views.models(self.services.workspaces.get(workspace_id), run)
        return {"models": found, "can_delete": can_delete}


class ModelHandler(Handler):
    """``workspaces/{ws}/models/{name}``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, name: str) -> None:
        """All versions of a model."""
        can_delete = await self.may("execute")
        await self.answer_with(self._versions, workspace_id, name, can_delete)

    def _versions(self, workspace_id: str, name: str, can_delete: bool) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        return {"versions": model_views.versions(workspace, name), "can_delete": can_delete}


class ModelVersionHandler(Handler):
    """``workspaces/{ws}/models/{name}/{version}``."""

    @web.authenticated
    @authorized("execute", "ml_jupyter")
    async def delete(self, workspace_id: str, name: str, version: str) -> None:
        """Delete a version that no service answers with."""
        await self.work(self._delete, workspace_id, name, model_views.version_number(version))
        self.set_status(204)
        self.finish()

    def _delete(self, workspace_id: str, name: str, version: int) -> None:
        model_views.delete_model(self.services.workspaces.get(workspace_id), name, version)


class ModelFileHandler(FileAnswer):
    """``workspaces/{ws}/models/{name}/{version}/files/{path}``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, name: str, version: str, path: str) -> None:
        """A file, or the range of it that the header asks for."""
        await self._send(self._open, workspace_id, name, version, path)

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def head(self, workspace_id: str, name: str, version: str, path: str) -> None:
        """The headers of a file."""
        await self._send(self._open, workspace_id, name, version, path)

    def _open(self, workspace_id: str, name: str, version: str, path: str) -> RunFile:
        workspace = self.services.workspaces.get(workspace_id)
        return model_views.open_file(workspace, name, model_views.version_number(version), path)


class ServicesHandler(Handler):
    """``workspaces/{ws}/services``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """The services of a workspace."""
        can_delete = await self.may("execute")
        await self.answer_with(self._list, workspace_id, can_delete)

    def _list(self, workspace_id: str, can_delete: bool) -> dict[str, Any]:
        found = model_views.services(self.services.workspaces.get(workspace_id))
        return {"services": found, "can_delete": can_delete}


class ServiceHandler(Handler):
    """``workspaces/{ws}/services/{name}``."""

    @web.authenticated
    @authorized("execute", "ml_jupyter")
    async def delete(self, workspace_id: str, name: str) -> None:
        """Stop a service and forget it."""
        await self.work(self._delete, workspace_id, name)
        self.set_status(204)
        self.finish()

    def _delete(self, workspace_id: str, name: str) -> None:
        model_views.delete_service(self.services.workspaces.get(workspace_id), name)
