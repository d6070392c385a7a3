"""Run configurations of the SDK v1; keys that are not known are only warned of."""

from __future__ import annotations

from typing import Any, Dict

from ml_jupyter.jobfile import runconfig
from ml_jupyter.jobfile.schema.software import conda
from ml_jupyter.jobfile.schema.words import (
    Schema,
    anything,
    either,
    given,
    items,
    number,
    scalars,
    text,
    truth,
    whole,
    word,
)

_WORDS = items("Words of a command line.", {"type": ["string", "number", "boolean"]})


def run_configuration() -> Schema:
    """A ``.runconfig``."""
    described: Dict[str, Any] = {
        "$schema": text("Schema of this file, for editors."),
        "script": text("Script to run, relative to the source folder."),
        "arguments": either("Arguments of the script.", given(text("One.")), given(_WORDS)),
        "command": either("A command instead.", given(text("One line.")), given(_WORDS)),
        "target": text("local, or the name of a compute target."),
        "framework": word("Framework.", [f for f in runconfig.FRAMEWORKS if f != "PySpark"]),
        "communicator": word("How processes find each other.", runconfig.COMMUNICATORS),
        "nodeCount": whole("Nodes of the job.", 1),
        "maxRunDurationSeconds": number("Seconds after which it is stopped."),
        "environment": either("Software.", given(text("A registered name.")), _environment()),
        "environmentVariables": scalars("Variables of every process."),
        "mpi": _section(processCountPerNode=whole("Processes on each node.", 1)),
        "tensorflow": _section(
            workerCount=whole("Workers.", 1), parameterServerCount=whole("Parameter servers.", 0)
        ),
        "pytorch": _section(processCount=whole("Processes in all.", 1)),
    }
    kept = {name: anything("Kept.") for name in runconfig.KEYS if name not in described}
    return {"type": "object", "properties": {**described, **kept}}


def _environment() -> Schema:
    python = _section(
        userManagedDependencies=truth("Take the interpreter as it is."),
        interpreterPath=text("The interpreter."),
        condaDependenciesFile=text("Path of a conda file."),
        condaDependencies=either("A conda specification.", {"type": "string"}, conda()),
    )
    docker = _section(
        enabled=truth("Run in a container."),
        baseImage=text("Image to run in."),
        baseDockerfile=text("Text of a Dockerfile."),
    )
    return {
        "type": "object",
        "properties": {
            "name": text("Name of the environment."),
            "version": text("Its version."),
            "python": python,
            "docker": docker,
            "environmentVariables": scalars("Variables of every process."),
        },
    }


def _section(**described: Schema) -> Schema:
    return {"type": ["object", "null"], "properties": described}
