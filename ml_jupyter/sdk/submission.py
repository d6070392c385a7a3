"""Submitting: everything that can be wrong is found before anything is written (surface 3.2, 5)."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, NamedTuple, Optional, Sequence

from ml_jupyter import environments
from ml_jupyter.compute import registry
from ml_jupyter.compute.base import ComputeTarget, Submission
from ml_jupyter.datasets import registered
from ml_jupyter.distributed import nodes_of
from ml_jupyter.exceptions import RunConfigurationException, UserErrorException
from ml_jupyter.jobs.inputs import shown
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.sdk import labels
from ml_jupyter.sdk.compute_resources import launch_values
from ml_jupyter.sdk.dataset_consumption import inputs_of
from ml_jupyter.sdk.distributed import distribution_of
from ml_jupyter.sdk.job_container import contained, software_of
from ml_jupyter.sdk.job_source import arguments_of, display_name_of, source_of, what_of
from ml_jupyter.sdk.output_dataset import outputs_of
from ml_jupyter.sdk.script_run_config import ScriptRunConfig
from ml_jupyter.sdk.section import plain
from ml_jupyter.sdk.sweep_config import HyperDriveConfig

if TYPE_CHECKING:
    from ml_jupyter.sdk.experiment import Experiment
    from ml_jupyter.sdk.run import Run

_NOT_YET = "is not available yet; jobs run on this machine in the Python that is there."


def submit(
    experiment: Experiment,
    config: Any,
    tags: Optional[Mapping[str, Any]] = None,
    *,
    parent: Optional[Run] = None,
    display_name: Optional[str] = None,
    properties: Optional[Mapping[str, Any]] = None,
    **_ignored: Any,
) -> Run:
    """Submit a job; see ``Experiment.submit``."""
    if isinstance(config, HyperDriveConfig):
        from ml_jupyter.sdk import sweep_submission

        return sweep_submission.submit(experiment, config, tags, parent=parent)
    made = prepared(
        experiment,
        config,
        display_name=display_name,
        parent=None if parent is None else parent._folder.record,
        tags=labels.tags_of(tags),
        properties=labels.properties_of(properties),
    )
    return start(experiment, made)


class Prepared(NamedTuple):
    """A job that was checked: the target it goes to, and what the user should know."""

    target: ComputeTarget
    submission: Submission
    remarks: Sequence[str]


def start(experiment: Experiment, made: Prepared) -> Run:
    """Hand a job that was checked to its target.

    Raises
    ------
    MlJupyterError
        Nothing was submitted.
    """
    from ml_jupyter.sdk.run import Run

    handle = made.target.start(made.submission)
    run = made.submission.workspace.run(handle["run_id"], handle["experiment_id"])
    for item in made.submission.spec.inputs:
        if item.get("dataset"):
            root = made.submission.workspace.layout.root
            called = made.submission.display_name or run.id
            registered.note_use(root, str(item["dataset"]), run.id, registered.READ, called)
    for text in made.remarks:
        warnings.warn(text, UserWarning, stacklevel=4)
        run.warn(text)
    return Run._of(experiment, run)


def prepared(
    experiment: Experiment, config: Any, *, display_name: Optional[str] = None, **facts: Any
) -> Prepared:
    """Check a configuration and turn it into a job; nothing is written.

    Parameters
    ----------
    experiment : Experiment
        Where it is recorded.
    config : ScriptRunConfig
        What to run and how.
    display_name : str, optional
        A name for people; default: the script's.
    **facts
        Further fields of the submission.

    Raises
    ------
    UserErrorException, RunConfigurationException
        The message names the parameter that is wrong.
    """
    if not isinstance(config, ScriptRunConfig):
        raise UserErrorException(f"config must be a ScriptRunConfig, not {type(config).__name__}.")
    experiment._check_active()
    source = source_of(config.source_directory)
    script, command = what_of(config, source)
    arguments = arguments_of(config.arguments)
    _refuse_what_is_missing(config)
    distribution = distribution_of(config)
    workspace = experiment.workspace
    folder, settings = workspace._folder, workspace._settings
    target = registry.resolve(folder, settings, config.run_config.target)
    resources = launch_values(config.run_config.resources, config.run_config.priority)
    software, container = contained(
        software_of(config.run_config, target, settings),
        config.run_config,
        target,
        folder.layout.root,
        settings,
        float(resources.get("gpus", 0)),
    )
    remarks = environments.check(software, settings)
    variables = variables_of(config)
    places = (config.arguments, config.command, list(variables.values()))
    given, made = inputs_of(*places), outputs_of(workspace, *places)
    spec = LaunchSpec.of(
        settings,
        script=script,
        command=command,
        arguments=tuple(arguments),
        interpreter=software.interpreter or sys.executable,
        build=software.to_json() if software.needs_build else None,
        container=container,
        variables={str(key): str(value) for key, value in variables.items()},
        inputs=tuple(item.to_json() for item in given),
        outputs=tuple(made),
        max_run_duration_s=_limit(config.run_config.max_run_duration_seconds),
        distribution=None if distribution is None else distribution.to_json(),
        nodes=nodes_of(distribution),
        **resources,
    )
    submission = Submission(
        folder,
        experiment._record,
        spec,
        source=source,
        definition={
            **_definition(config, script, command, arguments),
            "inputs": {item.name: shown(item) for item in given},
            "outputs": made,
        },
        display_name=display_name or display_name_of(script, command),
        **facts,
    )
    return Prepared(target, submission, remarks)


def variables_of(config: ScriptRunConfig) -> Dict[str, Any]:
    """Variables that the user set, those of the environment first."""
    run_config = config.run_config
    return {**run_config.environment.environment_variables, **run_config.environment_variables}


def _refuse_what_is_missing(config: ScriptRunConfig) -> None:
    if config.resume_from is not None:
        raise RunConfigurationException(f"resume_from: a path of a datastore {_NOT_YET}")


def _limit(seconds: Any) -> float:
    if seconds is None:
        return 0.0
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds <= 0:
        raise UserErrorException(
            f"max_run_duration_seconds must be a number above 0 or None, not {seconds!r}."
        )
    return float(seconds)


def _definition(
    config: ScriptRunConfig, script: Optional[str], command: Optional[str], arguments: List[str]
) -> Dict[str, Any]:
    """What is stored with the run: the keys of a run definition of the Azure ML SDK."""
    value = {**config.run_config.to_dict(), "script": script, "command": command}
    value["arguments"] = [] if command else arguments
    return dict(plain(value))
