"""Command jobs and sweeps."""

from __future__ import annotations

from typing import Dict

from ml_jupyter.jobfile import command, common, sweep
from ml_jupyter.jobfile.schema import search
from ml_jupyter.jobfile.schema.data import inputs, outputs
from ml_jupyter.jobfile.schema.placement import compute, distribution, resources, services
from ml_jupyter.jobfile.schema.software import environment
from ml_jupyter.jobfile.schema.words import (
    Schema,
    absent_or,
    anything,
    either,
    given,
    keys,
    number,
    scalars,
    text,
    whole,
    word,
)

_SECONDS = "Seconds after which {} is stopped."
_MINUTES = number("Spelling of May 2021: minutes after which it is stopped.", above=0)


def command_job() -> Schema:
    """A file of type command."""
    limits = keys(command.LIMITS, {"timeout": number(_SECONDS.format("the job"), above=0)})
    described = {
        **_facts("command", "command_job"),
        **_work("${{inputs.x}} and ${{outputs.x}} stand for paths and values"),
        "services": services(),
        "limits": absent_or(limits),
        "timeout_minutes": _MINUTES,
    }
    known = [name for name in command.KEYS if name not in common.READ_ONLY]
    return keys(known, described, "command")


def sweep_job() -> Schema:
    """A file of type sweep."""
    trial = keys(common.TRIAL_KEYS, _work("${{search_space.x}} stands for a parameter"), "command")
    counts = {
        "max_total_trials": whole("Trials in all.", 1, sweep.MOST_TRIALS),
        "max_concurrent_trials": whole("Trials at a time.", 1),
    }
    limits = {
        **counts,
        "timeout": number(_SECONDS.format("the sweep"), above=0),
        "trial_timeout": number(_SECONDS.format("a trial"), above=0),
    }
    described = {
        **_facts("sweep", "sweep_job"),
        "trial": {**trial, "description": "The job that is tried with other parameters."},
        "inputs": inputs(),
        "outputs": outputs(),
        "compute": compute(),
        "resources": resources(),
        "search_space": search.space(),
        "objective": search.objective(),
        "algorithm": search.algorithm("Spelling of 2021 for sampling_algorithm."),
        "sampling_algorithm": search.algorithm("How the parameters of trials are chosen."),
        "limits": absent_or(keys(sweep.LIMITS, limits, about="Bounds of the sweep.")),
        **counts,
        "timeout_minutes": _MINUTES,
        "early_termination": search.early_termination(),
    }
    known = [name for name in sweep.KEYS if name not in common.READ_ONLY]
    return keys(known, described, "trial", "search_space", "objective")


def _facts(*types: str) -> Dict[str, Schema]:
    return {
        "$schema": {"description": "Schema of this file, for editors.", "type": ["string", "null"]},
        "type": word("Kind of job.", types),
        "name": text(
            "Id of the job; default: one is made.",
            pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$",
            right="letters, digits, - and _, up to 255",
        ),
        "display_name": text("What people call it."),
        "description": text("What it is for; may be Markdown."),
        "experiment_name": text("Experiment; default: the name of the current folder."),
        "tags": scalars("Words to find it by, with values."),
        "properties": scalars("Facts that never change."),
        "identity": anything("Has no effect on this machine."),
        "queue_settings": anything("Kept."),
        "parent_job_name": anything("Kept."),
    }


def _work(references: str) -> Dict[str, Schema]:
    local_path = given(text("Folder of the source code."))
    run = text(f"What is run, by a shell: {references}.", pattern=r"\S", right="a command")
    return {
        "code": either(
            "Folder of the source code, where the command starts.",
            given(text("A folder, one file, or git+https:…")),
            keys(("local_path",), {"local_path": local_path}, "local_path"),
        ),
        "command": given(run),
        "inputs": inputs(),
        "outputs": outputs(),
        "environment": environment(),
        "environment_variables": scalars("Variables of every process."),
        "compute": compute(),
        "distribution": distribution(),
        "distributed": distribution(),
        "resources": resources(),
    }
