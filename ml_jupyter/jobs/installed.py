"""Noting which packages a job finds installed, without keeping it waiting.

What is remembered of its Python is noted at once. Else a process beside the supervisor asks that
Python and notes the answer, when the job is at work already and possibly has ended. Jobs in
containers note it themselves (``containers.installed``): only their engine can tell.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Mapping

from ml_jupyter.history import inventory, packages
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import processes
from ml_jupyter.jobs.fork import detached
from ml_jupyter.jobs.prepare import OWN_FOLDERS
from ml_jupyter.jobs.spec import LaunchSpec

_NICE = 10


@dataclass(frozen=True)
class Python:
    """What a job is run with.

    Attributes
    ----------
    interpreter : str
        The program.
    variables : mapping of str to str
        The job's.
    cache : Path
        The cache folder.
    """

    interpreter: str
    variables: Mapping[str, str] = field(repr=False)
    cache: Path


def known(
    workspace: WorkspaceFolder, run: RunFolder, spec: LaunchSpec, python: Python
) -> Dict[str, Any]:
    """The fact for a job that has just been started; empty where it is noted later, or never.

    To be called in the main thread of a process that has no other one.

    Raises
    ------
    OSError, StorageFailed
        The list cannot be kept.
    """
    if spec.container is not None or spec.payload is not None:  # the program is none of the user's
        return {}
    variables = _of_the_user(python.variables, python.cache)
    memory = inventory.memory_of(python.cache, python.interpreter, variables)
    found = memory.recall()
    if found is None:
        _beside(lambda: _ask_and_note(workspace, run, python.interpreter, variables, memory))
        return {}
    packages.store(workspace.layout, found.fact["digest"], found.content)
    return {packages.FACT: found.fact}


def _of_the_user(variables: Mapping[str, str], cache: Path) -> Dict[str, str]:
    """Without the folders by which a job finds this package: the user has not installed it."""
    ours = str(cache / OWN_FOLDERS)
    parts = variables.get("PYTHONPATH", "").split(os.pathsep)
    kept = [part for part in parts if part and not part.startswith(ours)]
    found = {key: value for key, value in variables.items() if key != "PYTHONPATH"}
    return {**found, "PYTHONPATH": os.pathsep.join(kept)} if kept else found


def _beside(body: Any) -> None:
    """Run ``body`` in a process that is no part of the job, which this one does not wait for."""
    processes.adopt_orphans(False)
    try:
        os.close(detached(body, (), lambda _: None))
    finally:
        processes.adopt_orphans(True)


def _ask_and_note(
    workspace: WorkspaceFolder,
    run: RunFolder,
    interpreter: str,
    variables: Mapping[str, str],
    memory: inventory.Memory,
) -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    with suppress(OSError):
        os.nice(_NICE)
    with memory.asking():
        found = memory.recall()
        if found is None:
            found, watched = inventory.ask(interpreter, variables)
            memory.keep(found, watched)
    packages.store(workspace.layout, found.fact["digest"], found.content)
    own = WorkspaceFolder(workspace.layout.root).run(run.id, run.record.experiment_id)
    own.note(**{packages.FACT: found.fact})
