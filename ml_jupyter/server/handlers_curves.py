"""All children of a run for one chart a metric: who they are, and their curves."""

from __future__ import annotations

from typing import Any

from tornado import web

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.views.series import points_each
from ml_jupyter.server import many_curves
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler
from ml_jupyter.server.short_series import View

MOST_METRICS = 24


class ChildrenHandler(Handler):
    """``workspaces/{ws}/runs/{run}/children``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """Who the children are, what they logged, and the settings in which they differ."""
        await self.answer_with(self._read, workspace_id, run_id)

    def _read(self, workspace_id: str, run_id: str) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        rows, total = many_curves.children(workspace, workspace.run(run_id).id)
        return many_curves.head(workspace, rows, total)


class ChildCurvesHandler(Handler):
    """``workspaces/{ws}/runs/{run}/children/curves``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """Some metrics of all children, few points a curve."""
        given = self.arguments_in_url()
        names, view = given["names"], View(*(given[key] for key in View._fields))
        if not 1 <= len(names) <= MOST_METRICS:
            raise UserErrorException(
                f"{len(names)} metrics cannot be drawn at a time.",
                hint=f"Name 1 to {MOST_METRICS} metrics.",
                details={"field": "names"},
            )
        if view.x_min is not None and view.x_max is not None and view.x_min > view.x_max:
            raise UserErrorException("x_min is above x_max.", details={"field": "x_min"})
        await self.answer_with(self._read, workspace_id, run_id, names, view)

    def _read(self, workspace_id: str, run_id: str, names: list[str], view: View) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        rows, _ = many_curves.children(workspace, workspace.run(run_id).id)
        view = view._replace(points=points_each(view.points, len(rows) * len(names)))
        return {
            "ids": [row.id for row in rows],
            "curves": many_curves.packed(workspace, rows, names, view),
        }
