"""``%%submit``: a cell as a submitted run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ml_jupyter.exceptions import ActivityFailedException, TrainingException, UserErrorException
from ml_jupyter.sdk.compute_resources import ResourceConfiguration
from ml_jupyter.sdk.environment import Environment
from ml_jupyter.sdk.experiment import Experiment
from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.script_run_config import ScriptRunConfig
from ml_jupyter.sdk.workspace import Workspace
from ml_jupyter.widgets.magics import notebook, staging
from ml_jupyter.widgets.magics.cell import Cell, read
from ml_jupyter.widgets.magics.choosing import listed
from ml_jupyter.widgets.run_details import RunDetails

#: Property that says which notebook a cell was submitted from.
NOTEBOOK_PROPERTY = "ml_jupyter.notebook"


def submit(options: Any, magic: str, code: str, shell: Any) -> Run:
    """Submit a cell, show its run, and wait for it when that was asked for.

    Parameters
    ----------
    options : namespace
        What stands behind ``%%submit``.
    magic, code : str
        Its first line and what stands below.
    shell : InteractiveShell
        Its variables are what the cell may take along.

    Raises
    ------
    UserErrorException
        The cell, or an option, cannot be used; nothing was submitted.
    TrainingException
        ``--wait``, and the run failed; the message names the cell's line.
    """
    cell = read(magic, code, shell.transform_cell)
    context = staging.gathered(cell, shell.user_ns, listed(options.vars))
    workspace = Workspace.from_config()
    config = _configuration(options, workspace, shell.user_ns)
    name = options.experiment or notebook.experiment_name(shell.user_ns)
    with tempfile.TemporaryDirectory(prefix="ml_jupyter-cell-") as folder:
        staging.write(Path(folder), cell, context, Path.cwd(), listed(options.files))
        config.source_directory = folder
        run = Experiment(workspace, name).submit(
            config, display_name=options.name or name, properties=_origin(shell.user_ns)
        )
    if options.variable:
        shell.user_ns[options.variable] = run
    RunDetails(run).show()
    if options.wait:
        _wait(run, cell)
    return run


def _configuration(
    options: Any, workspace: Workspace, namespace: Mapping[str, Any]
) -> ScriptRunConfig:
    if options.variable and not options.variable.isidentifier():
        raise UserErrorException(f"{options.variable!r} is no name of a variable.")
    asked = (options.cpus, options.memory, options.gpus)
    resources = None if asked == (None, None, None) else ResourceConfiguration(*asked)
    return ScriptRunConfig(
        script=staging.SCRIPT,
        compute_target=options.target,
        environment=_environment(options.env, workspace, namespace),
        resources=resources,
    )


def _environment(
    word: str | None, workspace: Workspace, namespace: Mapping[str, Any]
) -> Environment | None:
    if word is None:
        return None
    value = namespace.get(word)
    if isinstance(value, Environment):
        return value
    name, _, version = word.partition(":")
    return Environment.get(workspace, name, version or None)


def _origin(namespace: Mapping[str, Any]) -> dict[str, str]:
    path = notebook.path_of(namespace)
    return {} if path is None else {NOTEBOOK_PROPERTY: os.path.basename(path)}


def _wait(run: Run, cell: Cell) -> None:
    try:
        run.wait_for_completion()
    except ActivityFailedException as error:
        finding = run.get_details().get("finding") or {}
        title = str(finding.get("title") or "The run failed").rstrip(".")
        raise TrainingException(
            f"{title}.{_line(finding, cell)}", hint="See %run_log for all that it printed."
        ) from error


def _line(finding: Mapping[str, Any], cell: Cell) -> str:
    """The place in the cell that the error came from."""
    for frame in reversed(finding.get("frames") or []):
        number = int(frame["line"])
        if frame["path"] == staging.SCRIPT and 1 < number <= len(cell.lines) + 1:
            return f" Line {number} of the cell: {cell.lines[number - 2].strip()}"
    return ""
