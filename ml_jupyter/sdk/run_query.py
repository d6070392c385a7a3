"""Asking the index for runs, one page after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Iterator, Optional, Set

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.status import ALL
from ml_jupyter.sdk import labels

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run
    from ml_jupyter.sdk.workspace import Workspace

_PAGE = 500


def of(
    *,
    type: Optional[str] = None,
    tags: Any = None,
    properties: Any = None,
    status: Any = None,
    top_level: bool = True,
) -> RunQuery:
    """A query from what users pass.

    Raises
    ------
    UserErrorException
        Labels that are neither text nor dict, or an unknown state.
    """
    return RunQuery(
        type=type,
        tags=labels.wanted_labels(tags, "tags"),
        properties=labels.wanted_labels(properties, "properties"),
        status=_states(status),
        top_level=top_level,
    )


def within(query: RunQuery, experiment_id: str) -> RunQuery:
    """The query, for one experiment."""
    return replace(query, experiment_id=experiment_id)


def runs(workspace: Workspace, query: RunQuery) -> Iterator[Run]:
    """The runs that match, newest first. Their folders are opened only when they are used.

    Runs that are made while the iterator is in use do not make it give one twice.
    """
    from ml_jupyter.sdk.run import Run

    given: Set[str] = set()
    offset = 0
    while True:
        rows = workspace._index.query(replace(query, limit=_PAGE, offset=offset)).rows
        for row in rows:
            if row.id not in given:
                given.add(row.id)
                yield Run._of_row(workspace, row)
        if len(rows) < _PAGE:
            return
        offset += _PAGE


def children(workspace: Workspace, above: Run, query: RunQuery, recursive: bool) -> Iterator[Run]:
    """The runs below a run that match: direct children, or all descendants, newest first."""
    if not recursive:
        yield from runs(workspace, replace(query, parent=above.id))
        return
    root = above._folder.record.root_id or above.id
    below = None if root == above.id else set(workspace._index.descendants(above.id))
    for run in runs(workspace, replace(query, root=root)):
        if below is None or run.id in below:
            yield run


def _states(status: Any) -> tuple[str, ...]:
    if status is None:
        return ()
    wanted = (status,) if isinstance(status, str) else tuple(status)
    unknown = [item for item in wanted if item not in ALL]
    if unknown:
        raise UserErrorException(
            f"status: {unknown[0]!r} is not a state of a run.",
            hint=f"Use {', '.join(sorted(ALL))}.",
        )
    return wanted
