"""Saved views: which runs, columns, filters and charts a page shows, under a name."""

from __future__ import annotations

from typing import Any

from tornado import web

from ml_jupyter.history.saved_views import SavedView, SavedViews
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler


class _ViewHandler(Handler):
    def views(self, workspace_id: str) -> SavedViews:
        """The saved views of a workspace."""
        return SavedViews(self.services.workspaces.get(workspace_id).folder.layout)

    @property
    def user(self) -> str:
        """Name of the person who asks."""
        user = self.current_user
        return str(getattr(user, "name", None) or getattr(user, "username", None) or "")


class ViewsHandler(_ViewHandler):
    """``workspaces/{ws}/views``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """The views, changed last first, without their content."""
        kind = self.arguments_in_url()["kind"]
        await self.answer_with(self._list, workspace_id, kind, await self.may("write"))

    def _list(self, workspace_id: str, kind: str | None, can_write: bool) -> dict[str, Any]:
        found = self.views(workspace_id).all(kind)
        return {"views": [_entry(item, can_write) for item in found]}

    @web.authenticated
    @authorized("write", "ml_jupyter")
    async def post(self, workspace_id: str) -> None:
        """Save a new one."""
        await self.answer_with(self._create, workspace_id, self.json_body(), self.user)

    def _create(self, workspace_id: str, body: dict[str, Any], user: str) -> dict[str, Any]:
        views = self.views(workspace_id)
        return _whole(views.create(body["kind"], body["name"], body["content"], user), True)


class ViewHandler(_ViewHandler):
    """``workspaces/{ws}/views/{id}``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, view_id: str) -> None:
        """One view with its content."""
        await self.answer_with(self._get, workspace_id, view_id, await self.may("write"))

    def _get(self, workspace_id: str, view_id: str, can_write: bool) -> dict[str, Any]:
        return _whole(self.views(workspace_id).get(view_id), can_write)

    @web.authenticated
    @authorized("write", "ml_jupyter")
    async def patch(self, workspace_id: str, view_id: str) -> None:
        """Change it, when nobody else has since it was read."""
        await self.answer_with(self._change, workspace_id, view_id, self.json_body(), self.user)

    def _change(
        self, workspace_id: str, view_id: str, body: dict[str, Any], user: str
    ) -> dict[str, Any]:
        revision = body.pop("revision")
        return _whole(self.views(workspace_id).update(view_id, revision, user, **body), True)

    @web.authenticated
    @authorized("write", "ml_jupyter")
    async def delete(self, workspace_id: str, view_id: str) -> None:
        """Delete it."""
        await self.work(self._delete, workspace_id, view_id)
        self.set_status(204)
        self.finish()

    def _delete(self, workspace_id: str, view_id: str) -> None:
        self.views(workspace_id).delete(view_id)


def _entry(view: SavedView, can_write: bool) -> dict[str, Any]:
    return {
        "id": view.id,
        "name": view.name,
        "kind": view.kind,
        "revision": view.revision,
        "created_ms": view.created / 1e6,
        "modified_ms": view.modified / 1e6,
        "user": view.user,
        "can_write": can_write,
    }


def _whole(view: SavedView, can_write: bool) -> dict[str, Any]:
    return {**_entry(view, can_write), "content": view.content}
