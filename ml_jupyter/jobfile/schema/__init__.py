"""JSON Schemas of the job files, for editors: the keys and values that the readers take.

They are made from the readers' own tables, so that a key which a reader learns is missing from no
schema. What they cannot say stays with ``mlj job validate``: paths, references in commands, and
numbers that must fit each other.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, NamedTuple, Tuple

from ml_jupyter.jobfile.schema.jobs import command_job, sweep_job
from ml_jupyter.jobfile.schema.runconfig import run_configuration
from ml_jupyter.jobfile.schema.software import inline

DRAFT = "http://json-schema.org/draft-07/schema#"


class Kind(NamedTuple):
    """A kind of file: what it is, the base name of its schema, the files it is for, its maker."""

    title: str
    file: str
    matches: Tuple[str, ...]
    make: Callable[[], Dict[str, Any]]


KINDS: Mapping[str, Kind] = {
    "command": Kind("Command job", "commandJob.schema.json", ("job.yml", "job.yaml"), command_job),
    "sweep": Kind(
        "Sweep job",
        "sweepJob.schema.json",
        ("job-sweep.yml", "*sweep.yml", "*sweep.yaml"),
        sweep_job,
    ),
    "environment": Kind(
        "Environment", "environment.schema.json", ("*environment-asset.yml",), inline
    ),
    "runconfig": Kind(
        "Run configuration of the SDK v1",
        "runConfiguration.schema.json",
        ("*.runconfig",),
        run_configuration,
    ),
}


def document(kind: str) -> Dict[str, Any]:
    """The schema of a kind of file (a key of ``KINDS``), in JSON Schema draft 7."""
    wanted = KINDS[kind]
    return {"$schema": DRAFT, "title": wanted.title, **wanted.make()}


def path(kind: str) -> Path:
    """Where the schema lies in the installed package, for editors that want a file."""
    return Path(__file__).parent / KINDS[kind].file


def text(kind: str) -> str:
    """The schema as it lies in the package."""
    return json.dumps(document(kind), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
