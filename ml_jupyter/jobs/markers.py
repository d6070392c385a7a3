"""``queue/`` of a workspace: one marker for each submitted run that waits or runs on some machine.

A marker is written before the run and removed after its end, so that a dispatcher that is started
anew finds whatever there is to do without looking at every run.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import List, Optional

from ml_jupyter._files import storage_failed
from ml_jupyter.exceptions import RunNotFound, WorkspaceException
from ml_jupyter.history.journal import host_name
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder

_ORPHAN_S = 60.0


def add(workspace: WorkspaceLayout, experiment_id: str, run_id: str) -> None:
    """Mark a run as submitted.

    Raises
    ------
    StorageFailed
        The workspace cannot be written to.
    """
    path = workspace.queue / run_id
    try:
        workspace.queue.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{experiment_id}/{run_id}\n", "ascii")
    except OSError as error:
        raise storage_failed(error, path) from error


def remove(run: RunFolder) -> None:
    """Forget a run's marker, if there is one."""
    remove_at(workspace_of(run), run.id)


def remove_at(workspace: WorkspaceLayout, run_id: str) -> None:
    """As ``remove``, for a run that may not exist."""
    with contextlib.suppress(OSError):
        (workspace.queue / run_id).unlink()


def exists(run: RunFolder) -> bool:
    """Whether the run has a marker: it was submitted and has not been brought to its end."""
    return (workspace_of(run).queue / run.id).exists()


def names(workspace: WorkspaceLayout) -> List[str]:
    """Ids of the marked runs, in no order."""
    try:
        return [name for name in os.listdir(str(workspace.queue)) if not name.startswith(".")]
    except OSError:
        return []


def open_marked(workspace: WorkspaceFolder, run_id: str) -> Optional[RunFolder]:
    """The run of a marker, or None; the marker of a run that never came is removed."""
    path = workspace.layout.queue / run_id
    try:
        experiment_id, _, named = path.read_text("ascii").strip().partition("/")
        return workspace.run(run_id, experiment_id) if named == run_id else None
    except RunNotFound:
        if _is_old(path):
            remove_at(workspace.layout, run_id)
        return None
    except (OSError, ValueError, WorkspaceException):
        return None


def workspace_of(run: RunFolder) -> WorkspaceLayout:
    """The workspace that a run lies in."""
    return WorkspaceLayout(run.layout.path.parent.parent.parent)


def machine() -> str:
    """What tells this machine from others that use the same workspace."""
    try:
        return Path("/etc/machine-id").read_text("ascii").strip() or host_name()
    except (OSError, ValueError):
        return host_name()


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _ORPHAN_S
    except OSError:
        return False
