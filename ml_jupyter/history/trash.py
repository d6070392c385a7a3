"""Deleting runs without regret: they go to the workspace's trash and are purged later."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import List, NamedTuple, Optional

from ml_jupyter import _time
from ml_jupyter._files import storage_failed
from ml_jupyter.exceptions import NameTaken, RunLocked, RunNotFound, UserErrorException
from ml_jupyter.history import lock
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.status import TERMINAL
from ml_jupyter.history.workspace import WorkspaceFolder

#: A supervisor holds its run's lock for a moment after the run's end.
_LAST_STEPS_S = 5.0
_DAY_NS = 86_400 * 1_000_000_000


class TrashedRun(NamedTuple):
    """A deleted run: where it lies, what it was, and when it was deleted (in nanoseconds)."""

    path: Path
    experiment_id: str
    run_id: str
    deleted: int


def delete_run(workspace: WorkspaceFolder, run: RunFolder) -> Path:
    """Move an ended run to the trash; returns where it lies there.

    Raises
    ------
    UserErrorException
        The run has not ended, or runs that were made in it have not and share its lock.
    """
    if run.state().status not in TERMINAL:
        raise UserErrorException(
            f"Run {run.id} is {run.state().status}.", hint="Cancel it before deleting it."
        )
    try:
        held = lock.acquire(run.layout.lock, _LAST_STEPS_S)
    except RunLocked as error:
        raise UserErrorException(
            f"Runs that were made in run {run.id} are still going on.",
            hint="Wait for their end, or cancel them.",
        ) from error
    if sys.platform == "win32":  # which moves no folder that holds an open file
        held.release()
        return _move(workspace, run)
    try:
        return _move(workspace, run)
    finally:
        held.release()


def _move(workspace: WorkspaceFolder, run: RunFolder) -> Path:
    target = workspace.layout.trash / f"{_time.now_ns()}~{run.record.experiment_id}~{run.id}"
    try:
        workspace.layout.trash.mkdir(exist_ok=True)
        os.rename(str(run.layout.path), str(target))
    except OSError as error:
        raise storage_failed(error, target) from error
    workspace.journal.note([(run.record.experiment_id, run.id)])
    return target


def trashed(workspace: WorkspaceFolder) -> List[TrashedRun]:
    """What lies in the trash, newest first."""
    found = []
    if workspace.layout.trash.is_dir():
        for path in workspace.layout.trash.iterdir():
            parts = path.name.split("~", 2)
            if len(parts) == 3 and parts[0].isdigit():
                found.append(TrashedRun(path, parts[1], parts[2], int(parts[0])))
    return sorted(found, key=lambda item: -item.deleted)


def restore_run(workspace: WorkspaceFolder, run_id: str) -> RunFolder:
    """Bring the newest deleted run of this id back.

    Raises
    ------
    RunNotFound
        It is not in the trash.
    NameTaken
        Another run has got its id since.
    """
    for item in trashed(workspace):
        if item.run_id == run_id:
            layout = workspace.layout.run(item.experiment_id, run_id)
            if layout.path.exists():
                raise NameTaken(f"There is another run {run_id!r} now.")
            layout.path.parent.mkdir(parents=True, exist_ok=True)
            os.rename(str(item.path), str(layout.path))
            workspace.journal.note([(item.experiment_id, run_id)])
            return workspace.run(run_id, item.experiment_id)
    raise RunNotFound(f"Run {run_id!r} is not in the trash.")


def purge(workspace: WorkspaceFolder, older_than_days: float, now: Optional[int] = None) -> int:
    """Remove what was deleted more than ``older_than_days`` ago for good; returns the bytes won."""
    limit = (_time.now_ns() if now is None else now) - int(older_than_days * _DAY_NS)
    won = 0
    for item in trashed(workspace):
        if item.deleted <= limit:
            won += tree_bytes(item.path)
            shutil.rmtree(str(item.path), ignore_errors=True)
    return won


def tree_bytes(path: Path) -> int:
    """Bytes of all files below ``path``."""
    total = 0
    for folder, _, names in os.walk(str(path)):
        for name in names:
            try:
                total += os.lstat(os.path.join(folder, name)).st_size
            except OSError:
                continue
    return total
