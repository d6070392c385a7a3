"""Which workspace a command means."""

from __future__ import annotations

from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.workspace import Workspace


def workspace(name: str | None) -> Workspace:
    """The workspace called ``name``; None: as ``Workspace.from_config`` finds it.

    Raises
    ------
    WorkspaceNotFound
        There is none of this name.
    """
    return Workspace.from_config() if name is None else Workspace.get(name)


def run(workspace_name: str | None, run_id: str) -> Run:
    """A run of the workspace.

    Raises
    ------
    RunNotFound
        There is none of this id.
    """
    return Run.get(workspace(workspace_name), run_id)
