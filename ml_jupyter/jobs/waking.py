"""Taking up what a crash, or a restart of the machine, has left in the queue.

Whoever submits or waits sees to a dispatcher itself, and so does each supervisor. Where all of them
ended together nobody is left: a sweep between two trials would wait until somebody looks at it.
"""

from __future__ import annotations

from contextlib import suppress

from ml_jupyter._files import read_json
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import election, markers, registry
from ml_jupyter.jobs.settle import may_judge


def wake_if_left(settings: Settings) -> bool:
    """Start a dispatcher when runs of this machine wait for one, or are lost; whether it did.

    Without a dispatcher, and without a marked run, this takes some file lookups: markers are there
    only while runs wait or are at work.
    """
    if election.is_running(settings) or not _is_left(settings):
        return False
    with suppress(MlJupyterError, OSError):  # who looks at runs can do so all the same
        election.ensure_dispatcher(settings)
    return True


def _is_left(settings: Settings) -> bool:
    for workspace in registry.known(settings):
        for name in markers.names(workspace.layout):
            with suppress(MlJupyterError, OSError):  # damaged, or being deleted
                run = markers.open_marked(workspace, name)
                if run is not None and _needs_dispatcher(run):
                    return True
    return False


def _needs_dispatcher(run: RunFolder) -> bool:
    if run.state().status == status.QUEUED:
        return bool(read_json(run.layout.launch).get("machine") == markers.machine())
    return run.is_lost() and may_judge(run)
