"""Writes a job in each dialect, as a person would, to see whether the reader gives it back."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from ml_jupyter.jobfile.model import CommandJob, Input, SweepJob

NEW_REFERENCE = re.compile(r"\$\{\{((?:inputs|outputs|search_space)\.\w+)\}\}")
#: May 2021 has minutes where today has seconds.
MINUTE_S = 60


def today(job: CommandJob | SweepJob) -> dict[str, Any]:
    """The job in the dialect of CLI v2."""
    if isinstance(job, SweepJob):
        limits = {
            "max_total_trials": job.max_total_trials,
            "max_concurrent_trials": job.max_concurrent_trials,
            "timeout": job.timeout_s or None,
            "trial_timeout": job.trial_timeout_s or None,
        }
        trial = _run_today(job.trial)
        return {
            "type": "sweep",
            **_facts(job),
            **{name: trial.pop(name) for name in ("inputs", "outputs", "compute") if name in trial},
            "trial": trial,
            "sampling_algorithm": {"type": job.algorithm, "seed": job.seed},
            **_search(job),
            "limits": limits,
        }
    limits = {"limits": {"timeout": job.timeout_s}} if job.timeout_s else {}
    return {"type": "command", **_facts(job), **_run_today(job), **limits}


def preview(job: CommandJob | SweepJob) -> dict[str, Any]:
    """The job in the dialect of May 2021."""
    time = {"timeout_minutes": job.timeout_s / MINUTE_S} if job.timeout_s else {}
    if isinstance(job, SweepJob):
        return {
            "type": "sweep_job",
            **_facts(job),
            "algorithm": job.algorithm,
            "trial": _run_preview(job.trial),
            **_search(job),
            "max_total_trials": job.max_total_trials,
            "max_concurrent_trials": job.max_concurrent_trials,
            **time,
        }
    return {"type": "command_job", **_facts(job), **_run_preview(job), **time}


def _facts(job: CommandJob | SweepJob) -> dict[str, Any]:
    names = ("name", "display_name", "description", "experiment_name", "tags", "properties")
    return {name: getattr(job, name) for name in names if getattr(job, name)}


def _run_today(job: CommandJob) -> dict[str, Any]:
    made: dict[str, Any] = {"command": job.command, **_common(job)}
    if job.code is not None:
        made["code"] = job.code.name
    made["inputs"] = {name: _input_today(item) for name, item in job.inputs.items()}
    made["outputs"] = dict.fromkeys(job.outputs)
    if job.environment is not None:
        made["environment"] = f"azureml:{job.environment.name}:{job.environment.version}"
    if job.compute.target is not None:
        made["compute"] = f"azureml:{job.compute.target}"
    if job.distribution is not None:
        each = job.distribution.process_count_per_instance
        made["distribution"] = {
            "type": job.distribution.kind, "process_count_per_instance": each,
        }  # fmt: skip
    made["resources"] = {"instance_count": job.compute.instance_count}
    return made


def _input_today(item: Input) -> Any:
    if item.literal is not None:
        return item.literal
    where = item.path if item.local_path is None else item.local_path.name
    return {"type": item.type, "path": where, "mode": item.mode}


def _run_preview(job: CommandJob) -> dict[str, Any]:
    made: dict[str, Any] = {"command": NEW_REFERENCE.sub(r"{\1}", job.command), **_common(job)}
    if job.code is not None:
        made["code"] = {"local_path": f"file:{job.code.name}"}
    made["inputs"] = {}
    for name, item in job.inputs.items():
        local = item.local_path
        data = {"path": item.path} if local is None else {"local_path": local.name}
        made["inputs"][name] = {"data": data, "mode": item.mode, "type": item.type}
    made["outputs"] = dict.fromkeys(job.outputs)
    if job.environment is not None:
        made["environment"] = f"azureml:{job.environment.name}:{job.environment.version}"
    made["compute"] = {"instance_count": job.compute.instance_count}
    if job.compute.target is not None:
        made["compute"]["target"] = job.compute.target
    if job.distribution is not None:
        spec: dict[str, Any] = {"type": job.distribution.kind}
        each, nodes = job.distribution.process_count_per_instance, job.compute.instance_count
        if job.distribution.kind == "pytorch":
            spec["process_count"] = each * nodes
        else:
            spec["process_count_per_instance"] = each
        made["distributed"] = spec
    return made


def _common(job: CommandJob) -> dict[str, Any]:
    return {"environment_variables": dict(job.environment_variables)}


def _search(job: SweepJob) -> dict[str, Any]:
    space = {}
    for item in job.search_space.values():
        numbers = {"values": list(item.values)} if item.kind == "choice" else dict(item.numbers)
        space[item.name] = {"type": item.kind, **numbers}
    made: dict[str, Any] = {
        "search_space": space,
        "objective": {"primary_metric": job.primary_metric, "goal": job.goal},
    }
    if job.early_termination is not None:
        facts = asdict(job.early_termination)
        policy = {name: value for name, value in facts.items() if value is not None}
        made["early_termination"] = {"type": policy.pop("kind"), **policy}
    return made
