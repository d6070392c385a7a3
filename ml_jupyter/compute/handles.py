"""Handles of runs that are recorded in a workspace: what every target can do with its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Sequence

from ml_jupyter.compute.base import Handle, Location
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import RunNotFound
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.settle import settle_if_lost


def handle_of(name: str, kind: str, workspace: WorkspaceFolder, run: RunFolder) -> Dict[str, str]:
    """The handle of a run."""
    return {
        "target": name,
        "kind": kind,
        "workspace": str(workspace.layout.root),
        "experiment_id": run.record.experiment_id,
        "run_id": run.id,
    }


def run_of(handle: Handle) -> RunFolder:
    """The run of a handle.

    Raises
    ------
    RunNotFound
        There is no such run, or the handle is not whole.
    """
    try:
        workspace = WorkspaceFolder(Path(handle["workspace"]))
        return workspace.run(handle["run_id"], handle["experiment_id"])
    except KeyError as error:
        raise RunNotFound(f"The handle of a job lacks {error}.") from error


def states(handles: Sequence[Handle], settings: Settings) -> List[str]:
    """The state of each run, in order; those whose owner is gone are settled first.

    Raises
    ------
    RunNotFound
        There is no run (any more) for one of them.
    """
    found = []
    for handle in handles:
        run = run_of(handle)
        settle_if_lost(run, settings)
        found.append(run.state().status)
    return found


def locate(handle: Handle) -> Location:
    """Where the streams of a run are.

    Raises
    ------
    RunNotFound
        There is no such run.
    """
    layout = run_of(handle).layout
    return Location(layout.path, layout.files / STD_LOG, layout.files)
