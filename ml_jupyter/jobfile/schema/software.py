"""``environment``."""

from __future__ import annotations

from typing import Optional

from ml_jupyter.jobfile import software
from ml_jupyter.jobfile.schema.words import (
    Schema,
    anything,
    either,
    given,
    items,
    keys,
    scalars,
    text,
)

_REFERENCE = text(
    "A registered environment azureml:NAME:VERSION or azureml:NAME@latest, or file:PATH.",
    pattern=r"^(azureml:\S+|file:.+)$",
    right="azureml:NAME:VERSION, azureml:NAME@latest, or file:PATH",
)
_BUILD = {
    "path": text("Folder that the Dockerfile copies from; default: this file's."),
    "dockerfile_path": text("The Dockerfile, relative to that folder."),
    "dockerfile": text("Spelling of May 2021: path or text of a Dockerfile."),
    "context": text("Spelling of May 2021 for path."),
    "local_path": text("Spelling of December 2021 for path."),
}


def environment() -> Schema:
    """A name, or what it is made of."""
    return either(
        "The software of the job; absent: the Python that submits it.",
        given(_REFERENCE),
        inline(),
    )


def inline(schema_key: Optional[Schema] = None) -> Schema:
    """The map of an environment, as it stands in a file of its own too."""
    build = either("Build an image from a Dockerfile.", keys(software.BUILD_KEYS, _BUILD))
    image = text("Image to run in.")
    docker = keys(software.DOCKER_KEYS, {"image": image, "build": build})
    described = {
        "$schema": schema_key or text("Schema of this file, for editors."),
        "name": text("Registers the environment under this name."),
        "version": text("Version to register it as."),
        "description": text("What it is for."),
        "tags": anything("Words to find it by."),
        "os_type": anything("Kept."),
        "inference_config": anything("Kept."),
        "properties": anything("Kept."),
        "python": anything("Kept."),
        "image": image,
        "build": build,
        "docker": either("Spelling of May 2021: image or build inside docker.", docker),
        "conda_file": either("A conda specification: its path, or the map itself.",
                             {"type": ["string", "number", "boolean"]}, conda()),
    }  # fmt: skip
    return keys(("$schema", *software.KEYS), described)


def conda() -> Schema:
    """A conda specification."""
    packages = items("Packages for pip.", {"type": ["string", "number", "boolean"]})
    package: Schema = {
        "anyOf": [
            {"type": ["string", "number", "boolean"]},
            keys(("pip",), {"pip": packages}),
        ]
    }
    return {
        "type": "object",
        "properties": {
            "name": text("Name of the environment."),
            "channels": anything("Where packages come from, best first."),
            "dependencies": given(items("Packages.", package)),
            "prefix": anything("Kept."),
            "variables": scalars("Environment variables."),
        },
        "required": ["dependencies"],
    }
