"""Submitting what a job file says: the same jobs and sweeps as from a notebook."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.jobfile import references
from ml_jupyter.jobfile.model import CommandJob, Input, Job, JobFile, SweepJob
from ml_jupyter.jobs import inputs as job_inputs
from ml_jupyter.jobs import snapshot
from ml_jupyter.sdk import labels, submission
from ml_jupyter.sdk.distributed import (
    MpiConfiguration,
    PyTorchConfiguration,
    TensorflowConfiguration,
)
from ml_jupyter.sdk.experiment import Experiment
from ml_jupyter.sdk.job_file_data import input_of, output_of
from ml_jupyter.sdk.job_file_environment import environment_of
from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.run_configuration import DockerConfiguration
from ml_jupyter.sdk.script_run_config import ScriptRunConfig
from ml_jupyter.sdk.workspace import Workspace


def submit(file: JobFile, workspace: Workspace, *, name: Optional[str] = None) -> Run:
    """Submit the job of a file.

    Parameters
    ----------
    file : JobFile
        What was read.
    workspace : Workspace
        Where it runs.
    name : str, optional
        Id of the run, instead of the file's.

    Raises
    ------
    UserErrorException, RunConfigurationException
        Something that it names is not there, or cannot be; nothing was submitted.
    """
    job = file.job
    experiment = Experiment(workspace, job.experiment_name or _here())
    run = (
        _submit_sweep(job, experiment, name)
        if isinstance(job, SweepJob)
        else _submit_command(job, experiment, name)
    )
    if job.description:
        run.description = job.description
    return run


def _submit_command(job: CommandJob, experiment: Experiment, name: Optional[str]) -> Run:
    made = _prepared(job, experiment, job)
    wanted = replace(
        made.submission,
        run_id=name or job.name,
        tags=labels.tags_of(dict(job.tags)),
        properties=labels.properties_of(dict(job.properties)),
    )
    return submission.start(experiment, made._replace(submission=wanted))


def _submit_sweep(job: SweepJob, experiment: Experiment, name: Optional[str]) -> Run:
    from ml_jupyter.sdk import sweep_submission
    from ml_jupyter.sdk.job_file_sweep import hyperdrive_config

    made = _prepared(job.trial, experiment, job)
    config = hyperdrive_config(job, _config(job.trial, experiment.workspace), name or job.name)
    run = sweep_submission.submit(experiment, config, dict(job.tags), trial=made)
    if job.display_name:
        run.display_name = job.display_name
    if job.properties:
        run.add_properties(dict(job.properties))
    return run


def _prepared(trial: CommandJob, experiment: Experiment, job: Job) -> submission.Prepared:
    """The job, checked, with its inputs and outputs; its code is stored by now."""
    made = submission.prepared(
        experiment, _config(trial, experiment.workspace), display_name=job.display_name
    )
    layout, cache = made.submission.workspace.layout, experiment.workspace._settings.cache
    workspace = experiment.workspace
    given = [input_of(item, workspace, cache) for item in trial.inputs.values() if _is_data(item)]
    outputs = [output_of(item, workspace) for item in trial.outputs.values()]
    spec = replace(
        made.submission.spec,
        inputs=tuple(item.to_json() for item in given),
        outputs=tuple(outputs),
    )
    source, snapshot_id = _code(trial, layout, cache)
    definition = {
        **made.submission.definition,
        "inputs": {item.name: job_inputs.shown(item) for item in given},
        "outputs": outputs,
    }
    return made._replace(
        submission=replace(
            made.submission,
            spec=spec,
            source=source,
            snapshot_id=snapshot_id,
            definition=definition,
        )
    )


def _config(job: CommandJob, workspace: Workspace) -> ScriptRunConfig:
    docker = None
    if job.compute.shm_size or job.compute.docker_args:
        words = (job.compute.docker_args or "").split()
        docker = DockerConfiguration(arguments=words, shm_size=job.compute.shm_size or "2g")
    config = ScriptRunConfig(
        source_directory=str(job.code) if job.code is not None and job.code.is_dir() else None,
        script=job.script,
        arguments=list(job.arguments),
        command=_command(job) or None,
        compute_target=job.compute.target,
        environment=environment_of(job.environment, workspace),
        distributed_job_config=_distribution(job),
        docker_runtime_config=docker,
        max_run_duration_seconds=job.timeout_s or None,
    )
    config.run_config.environment_variables = {
        key: value or "" for key, value in job.environment_variables.items()
    }
    if job.distribution is None:
        config.run_config.node_count = 1
    return config


def _distribution(job: CommandJob) -> Any:
    asked, nodes = job.distribution, job.compute.instance_count
    if asked is None:
        return None if nodes == 1 else MpiConfiguration(1, nodes)
    if asked.kind == "mpi":
        return MpiConfiguration(asked.process_count_per_instance, nodes)
    if asked.kind == "pytorch":
        return PyTorchConfiguration("Nccl", asked.process_count_per_instance * nodes, nodes)
    return TensorflowConfiguration(asked.worker_count, asked.parameter_server_count)


def _command(job: CommandJob) -> str:
    """The command with literals in their places; references to data stay."""
    literals: Dict[str, str] = {
        item.name: str(item.literal).lower() if item.type == "boolean" else str(item.literal)
        for item in job.inputs.values()
        if item.literal is not None
    }
    absent = {item.name for item in job.inputs.values() if not item.is_given}

    def value_of(kind: str, name: str) -> str:
        if kind == "inputs" and name in literals:
            return literals[name]
        return f"${{{{{kind}.{name}}}}}"

    return references.fill(job.command, value_of, absent)


def _is_data(item: Input) -> bool:
    return item.path is not None or item.local_path is not None


def _code(job: CommandJob, layout: Any, cache: Path) -> Tuple[Optional[Path], Optional[str]]:
    """Source folder, or the snapshot of a single file; neither: an empty working folder."""
    if job.code_uri is not None:
        raise UserErrorException(
            f"code: {job.code_uri} cannot be fetched.", hint="Give a folder of this machine."
        )
    if job.code is None:
        return None, None
    if job.code.is_dir():
        return job.code, None
    return None, snapshot.take_file(layout, cache, job.code).id


def _here() -> str:
    """Name of the current folder, as an experiment may be called (seed: the default name)."""
    letters: List[str] = [
        letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "-"
        for letter in os.path.basename(os.getcwd())
    ]
    return "".join(letters).strip("-_") or "Default"
