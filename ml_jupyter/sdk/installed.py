"""Noting which packages an interactive run finds installed, while its process goes on."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Dict

from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import inventory, packages
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder

if TYPE_CHECKING:
    from ml_jupyter.config import Settings

#: For so long who asks for the packages of a run of this process waits for them.
_PATIENCE_S = 5.0
_going_on: Dict[str, threading.Thread] = {}


def note(workspace: WorkspaceFolder, run: RunFolder, settings: Settings) -> None:
    """Note the packages of this process with a run.

    What is remembered is noted at once; else a thread looks, which the exit waits for.
    """
    python = inventory.ThisProcess(settings.cache)
    found = python.recall()
    if found is not None:
        with suppress(MlJupyterError, OSError):  # a run without it is better than none
            packages.store(workspace.layout, found.fact["digest"], found.content)
            run.note(**{packages.FACT: found.fact})
        return
    where = (run.id, run.record.experiment_id)
    # Files of its own: nothing that it holds at a fork is missed in the child.
    own = WorkspaceFolder(workspace.layout.root)
    thread = threading.Thread(
        target=_note, args=(own, *where, python), name="ml_jupyter-packages", daemon=False
    )
    _going_on[run.id] = thread
    try:
        thread.start()
    except RuntimeError:  # the interpreter is ending
        del _going_on[run.id]


def wait_for(run_id: str) -> None:
    """Wait until the packages of a run that this process has just started are noted."""
    thread = _going_on.pop(run_id, None)
    if thread is not None:
        thread.join(_PATIENCE_S)


def _note(
    workspace: WorkspaceFolder, run_id: str, experiment_id: str, python: inventory.ThisProcess
) -> None:
    with suppress(Exception):  # a run without it is better than an error in a thread of ours
        found = python.look()
        packages.store(workspace.layout, found.fact["digest"], found.content)
        run = workspace.run(run_id, experiment_id)
        run.note(**{packages.FACT: found.fact})
        run.close()
    workspace.journal.close()
    _going_on.pop(run_id, None)
