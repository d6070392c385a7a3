"""The run that the present process is part of (surface 4.4)."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ml_jupyter.exceptions import RunEnvironmentException
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk.opening import WORKSPACE_VARIABLE

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run

#: Set by the supervisor for the job and everything that it starts.
RUN_VARIABLE = "ML_JUPYTER_RUN_ID"
EXPERIMENT_VARIABLE = "ML_JUPYTER_EXPERIMENT_ID"


def current_run(allow_offline: bool) -> Run:
    """The run of this job, or the offline one.

    Raises
    ------
    RunEnvironmentException
        Outside a job, and ``allow_offline`` is false.
    """
    run_id, root = os.environ.get(RUN_VARIABLE), os.environ.get(WORKSPACE_VARIABLE)
    if run_id and root:
        return _job_run(root, run_id, os.getpid())
    if not allow_offline:
        raise RunEnvironmentException(
            "This code does not run inside a submitted run.",
            hint="Submit it with experiment.submit(), or leave allow_offline=False out.",
        )
    return _offline_run(os.getpid())


@lru_cache(maxsize=8)
def _job_run(root: str, run_id: str, pid: int) -> Run:
    from ml_jupyter.sdk.experiment import Experiment
    from ml_jupyter.sdk.run import Run
    from ml_jupyter.sdk.workspace import Workspace

    folder = WorkspaceFolder(Path(root))
    run_folder = folder.run(run_id, os.environ.get(EXPERIMENT_VARIABLE))
    record = folder.experiment(run_folder.record.experiment_id)
    run = Run._of(Experiment._of(Workspace._of(folder), record), run_folder)
    run._is_job = True
    return run


@lru_cache(maxsize=1)
def _offline_run(pid: int) -> Run:
    from ml_jupyter.sdk.offline import OfflineRun

    return OfflineRun()
