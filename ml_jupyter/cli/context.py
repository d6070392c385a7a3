"""Which workspace a command means."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout

from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.workspace import Workspace


def workspace(name: str | None) -> Workspace:
    """The workspace called ``name``; None: as ``Workspace.from_config`` finds it.

    Raises
    ------
    WorkspaceNotFound
        There is none of this name.
    """
    if name is not None:
        return Workspace.get(name)
    with redirect_stdout(sys.stderr):  # a notice must not stand before the JSON
        return Workspace.from_config()


def run(workspace_name: str | None, run_id: str) -> Run:
    """A run of the workspace.

    Raises
    ------
    RunNotFound
        There is none of this id.
    """
    return Run.get(workspace(workspace_name), run_id)
