"""Ending a run by hand: complete, fail, cancel (surface 4.2, 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Optional

from ml_jupyter.exceptions import RunFinished, StorageFailed
from ml_jupyter.history import status
from ml_jupyter.jobs.submit import cancel as cancel_job
from ml_jupyter.jobs.submit import discard
from ml_jupyter.sdk.notices import warn, warn_safely
from ml_jupyter.sdk.ownership import OWNERSHIP, facts_of

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run

_WAITING = (status.QUEUED, status.NOT_STARTED)


def complete(run: Run) -> None:
    """Completed; nothing when it is already.

    Raises
    ------
    RunFinished
        It is Failed or Canceled.
    """
    now = run._folder.state().status
    if now == status.COMPLETED:
        return
    if now in status.TERMINAL:
        raise RunFinished(f"Run {run.id} is {now} and cannot be completed.")
    OWNERSHIP.collect(run.id)
    try:
        run._folder.set_status(status.COMPLETED)
    except StorageFailed as error:  # tried again when the process ends
        warn_safely(f"The end of run {run.id} could not be recorded: {error.message}")
        return
    OWNERSHIP.drop(run.id)


def fail(run: Run, details: Any, code: Optional[str]) -> None:
    """Failed, with the error kept; the supervisor of a job sees the state and stops it."""
    folder = run._folder
    now = folder.state().status
    if now in (status.FAILED, status.CANCELED):
        warn(f"Run {run.id} is {now} already; the new error is not kept.")
        return
    OWNERSHIP.collect(run.id)
    facts = facts_of(details, code)
    if not details:
        facts["reason"] = "Marked as failed by the user."
    if folder.move_if(_WAITING, status.FAILED, **facts):
        discard(folder)
    elif not _recorded(run, facts):
        return
    OWNERSHIP.drop(run.id)


def _recorded(run: Run, facts: Dict[str, Any]) -> bool:
    """Whether the failure could be recorded; if not, it is tried again when the process ends."""
    try:
        run._folder.set_status(status.FAILED, **facts)
    except StorageFailed as error:
        owned = OWNERSHIP.get(run.id)
        if owned is None:
            raise
        owned.failure = facts  # an error of ours must not hide the one that the run failed with
        warn_safely(f"The end of run {run.id} could not be recorded: {error.message}")
        return False
    return True


def cancel(run: Run) -> None:
    """Ask for the end without waiting; a warning when it has ended, or is past cancelling."""
    folder = run._folder
    now = folder.state().status
    if now in status.TERMINAL or now == status.FINALIZING:
        warn(f"Run {run.id} is {now} and cannot be canceled.")
        return
    OWNERSHIP.collect(run.id)
    cancel_job(folder, run._workspace._settings)
    if OWNERSHIP.get(run.id) is not None:
        OWNERSHIP.drop(run.id)
