"""Reads a command job, and the trial of a sweep."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from ml_jupyter.jobfile.common import (
    JOB_KEYS,
    READ_ONLY,
    TRIAL_KEYS,
    check_references,
    read_code,
    read_command,
    read_facts,
    read_timeout,
    texts,
)
from ml_jupyter.jobfile.context import Context
from ml_jupyter.jobfile.cursor import Cursor
from ml_jupyter.jobfile.data import read_inputs, read_outputs
from ml_jupyter.jobfile.model import CommandJob, Input, Output
from ml_jupyter.jobfile.placement import read_compute, read_distribution, read_services
from ml_jupyter.jobfile.software import read_environment

KEYS = (*JOB_KEYS, *READ_ONLY, *TRIAL_KEYS, "services", "limits", "timeout_minutes")
LIMITS = ("timeout",)


def read_command_job(job: Cursor, context: Context) -> CommandJob:
    """The job of a file of type command."""
    job.expect_keys(KEYS)
    facts = read_facts(job)
    timeout = read_timeout(job, context, LIMITS)["timeout_s"]
    services = read_services(job.get("services"))
    return read_trial(job, context, timeout_s=timeout, services=services, **facts)


def read_trial(
    job: Cursor,
    context: Context,
    *,
    outer: Optional[Cursor] = None,
    parameters: Optional[Mapping[str, Any]] = None,
    **facts: Any,
) -> CommandJob:
    """What is run.

    Parameters
    ----------
    job : Cursor
        The map with the command.
    outer : Cursor, optional
        The sweep around it, whose inputs, outputs and compute its trials have too.
    parameters : mapping, optional
        The search space, of a trial.
    """
    inputs: Mapping[str, Input] = read_inputs(job.get("inputs"), context)
    outputs: Mapping[str, Output] = read_outputs(job.get("outputs"), context)
    if outer is not None:
        inputs = {**read_inputs(outer.get("inputs"), context), **inputs}
        outputs = {**read_outputs(outer.get("outputs"), context), **outputs}
    command = read_command(job)
    if command is not None:
        check_references(job, command, inputs, outputs, parameters)
    code, code_uri = read_code(job, context)
    compute = read_compute(
        _nearest(job, outer, "compute"), _nearest(job, outer, "resources"), context
    )
    return CommandJob(
        command=command or "",
        code=code,
        code_uri=code_uri,
        inputs=inputs,
        outputs=outputs,
        environment=read_environment(job.get("environment"), context),
        environment_variables=texts(job.get("environment_variables")),
        compute=compute,
        distribution=read_distribution(job, compute.instance_count),
        **facts,
    )


def _nearest(job: Cursor, outer: Optional[Cursor], key: str) -> Optional[Cursor]:
    """The trial's own value, else that of the sweep."""
    own = job.get(key)
    return own if own is not None or outer is None else outer.get(key)
