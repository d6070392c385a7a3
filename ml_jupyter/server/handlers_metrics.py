"""Metrics of a run, thinned for charts."""

from __future__ import annotations

from typing import Any

from tornado import web

from ml_jupyter.server import views
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler


class MetricsHandler(Handler):
    """``workspaces/{ws}/runs/{run}/metrics``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """Scalar series thinned to a number of points; other metrics as their newest entries."""
        await self.answer_with(self._series, workspace_id, run_id, self.arguments_in_url())

    def _series(self, workspace_id: str, run_id: str, wanted: dict[str, Any]) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        run = workspace.run(run_id)
        names = wanted["names"] or None
        return {"series": views.metrics(workspace, run, **{**wanted, "names": names})}
