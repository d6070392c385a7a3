"""The address under which MLflow finds a workspace: ``ml-jupyter:///folder/of/the/workspace``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict, Mapping
from urllib.parse import quote, unquote, urlsplit

SCHEME = "ml-jupyter"
TRACKING_VARIABLE = "MLFLOW_TRACKING_URI"
#: Tag of an experiment whose name in MLflow is none that a workspace accepts: that name.
NAME_TAG = "ml_jupyter.mlflow.name"
_OF_A_JOB = (
    TRACKING_VARIABLE, "MLFLOW_REGISTRY_URI", "MLFLOW_RUN_ID", "MLFLOW_EXPERIMENT_ID",
    "MLFLOW_EXPERIMENT_NAME",
)  # fmt: skip


def address_of(path: Path) -> str:
    """The address of a folder: the workspace's for tracking, a run's files for artifacts."""
    return f"{SCHEME}://{quote(Path(os.path.abspath(str(path))).as_posix())}"


def folder_of(address: str) -> Path:
    """The folder that an address names.

    Raises
    ------
    ValueError
        It is no address of ours, or names no folder.
    """
    parts = urlsplit(address)
    if parts.scheme != SCHEME or parts.netloc or not parts.path.startswith("/"):
        raise ValueError(f"{address!r} is not {SCHEME}:// followed by an absolute path.")
    return Path(unquote(parts.path))


def job_variables(
    present: Mapping[str, str], root: Path, run_id: str, experiment_id: str
) -> Dict[str, str]:
    """Variables by which MLflow in a job logs into the job's own run.

    A job whose submitter chose another tracking server keeps it. ``present`` may hold those of
    another job, which submitted this one; they are replaced.
    """
    chosen = present.get(TRACKING_VARIABLE, "")
    if chosen and not chosen.startswith(f"{SCHEME}:"):
        return {}
    values = (address_of(root), address_of(root), run_id, experiment_id)
    return dict(zip(_OF_A_JOB, values))
