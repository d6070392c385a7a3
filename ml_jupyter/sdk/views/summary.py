"""A run as one line of a list."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history.index_rows import Indexed
from ml_jupyter.history.query import RunRow
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.status import TERMINAL
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk.views.values import ms, safe

#: The metric by which a run says how far it is, from 0 to 1.
PROGRESS = "progress"


def run_summary(
    workspace: WorkspaceFolder, row: RunRow, *, can_write: bool = True
) -> Dict[str, Any]:
    """The **run summary** of ``docs/http-api.md``.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where the run is.
    row : RunRow
        What the index knows of it.
    can_write : bool
        Whether the reader may change the run.
    """
    return {
        "id": row.id,
        "workspace_id": workspace.id,
        "number": row.number,
        "experiment_id": row.experiment_id,
        "experiment": row.experiment,
        "display_name": row.display_name or row.experiment,
        "type": row.type,
        "status": row.status,
        "reason": row.reason,
        "parent_id": row.parent_id,
        "root_id": row.root_id,
        "target": row.target,
        "user": row.user,
        "archived": row.archived,
        "created_ms": ms(row.created),
        "started_ms": ms(row.started),
        "ended_ms": ms(row.ended),
        "tags": dict(row.tags),
        "primary_metric": safe(row.primary),
        "progress": _progress(workspace, row),
        "child_count": sum(row.children.values()),
        "children": dict(row.children),
        "can_write": can_write,
    }


def run_row(workspace: WorkspaceFolder, run: RunFolder) -> RunRow:
    """What the index would know of a run, read from its folder and those of its children."""
    indexed = Indexed(run)
    indexed.refresh()
    state, record = run.state(), run.record
    return RunRow(
        id=record.id,
        number=record.number,
        experiment_id=record.experiment_id,
        experiment=record.experiment,
        type=record.type,
        status=state.status,
        reason=state.reason,
        display_name=state.display_name,
        description=state.description,
        parent_id=record.parent_id,
        root_id=record.root_id or record.id,
        target=record.target,
        user=record.user,
        archived=state.archived,
        created=record.created,
        started=state.started,
        ended=state.ended,
        tags=dict(state.tags),
        properties=dict(state.properties),
        primary=indexed.primary(),
        children=_child_states(workspace, run),
    )


def _child_states(workspace: WorkspaceFolder, run: RunFolder) -> Dict[str, int]:
    counts: Dict[str, int] = {}
    for child in run.state().children:
        try:
            status = workspace.run(child, run.record.experiment_id).state().status
        except MlJupyterError:  # deleted meanwhile
            continue
        counts[status] = counts.get(status, 0) + 1
    return counts


def _progress(workspace: WorkspaceFolder, row: RunRow) -> Optional[Dict[str, float]]:
    said = _tagged_progress(row.tags)
    if said is not None or row.status in TERMINAL:
        return said
    try:
        _, last = workspace.run(row.id, row.experiment_id).last_value(PROGRESS)
    except (MlJupyterError, OSError):
        return None
    if isinstance(last, (int, float)) and 0 <= last <= 1:
        return {"step": float(last), "total": 1.0}
    return None


def _tagged_progress(tags: Mapping[str, Optional[str]]) -> Optional[Dict[str, float]]:
    try:
        step, total = float(tags["step"] or ""), float(tags["total_steps"] or "")
    except (KeyError, ValueError):
        return None
    return {"step": step, "total": total} if 0 <= step <= total and 0 < total < 1e18 else None
