"""Submitting a job for a client, from a folder below the Jupyter server's root. Blocking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ml_jupyter import _files
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.experiment import Experiment
from ml_jupyter.sdk.script_run_config import ScriptRunConfig
from ml_jupyter.sdk.workspace import Workspace
from ml_jupyter.server.workspaces import OpenWorkspace


def submit(workspace: OpenWorkspace, root_dir: Path, body: dict[str, Any]) -> str:
    """Submit what a validated body describes; returns the run's id.

    Raises
    ------
    PathOutside
        The source folder is not below ``root_dir``.
    UserErrorException, RunConfigurationException, SnapshotException
        As ``Experiment.submit``; no run is left behind.
    """
    source = _source(root_dir, body["source_directory"])
    config = ScriptRunConfig(
        source_directory=source,
        script=body.get("script"),
        command=body.get("command"),
        arguments=body.get("arguments"),
    )
    experiment = Experiment(Workspace._of(workspace.folder, workspace.settings), body["experiment"])
    named = {"display_name": body["display_name"]} if "display_name" in body else {}
    return str(experiment.submit(config, tags=body.get("tags"), **named).id)


def _source(root_dir: Path, relative: str) -> Path:
    try:
        source = _files.confine(root_dir, relative)
        source.stat()
    except (OSError, RuntimeError) as error:
        raise UserErrorException(
            f"source_directory: there is no folder {relative!r} below the server's root folder.",
            details={"field": "source_directory"},
        ) from error
    return source
