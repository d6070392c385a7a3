"""What a user may still change of a run that waits: its priority, and whether it waits on."""

from __future__ import annotations

from ml_jupyter.config import Settings
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs.election import ensure_dispatcher
from ml_jupyter.jobs.queue_view import HELD, PRIORITY

_WAITS = (status.QUEUED, status.PREPARING)


def set_priority(run: RunFolder, priority: int, settings: Settings) -> None:
    """Move a run that waits: higher goes first, equal ones in the order of their submission.

    Raises
    ------
    UserErrorException
        The run does not wait any more.
    """
    _note(run, settings, PRIORITY, priority)


def hold(run: RunFolder, settings: Settings) -> None:
    """Let a run wait until it is released; others go past.

    Raises
    ------
    UserErrorException
        The run does not wait any more.
    """
    _note(run, settings, HELD, True)


def release(run: RunFolder, settings: Settings) -> None:
    """Let a run that was held go on in its place; again does nothing.

    Raises
    ------
    UserErrorException
        The run does not wait any more.
    """
    _note(run, settings, HELD, False)


def _note(run: RunFolder, settings: Settings, key: str, value: object) -> None:
    now = run.state().status
    if now not in _WAITS:
        raise UserErrorException(f"Run {run.id} does not wait in the queue: it is {now}.")
    run.note(**{key: value})
    ensure_dispatcher(settings)
