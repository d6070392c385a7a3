"""What ran when on which GPUs and cores, and how long it waited: from the runs themselves."""

from __future__ import annotations

from typing import Any

from ml_jupyter import _time
from ml_jupyter.history import status
from ml_jupyter.history.query import RunQuery, RunRow
from ml_jupyter.server.spans import SPANS
from ml_jupyter.server.workspaces import OpenWorkspace

#: Runs that a view gets at most; the newest ends.
MOST_RUNS = 500
_LIVE = tuple(sorted(status.OWNED - {status.PREPARING}))
_ENDED = tuple(sorted(status.TERMINAL))


def queue_history(item: OpenWorkspace, span: str) -> dict[str, Any]:
    """The **queue history** of ``docs/http-api.md``: runs that were at work in the span.

    Parameters
    ----------
    item : OpenWorkspace
        Whose runs.
    span : str
        ``hour``, ``day`` or ``week``.
    """
    until = _time.now_ns() / 1e6
    since = until - SPANS[span]
    live = _rows(item, _LIVE, "-created")
    ended = [row for row in _rows(item, _ENDED, "-ended") if (row.ended or 0) / 1e6 >= since]
    found = [entry for row in [*live, *ended] if (entry := _entry(item, row)) is not None]
    found.sort(key=lambda entry: entry["started_ms"])
    return {
        "span": span,
        "from_ms": since,
        "to_ms": until,
        "runs": found,
        "truncated": max(len(live), len(ended)) >= MOST_RUNS,
    }


def _rows(item: OpenWorkspace, states: tuple[str, ...], order: str) -> list[RunRow]:
    query = RunQuery(status=states, top_level=False, sort=order, limit=MOST_RUNS)
    return item.index.query(query).rows


def _entry(item: OpenWorkspace, row: RunRow) -> dict[str, Any] | None:
    """A run that the queue had placed; None: it never was, or it is gone."""
    if row.started is None:
        return None
    run = item.run(row.id)
    placement = run.state().facts.get("placement")
    nodes = placement.get("nodes") if isinstance(placement, dict) else None
    if not nodes:
        return None
    return {
        "run_id": row.id,
        "number": row.number,
        "display_name": row.display_name,
        "status": row.status,
        "created_ms": row.created / 1e6,
        "started_ms": row.started / 1e6,
        "ended_ms": None if row.ended is None else row.ended / 1e6,
        "waited_ms": max(0.0, (row.started - row.created) / 1e6),
        "cpus": sum(int(node.get("cpus", 0)) for node in nodes),
        "gpus": sorted({str(uuid) for node in nodes for uuid in node.get("gpus", ())}),
    }
