"""The runs of a compute target that have not ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from ml_jupyter.history.status import ALL, TERMINAL
from ml_jupyter.sdk import run_query

if TYPE_CHECKING:
    from ml_jupyter.sdk.compute import ComputeTarget
    from ml_jupyter.sdk.run import Run


def active_runs(
    target: ComputeTarget, type: Any, tags: Any, properties: Any, status: Any
) -> Iterator[Run]:
    """Runs on ``target`` in one of the states ``status``, or in any that is not final."""
    query = run_query.of(
        type=type,
        tags=tags,
        properties=properties,
        status=sorted(ALL - TERMINAL) if status is None else status,
        top_level=False,
    )
    for run in run_query.runs(target.workspace, query):
        row = run._row
        if row is not None and row.target == target.name:
            yield run
