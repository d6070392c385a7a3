"""Registered models, and the services that answer with them."""

from __future__ import annotations

from typing import Any

from tornado import web

from ml_jupyter.server import model_views
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler


class ModelsHandler(Handler):
    """``workspaces/{ws}/models``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """The newest version of each model."""
        await self.answer_with(self._list, workspace_id)

    def _list(self, workspace_id: str) -> dict[str, Any]:
        return {"models": model_views.models(self.services.workspaces.get(workspace_id))}


class ModelHandler(Handler):
    """``workspaces/{ws}/models/{name}``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, name: str) -> None:
        """All versions of a model."""
        await self.answer_with(self._versions, workspace_id, name)

    def _versions(self, workspace_id: str, name: str) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        return {"versions": model_views.versions(workspace, name)}


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


class ServicesHandler(Handler):
    """``workspaces/{ws}/services``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """The services of a workspace."""
        await self.answer_with(self._list, workspace_id)

    def _list(self, workspace_id: str) -> dict[str, Any]:
        return {"services": model_views.services(self.services.workspaces.get(workspace_id))}


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
