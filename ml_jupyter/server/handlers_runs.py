"""Runs: lists, one run, and what may be done to it."""

from __future__ import annotations

from typing import Any

from tornado import web

from ml_jupyter.history import trash
from ml_jupyter.jobs import queue_orders
from ml_jupyter.jobs import submit as jobs
from ml_jupyter.server import submission, views
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler
from ml_jupyter.server.run_query import query_of


class RunsHandler(Handler):
    """``workspaces/{ws}/runs``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """A page of the runs that match."""
        query = query_of(self.arguments_in_url())
        can_write = await self.may("write")
        await self.answer_with(self._page, workspace_id, query, can_write)

    def _page(self, workspace_id: str, query: Any, can_write: bool) -> dict[str, Any]:
        page = views.runs(self.services.workspaces.get(workspace_id), query, can_write)
        return {**page, "offset": query.offset, "limit": query.limit}

    @web.authenticated
    @authorized("execute", "ml_jupyter")
    async def post(self, workspace_id: str) -> None:
        """Submit a script or a command."""
        can_write = await self.may("write")
        await self.answer_with(self._submit, workspace_id, self.json_body(), can_write)

    def _submit(self, workspace_id: str, body: dict[str, Any], can_write: bool) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        run_id = submission.submit(workspace, self.services.root_dir, body)
        return views.run(workspace, workspace.run(run_id), can_write)


class RunHandler(Handler):
    """``workspaces/{ws}/runs/{run}``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """All that is known of a run."""
        can_write = await self.may("write")
        await self.answer_with(self._detail, workspace_id, run_id, can_write)

    def _detail(self, workspace_id: str, run_id: str, can_write: bool) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        run = workspace.run(run_id)
        if run.is_lost():
            jobs.settle_if_lost(run, self.services.settings)
        return views.run(workspace, run, can_write)

    @web.authenticated
    @authorized("write", "ml_jupyter")
    async def patch(self, workspace_id: str, run_id: str) -> None:
        """Rename, describe, tag, archive."""
        await self.answer_with(self._change, workspace_id, run_id, self.json_body())

    def _change(self, workspace_id: str, run_id: str, body: dict[str, Any]) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        run = workspace.run(run_id)
        details = {k: body[k] for k in ("display_name", "description", "archived") if k in body}
        if details:
            run.set_details(**details)
        run.set_tags(body.get("tags", {}))
        if body.get("remove_tags"):
            run.remove_tags(body["remove_tags"])
        return views.run(workspace, run, can_write=True)

    @web.authenticated
    @authorized("execute", "ml_jupyter")
    async def delete(self, workspace_id: str, run_id: str) -> None:
        """Move an ended run to the trash."""
        await self.work(self._delete, workspace_id, run_id)
        self.set_status(204)
        self.finish()

    def _delete(self, workspace_id: str, run_id: str) -> None:
        workspace = self.services.workspaces.get(workspace_id)
        trash.delete_run(workspace.folder, workspace.run(run_id))


class PackagesHandler(Handler):
    """``workspaces/{ws}/runs/{run}/packages``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """The packages that were installed where the run ran."""
        await self.answer_with(self._packages, workspace_id, run_id)

    def _packages(self, workspace_id: str, run_id: str) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        return views.packages(workspace, workspace.run(run_id))


class CancelHandler(Handler):
    """``workspaces/{ws}/runs/{run}/cancel``."""

    @web.authenticated
    @authorized("execute", "ml_jupyter")
    async def post(self, workspace_id: str, run_id: str) -> None:
        """Ask for a run's end; answers at once."""
        can_write = await self.may("write")
        await self.answer_with(self._cancel, workspace_id, run_id, can_write)

    def _cancel(self, workspace_id: str, run_id: str, can_write: bool) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        run = workspace.run(run_id)
        jobs.cancel(run, self.services.settings)
        return views.run(workspace, run, can_write)


class QueuePlaceHandler(Handler):
    """``workspaces/{ws}/runs/{run}/queue``."""

    @web.authenticated
    @authorized("execute", "ml_jupyter")
    async def patch(self, workspace_id: str, run_id: str) -> None:
        """Change the priority of a run that waits, hold it, or release it."""
        can_write = await self.may("write")
        await self.answer_with(self._order, workspace_id, run_id, self.json_body(), can_write)

    def _order(
        self, workspace_id: str, run_id: str, body: dict[str, Any], can_write: bool
    ) -> dict[str, Any]:
        workspace, settings = self.services.workspaces.get(workspace_id), self.services.settings
        run = workspace.run(run_id)
        if "priority" in body:
            queue_orders.set_priority(run, body["priority"], settings)
        if "held" in body:
            order = queue_orders.hold if body["held"] else queue_orders.release
            order(run, settings)
        return views.run(workspace, run, can_write)


class RerunHandler(Handler):
    """``workspaces/{ws}/runs/{run}/rerun``."""

    @web.authenticated
    @authorized("execute", "ml_jupyter")
    async def post(self, workspace_id: str, run_id: str) -> None:
        """Submit the same definition and snapshot again."""
        can_write = await self.may("write")
        await self.answer_with(self._rerun, workspace_id, run_id, can_write)

    def _rerun(self, workspace_id: str, run_id: str, can_write: bool) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        again = jobs.rerun(workspace.folder, self.services.settings, workspace.run(run_id))
        return views.run(workspace, again, can_write)
