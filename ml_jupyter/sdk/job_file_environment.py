"""The environment that a job file asks for, as an ``Environment``."""

from __future__ import annotations

import warnings
from typing import Optional

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.jobfile.model import EnvironmentChoice
from ml_jupyter.sdk.conda_dependencies import CondaDependencies
from ml_jupyter.sdk.environment import Environment, current
from ml_jupyter.sdk.environment_sections import DockerBuildContext
from ml_jupyter.sdk.workspace import Workspace

_INLINE = "inline"
_CURATED = ("AzureML", "ACPT")


def environment_of(choice: Optional[EnvironmentChoice], workspace: Workspace) -> Environment:
    """The environment of a job.

    Raises
    ------
    UserErrorException
        It names one that is not there.
    """
    if choice is None:
        return current()
    if choice.is_reference:
        return _registered(choice, workspace)
    made = Environment(choice.name or _INLINE)
    if choice.interpreter is not None:
        made.python.user_managed_dependencies = True
        made.python.interpreter_path = choice.interpreter
    if choice.conda is not None:
        made.python.conda_dependencies = CondaDependencies(_underlying_structure=choice.conda)
    elif choice.interpreter is None:
        made.python.user_managed_dependencies = True
    _in_docker(made, choice)
    return made.register(workspace) if choice.name else made


def _in_docker(made: Environment, choice: EnvironmentChoice) -> None:
    if choice.image is None and choice.dockerfile is None:
        return
    made.docker.enabled = True
    made.docker.base_image = choice.image
    made.docker.base_dockerfile = choice.dockerfile
    if choice.dockerfile is not None and choice.context is not None:
        made.docker.build_context = DockerBuildContext("LocalFolder", str(choice.context))


def _registered(choice: EnvironmentChoice, workspace: Workspace) -> Environment:
    name, version = str(choice.name), choice.version
    wanted = None if version in (None, "latest") else version
    try:
        return Environment.get(workspace, name, wanted)
    except UserErrorException:
        if not name.startswith(_CURATED) or wanted is None:
            raise
    found = Environment.get(workspace, name)
    warnings.warn(
        f"Curated environment {name!r} is there in version {found.version}, not {wanted}; "
        "that one is used.",
        UserWarning,
        stacklevel=3,
    )
    return found
