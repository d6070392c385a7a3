"""Reads a run configuration of the SDK v1 (``.runconfig``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from ml_jupyter.jobfile.common import texts
from ml_jupyter.jobfile.context import Context
from ml_jupyter.jobfile.cursor import Cursor, optional
from ml_jupyter.jobfile.model import CommandJob, Compute, Distribution, EnvironmentChoice
from ml_jupyter.jobfile.software import read_conda

#: Keys that are looked at, and cloud ones that are kept without effect.
KEYS = (
    "$schema", "script", "arguments", "command", "target", "framework", "communicator", "nodeCount",
    "maxRunDurationSeconds", "environment", "mpi", "tensorflow", "pytorch", "docker", "history",
    "environmentVariables", "dataReferences", "data", "outputData", "sourceDirectoryDataStore",
    "spark", "hdi", "amlcompute", "kubernetescompute", "services", "autoPrepareEnvironment",
    "credentialPassthrough", "datacaches", "applicationEndpoints", "jobName", "paralleltask",
    "containerInstance", "limits",
)  # fmt: skip
FRAMEWORKS = ("Python", "PySpark", "TensorFlow", "PyTorch")
COMMUNICATORS = ("None", "OpenMpi", "IntelMpi", "Mpi", "ParameterServer", "Gloo", "Nccl")


def read_runconfig(job: Cursor, context: Context) -> CommandJob:
    """The job of a run configuration; its script may be missing (the command line gives it)."""
    job.expect_keys(KEYS, only_warn=True)
    script = optional(job.get("script"), Cursor.text)
    command = optional(job.get("command"), _command)
    if script and command:
        job.error("script and command together", "which one?")
    framework = optional(job.get("framework"), lambda item: item.choice(FRAMEWORKS), "Python")
    if framework == "PySpark":
        job.members()["framework"].error("PySpark is not supported", "Python")
    nodes = optional(job.get("nodeCount"), lambda item: item.integer(1), 1)
    limit = optional(job.get("maxRunDurationSeconds"), lambda item: item.number())
    return CommandJob(
        command=command or "",
        script=script,
        arguments=tuple(optional(job.get("arguments"), _arguments, ())),
        compute=Compute(optional(job.get("target"), Cursor.text), nodes),
        environment=_environment(job.get("environment"), context),
        environment_variables=_variables(job),
        distribution=_distribution(job, framework, nodes),
        timeout_s=limit or 0.0,
    )


def _command(cursor: Cursor) -> Optional[str]:
    if cursor.is_list:
        return " ".join(_arguments(cursor))
    return cursor.text()


def _arguments(cursor: Cursor) -> List[str]:
    if not cursor.is_list:
        return [cursor.text() or ""]
    return [text for text in (item.scalar_text() for item in cursor.items()) if text is not None]


def _variables(job: Cursor) -> Dict[str, Any]:
    environment = job.get("environment")
    inner = None if environment is None else environment.get("environmentVariables")
    return {**texts(inner), **texts(job.get("environmentVariables"))}


def _environment(cursor: Optional[Cursor], context: Context) -> Optional[EnvironmentChoice]:
    if cursor is None:
        return None
    if not cursor.is_map:
        return EnvironmentChoice(name=cursor.text(), version="latest", is_reference=True)
    python, docker = _section(cursor, "python"), _section(cursor, "docker")
    managed = _in(python, "userManagedDependencies", Cursor.truth)
    uses_docker = _in(docker, "enabled", Cursor.truth)
    return EnvironmentChoice(
        name=optional(cursor.get("name"), Cursor.text),
        version=optional(cursor.get("version"), Cursor.scalar_text),
        image=_in(docker, "baseImage", Cursor.text) if uses_docker else None,
        dockerfile=_in(docker, "baseDockerfile", Cursor.text) if uses_docker else None,
        conda=None if managed else _conda(python, context),
        interpreter=_in(python, "interpreterPath", Cursor.text) if managed else None,
    )


def _conda(python: Optional[Cursor], context: Context) -> Optional[Mapping[str, Any]]:
    if python is None:
        return None
    file, inline = python.get("condaDependenciesFile"), python.get("condaDependencies")
    if file is not None:
        beside = Context(_project(context.folder), context.dialect, context.check_paths)
        return read_conda(file, beside)
    return None if inline is None else read_conda(inline, context)


def _project(folder: Path) -> Path:
    """The folder that holds ``.azureml``: paths of a configuration start there."""
    return folder.parent if folder.name in (".azureml", "aml_config") else folder


def _distribution(job: Cursor, framework: str, nodes: int) -> Optional[Distribution]:
    kind = optional(job.get("communicator"), lambda item: item.choice(COMMUNICATORS), "None")
    if kind in ("OpenMpi", "IntelMpi", "Mpi"):
        each = _in(_section(job, "mpi"), "processCountPerNode", lambda item: item.integer(1))
        return Distribution("mpi", process_count_per_instance=each or 1)
    if kind == "ParameterServer":
        section = _section(job, "tensorflow")
        workers = _in(section, "workerCount", lambda item: item.integer(1))
        servers = _in(section, "parameterServerCount", lambda item: item.integer(0))
        return Distribution(
            "tensorflow",
            worker_count=workers or 1,
            parameter_server_count=1 if servers is None else servers,
        )
    if kind in ("Gloo", "Nccl") or (framework == "PyTorch" and kind != "None"):
        total = _in(_section(job, "pytorch"), "processCount", lambda item: item.integer(1)) or nodes
        if total % nodes:
            job.members()["pytorch"].error(
                f"{total} processes on {nodes} nodes", f"a multiple of {nodes}"
            )
        return Distribution("pytorch", process_count_per_instance=max(1, total // nodes))
    return None


def _section(cursor: Cursor, name: str) -> Optional[Cursor]:
    """A map below; an error when something else stands there."""
    found = cursor.get(name)
    if found is not None:
        found.members()
    return found


def _in(section: Optional[Cursor], name: str, read: Any) -> Any:
    return None if section is None else optional(section.get(name), read)
