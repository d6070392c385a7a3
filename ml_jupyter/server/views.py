"""The JSON that clients get, made by the shared views. Blocking: call from a thread."""

from __future__ import annotations

import dataclasses
from typing import Any

from ml_jupyter.config import Settings
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import finding, queue_view
from ml_jupyter.sdk import views
from ml_jupyter.server import charts, columns
from ml_jupyter.server.workspaces import OpenWorkspace


def workspace(item: OpenWorkspace) -> dict[str, Any]:
    """One entry of the list of workspaces."""
    record = item.folder.record
    return {
        "id": record.id,
        "name": record.name,
        "is_default": item.is_default,
        "created_ms": record.created / 1e6,
    }


def experiments(item: OpenWorkspace, archived: bool | None = None) -> list[dict[str, Any]]:
    """The experiments of a workspace; ``archived`` None: all of them."""
    wanted = (False, True) if archived is None else (archived,)
    return [
        experiment
        for which in wanted
        for experiment in views.experiments_json(item.folder, item.index, archived=which)
    ]


def runs(item: OpenWorkspace, query: RunQuery, can_write: bool) -> dict[str, Any]:
    """A page of run summaries and how many match in all."""
    asked = dataclasses.replace(query, limit=max(1, query.limit))
    page = item.index.query(asked)
    rows = page.rows[: query.limit]
    found = [views.run_summary(item.folder, row, can_write=can_write) for row in rows]
    if query.columns:
        columns.add(item, query.columns, found)
    return {"runs": found, "total": page.total}


def run(item: OpenWorkspace, folder: RunFolder, can_write: bool) -> dict[str, Any]:
    """Detail of a run."""
    row = item.index.get(folder.id)
    kept = item.summaries.of(folder)
    with kept.lock:
        return views.run_detail(
            item.folder,
            folder,
            row=row,
            summaries=kept.metrics,
            use=kept.use,
            can_write=can_write,
        )


def metrics(
    item: OpenWorkspace,
    folder: RunFolder,
    names: list[str] | None,
    points: int,
    x_min: float | None = None,
    x_max: float | None = None,
    axis: str = "step",
) -> list[dict[str, Any]]:
    """Series of a run, thinned.

    Raises
    ------
    UserErrorException
        The range is upside down.
    """
    if x_min is not None and x_max is not None and x_min > x_max:
        raise UserErrorException("x_min is above x_max.", details={"field": "x_min"})
    return charts.series(item.charts, folder, names, points, x_min, x_max, axis)


def files(folder: RunFolder, limit: int) -> dict[str, Any]:
    """Names, sizes and times of a run's files."""
    return views.files_json(folder, limit)


def system(
    item: OpenWorkspace,
    folder: RunFolder,
    names: list[str] | None,
    points: int,
    x_min: float | None = None,
    x_max: float | None = None,
) -> dict[str, Any]:
    """What a run's job used.

    Raises
    ------
    UserErrorException
        The range is upside down.
    """
    if x_min is not None and x_max is not None and x_min > x_max:
        raise UserErrorException("x_min is above x_max.", details={"field": "x_min"})
    kept = item.summaries.of(folder)
    with kept.lock:
        return views.system_json(folder, names, points, x_min, x_max, kept.use)


def found(item: OpenWorkspace, folder: RunFolder) -> dict[str, Any]:
    """Why a run failed."""
    return {"finding": views.safe(finding.of(item.folder.layout, folder))}


def packages(item: OpenWorkspace, folder: RunFolder) -> dict[str, Any]:
    """What was installed where a run ran."""
    found = views.packages_json(item.folder, folder)
    return found or {"python": None, "implementation": None, "packages": []}


def trials(item: OpenWorkspace, folder: RunFolder) -> dict[str, Any]:
    """A sweep and its trials."""
    sweep = item.sweeps.of(folder)
    return {"sweep": sweep.head(), "trials": sweep.rows()}


def importance(item: OpenWorkspace, folder: RunFolder) -> dict[str, Any]:
    """How much each parameter of a sweep mattered."""
    return item.sweeps.of(folder).importance()


def ranks(folder: RunFolder) -> dict[str, Any]:
    """The processes of a distributed job, and the log of all of them."""
    return {"ranks": views.ranks_json(folder), "merged": STD_LOG}


def queue(item: OpenWorkspace, settings: Settings, use: queue_view.ResourceUse) -> dict[str, Any]:
    """What waits in a workspace, and what the machine has for it."""
    slots = queue_view.slot_use(settings)
    return {
        "slots": {"total": slots.total, "free": slots.free},
        "resources": {
            name: {"total": amount.total, "free": amount.free}
            for name, amount in use._asdict().items()
        },
        "entries": [
            _entry(item, entry) for entry in queue_view.queue_entries(item.folder, settings)
        ],
        "ends_with_server": queue_view.ends_with_server(),
    }


def _entry(item: OpenWorkspace, entry: queue_view.QueueEntry) -> dict[str, Any]:
    run = item.run(entry.run_id)
    state = run.state()
    return {
        "run_id": entry.run_id,
        "number": run.record.number,
        "display_name": state.display_name or run.record.experiment,
        "status": state.status,
        "position": entry.position,
        "created_ms": entry.created / 1e6,
        "priority": entry.priority,
        "held": entry.held,
        "needs": entry.request.to_json(),
        "needs_text": entry.request.text,
        "reason": entry.reason or "",
    }
