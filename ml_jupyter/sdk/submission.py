"""Submitting: everything that can be wrong is found before anything is written (surface 3.2, 5)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple

from ml_jupyter.compute import registry
from ml_jupyter.compute.base import Submission
from ml_jupyter.exceptions import RunConfigurationException, UserErrorException
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.sdk import interpreter, labels
from ml_jupyter.sdk.compute_resources import launch_values
from ml_jupyter.sdk.script_run_config import ScriptRunConfig
from ml_jupyter.sdk.section import plain

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
    from ml_jupyter.sdk.run import Run

    if not isinstance(config, ScriptRunConfig):
        raise UserErrorException(f"config must be a ScriptRunConfig, not {type(config).__name__}.")
    experiment._check_active()
    source = _source(config.source_directory)
    script, command = _what(config, source)
    arguments = _arguments(config.arguments)
    _refuse_what_is_missing(config)
    workspace = experiment.workspace
    folder, settings = workspace._folder, workspace._settings
    target = registry.resolve(folder, settings, config.run_config.target)
    environment = config.run_config.environment
    environment.check()
    variables = {**environment.environment_variables, **config.run_config.environment_variables}
    spec = LaunchSpec.of(
        settings,
        script=script,
        command=command,
        arguments=tuple(arguments),
        interpreter=interpreter.checked(environment.interpreter),
        variables={str(key): str(value) for key, value in variables.items()},
        max_run_duration_s=_limit(config.run_config.max_run_duration_seconds),
        **launch_values(config.run_config.resources, config.run_config.priority),
    )
    submission = Submission(
        folder,
        experiment._record,
        spec,
        source=source,
        definition=_definition(config, script, command, arguments),
        display_name=display_name or _name(script, command),
        parent=None if parent is None else parent._folder.record,
        tags=labels.tags_of(tags),
        properties=labels.properties_of(properties),
    )
    handle = target.start(submission)
    return Run._of(experiment, folder.run(handle["run_id"], handle["experiment_id"]))


def _source(directory: Any) -> Path:
    source = Path(os.path.abspath(os.path.expanduser(str(directory or "."))))
    if not source.is_dir():
        raise UserErrorException(f"source_directory: there is no folder {str(directory)!r}.")
    return source


def _what(config: ScriptRunConfig, source: Path) -> Tuple[Optional[str], Optional[str]]:
    """Script relative to the source folder, or the shell's command."""
    if bool(config.script) == bool(config.command):
        both = "both were" if config.script else "none was"
        raise UserErrorException(f"Give exactly one of script and command; {both} given.")
    if config.command:
        return None, _command(config)
    path = os.path.normpath(os.path.join(str(source), str(config.script)))
    relative = os.path.relpath(path, str(source))
    if os.path.isabs(relative) or relative.split(os.sep)[0] == "..":
        raise UserErrorException(
            f"script: {config.script!r} is outside of source_directory {source}."
        )
    if not os.path.isfile(path):
        raise UserErrorException(f"script: there is no file {config.script!r} in {source}.")
    return relative.replace(os.sep, "/"), None


def _command(config: ScriptRunConfig) -> str:
    words = config.command if isinstance(config.command, (list, tuple)) else [config.command]
    return " ".join([*map(str, words), *_arguments(config.arguments)])


def _arguments(arguments: Any) -> List[str]:
    if arguments is None:
        return []
    if isinstance(arguments, (str, bytes)) or not isinstance(arguments, (list, tuple)):
        raise UserErrorException(
            f"arguments must be a list, not {type(arguments).__name__}.",
            hint="Write ['--lr', 0.1] instead of '--lr 0.1'.",
        )
    return [str(item) for item in arguments]


def _refuse_what_is_missing(config: ScriptRunConfig) -> None:
    run_config = config.run_config
    if config.distributed_job_config is not None or str(run_config.communicator) != "None":
        raise RunConfigurationException(f"distributed_job_config: distributed training {_NOT_YET}")
    if int(run_config.node_count) != 1:
        raise RunConfigurationException(f"node_count: more than one node {_NOT_YET}")
    if run_config.docker.use_docker:
        raise RunConfigurationException(f"docker_runtime_config: running in a container {_NOT_YET}")
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


def _name(script: Optional[str], command: Optional[str]) -> Optional[str]:
    """A name for people: the script's without its ending, or the command's first word."""
    if script:
        return Path(script).stem
    words = (command or "").split()
    return Path(words[0]).name[:60] if words else None
