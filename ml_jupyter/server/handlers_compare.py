"""Many runs side by side, in one answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tornado import web

from ml_jupyter.exceptions import RunNotFound, UserErrorException
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.status import TERMINAL
from ml_jupyter.history.summary import Extremes
from ml_jupyter.sdk import views
from ml_jupyter.sdk.views.series import points_each
from ml_jupyter.server import views as server_views
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler
from ml_jupyter.server.workspaces import OpenWorkspace

MOST_RUNS = 200
MOST_METRICS = 24


class CompareHandler(Handler):
    """``workspaces/{ws}/compare``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """Parameters, metrics and environments of the runs that are named."""
        ids = _compared(self.arguments_in_url()["runs"])
        await self.answer_with(self._compare, workspace_id, ids, await self.may("write"))

    def _compare(self, workspace_id: str, ids: list[str], can_write: bool) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        rows = {row.id: row for row in workspace.index.get_many(ids)}
        found = []
        for run_id in ids:
            try:
                run = workspace.run(run_id)
            except RunNotFound:
                continue
            if run_id in rows:
                found.append((run, rows[run_id]))
        known = workspace.index.extremes([row.id for _, row in found if row.status in TERMINAL])

        def extremes_of(run: RunFolder) -> Mapping[str, Extremes]:
            return known[run.id] if run.id in known else _extremes(workspace, run)

        answer = views.comparison(workspace.folder, found, extremes_of, can_write=can_write)
        there = {run.id for run, _ in found}
        return {**answer, "missing": [run_id for run_id in ids if run_id not in there]}


class CompareMetricsHandler(Handler):
    """``workspaces/{ws}/compare/metrics``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """Curves of some metrics of many runs."""
        given = self.arguments_in_url()
        ids = _compared(given["runs"])
        if not 1 <= len(given["names"]) <= MOST_METRICS:
            raise UserErrorException(
                f"{len(given['names'])} metrics cannot be drawn at a time.",
                hint=f"Name 1 to {MOST_METRICS} metrics.",
                details={"field": "names"},
            )
        await self.answer_with(self._read, workspace_id, ids, given["names"], given["points"])

    def _read(
        self, workspace_id: str, ids: list[str], names: list[str], points: int
    ) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        points = points_each(points, len(ids) * len(names))
        series = {}
        for run_id in ids:
            try:
                run = workspace.run(run_id)
            except RunNotFound:
                continue
            series[run_id] = server_views.metrics(workspace, run, names, points)
        return {"series": series}


def _compared(runs: list[str]) -> list[str]:
    ids = list(dict.fromkeys(runs))
    if not 1 <= len(ids) <= MOST_RUNS:
        raise UserErrorException(
            f"{len(ids)} runs cannot be compared.",
            hint=f"Name 1 to {MOST_RUNS} runs.",
            details={"field": "runs"},
        )
    return ids


def _extremes(workspace: OpenWorkspace, run: RunFolder) -> Mapping[str, Extremes]:
    """Of a run that is at work: what the index knows of it may be a moment old."""
    kept = workspace.summaries.of(run)
    with kept.lock:
        kept.metrics.refresh()
        return kept.metrics.extremes()
