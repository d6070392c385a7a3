"""Which workspace a command means."""

from __future__ import annotations

import io
import os
import sys
from contextlib import AbstractContextManager, redirect_stdout
from pathlib import Path
from typing import Any

from ml_jupyter.cli import defaults, output
from ml_jupyter.exceptions import RunNotFound
from ml_jupyter.sdk import opening, workspace_config
from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.workspace import Workspace


def workspace(name: str | None) -> Workspace:
    """The workspace called ``name``.

    Without a name it is that of the job around, of a ``config.json`` from here upwards, of ``mlj
    configure``, or the user's default one, in this order.

    Raises
    ------
    WorkspaceNotFound
        There is none of this name.
    """
    if name is None and not _is_named_here():
        name = defaults.get("workspace")
    if name is not None:
        return Workspace.get(name)
    with notices_aside():  # a notice must not stand before the JSON
        return Workspace.from_config()


def notices_aside() -> AbstractContextManager[Any]:
    """Everything that is printed inside goes to standard error: the result stands alone.

    With ``--only-show-errors`` it goes nowhere.
    """
    return redirect_stdout(io.StringIO() if output.is_quiet() else sys.stderr)


def run(workspace_name: str | None, run_id: str, experiment_name: str | None = None) -> Run:
    """A run of the workspace, and of the experiment when one is named.

    Raises
    ------
    RunNotFound
        There is none of this id.
    """
    found = Run.get(workspace(workspace_name), run_id)
    if experiment_name is not None and found.experiment.name != experiment_name:
        raise RunNotFound(
            f"Run {run_id} belongs to experiment {found.experiment.name!r}, not "
            f"{experiment_name!r}."
        )
    return found


def _is_named_here() -> bool:
    if os.environ.get(opening.WORKSPACE_VARIABLE):
        return True
    return workspace_config.find(Path.cwd()) is not None
