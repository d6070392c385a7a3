"""What can be known of an environment before it is built, and whether it is still there."""

from __future__ import annotations

import os
from typing import Optional, Tuple

from ml_jupyter.config import Settings
from ml_jupyter.environments import requirements, store, tools
from ml_jupyter.environments.specification import CONDA, DOCKER, PIP, USER, EnvironmentSpec
from ml_jupyter.exceptions import (
    DockerFailed,
    DockerUnavailable,
    RunConfigurationException,
    UserErrorException,
)


def check(
    spec: EnvironmentSpec, settings: Settings, tools_python: Optional[str] = None
) -> Tuple[str, ...]:
    """See, before anything is written, that an environment can be had as far as that is known.

    Parameters
    ----------
    tools_python : str, optional
        The Python that will build it (``LaunchSpec.tools``); default: this one, or the first
        submitter's in one of its jobs.

    Returns
    -------
    tuple of str
        What the user should be told.

    Raises
    ------
    RunConfigurationException, UserErrorException, MissingDependency, TargetUnavailable
        It cannot be had; says why and what to do.
    """
    _check_requirements(spec)
    if spec.mode == USER:
        from ml_jupyter.environments import unmet

        return unmet.warnings(spec)
    if spec.mode == DOCKER:
        _check_image(spec)
        still_there(spec, settings)
    if spec.mode == CONDA:
        tools.check_conda(tools_python or tools.default_python())
    return _remarks(spec)


def still_there(spec: EnvironmentSpec, settings: Settings) -> bool:
    """Whether the engine has the image; when it was removed, it will be made again."""
    from ml_jupyter.containers import engine, images

    place = store.place_of(spec, settings)
    found = place.prepared()
    if found is None or found.image is None:
        return found is not None
    try:
        client = engine.connect_to(spec.engine) if spec.engine else engine.connect()
        there = images.find(client, found.image, settings) is not None
    except (DockerFailed, DockerUnavailable):  # what starts the job says it better
        return True
    if not there:
        place.discard()
    return there


def _check_requirements(spec: EnvironmentSpec) -> None:
    for item in (*spec.pip, *spec.pip_options):
        words = item.split()
        local = words[-1] if words and words[0] in ("-e", "--editable") else item.strip()
        if (item.startswith(("-e", "--editable")) or local.startswith((".", "/"))) and not (
            os.path.isabs(local) and os.path.exists(local)
        ):
            raise RunConfigurationException(
                f"Environment {spec.name!r}: {item!r} is not a file or folder of this machine.",
                hint="Give its whole path, or put the code into source_directory.",
            )


def _check_image(spec: EnvironmentSpec) -> None:
    from ml_jupyter import containers

    if spec.image and spec.dockerfile:
        raise RunConfigurationException(
            f"Environment {spec.name!r}: docker.base_image and base_dockerfile are both set.",
            hint="Set docker.base_image = None to build from the Dockerfile.",
        )
    if not spec.image and not spec.dockerfile:
        raise UserErrorException(
            f"Environment {spec.name!r}: docker is asked for, with neither image nor Dockerfile."
        )
    containers.connect_to(spec.engine) if spec.engine else containers.connect()


def _remarks(spec: EnvironmentSpec) -> Tuple[str, ...]:
    if spec.mode != PIP:
        return ()
    beyond = requirements.beyond_python(spec.conda)
    if not beyond:
        return ()
    _, left = requirements.translated(beyond)
    text = f"Environment {spec.name!r}: its conda packages are taken from the package index of pip"
    return (f"{text}, without {', '.join(left)}." if left else f"{text}.",)
