"""What a user may still change of a run that waits: its place in line, and whether it waits on."""

from __future__ import annotations

from typing import NoReturn, Optional

from ml_jupyter.config import Settings
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.election import ensure_dispatcher
from ml_jupyter.jobs.queue_moves import moves
from ml_jupyter.jobs.queue_view import HELD, PLACE, PRIORITY, waiting_of, waiting_runs

_WAITS = (status.QUEUED, status.PREPARING)


def set_priority(run: RunFolder, priority: int, settings: Settings) -> None:
    """Move a run that waits: higher goes first, equal ones in the order of their submission.

    Raises
    ------
    UserErrorException
        The run does not wait any more.
    """
    _note(run, settings, **{PRIORITY: priority, PLACE: None})


def move(
    workspace: WorkspaceFolder, run_id: str, before: Optional[str], settings: Settings
) -> None:
    """Put a run that waits before another one of its workspace; None: behind all of them.

    It gets the priority that its new place asks for, and counts as submitted between its new
    neighbours (``queue_moves.py``); runs of other workspaces are not touched.

    Raises
    ------
    UserErrorException
        One of the two does not wait any more, or a pool's low priority forbids the place.
    RunNotFound
        There is no such run.
    """
    runs = waiting_runs(workspace)
    for name in (run_id, before):
        if name is not None and name not in runs:
            _refuse(workspace.run(name))
    for change in moves([waiting_of(run) for run in runs.values()], run_id, before):
        runs[change.run_id].note(**{PRIORITY: change.priority, PLACE: change.place})
    ensure_dispatcher(settings)


def hold(run: RunFolder, settings: Settings) -> None:
    """Let a run wait until it is released; others go past.

    Raises
    ------
    UserErrorException
        The run does not wait any more.
    """
    _note(run, settings, **{HELD: True})


def release(run: RunFolder, settings: Settings) -> None:
    """Let a run that was held go on in its place; again does nothing.

    Raises
    ------
    UserErrorException
        The run does not wait any more.
    """
    _note(run, settings, **{HELD: False})


def _note(run: RunFolder, settings: Settings, **orders: object) -> None:
    if run.state().status not in _WAITS:
        _refuse(run)
    run.note(**orders)
    ensure_dispatcher(settings)


def _refuse(run: RunFolder) -> NoReturn:
    now = run.state().status
    raise UserErrorException(f"Run {run.id} does not wait in the queue: it is {now}.")
