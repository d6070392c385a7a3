"""Whether a job runs in a container, in which image, and with which options (surface 5.7, 6.4)."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from ml_jupyter.config import Settings
from ml_jupyter.environments import EnvironmentSpec
from ml_jupyter.environments.specification import DOCKER
from ml_jupyter.exceptions import RunConfigurationException, UserErrorException
from ml_jupyter.sdk.environment import Environment
from ml_jupyter.sdk.run_configuration import RunConfiguration


def software_of(config: RunConfiguration, target: Any, settings: Settings) -> EnvironmentSpec:
    """The environment of a job: in an image when it, its configuration or its target says so.

    Raises
    ------
    UserErrorException
        ``environment`` is no environment, or names an interpreter that is not there.
    """
    environment: Any = config.environment
    if not isinstance(environment, Environment):
        raise UserErrorException(
            f"environment must be an Environment, not {type(environment).__name__}."
        )
    asked = environment.docker.enabled or config.docker.use_docker
    own = getattr(target, "container", None)
    if own is not None and not asked and own.get("image"):
        environment = copy.deepcopy(environment)
        environment.docker.base_image = own["image"]
    found: EnvironmentSpec = environment.specification(settings, in_docker=asked or own is not None)
    return found


def contained(
    software: EnvironmentSpec,
    config: RunConfiguration,
    target: Any,
    workspace: Path,
    settings: Settings,
    gpus: float,
) -> Tuple[EnvironmentSpec, Optional[Dict[str, Any]]]:
    """The environment with the engine that has its image, and the container of the job.

    Parameters
    ----------
    software : EnvironmentSpec
        As ``software_of`` gave it.
    workspace : Path
        Folder of the workspace, which the container must see too.
    settings : Settings
        Name the folder where containers are noted that could not be removed in their time.
    gpus : float
        GPUs that the job asks for.

    Returns
    -------
    EnvironmentSpec, dict or None
        None: the job does not run in a container.

    Raises
    ------
    DockerUnavailable
        There is no usable engine; says why.
    RunConfigurationException
        An option of the container that cannot be.
    """
    if software.mode != DOCKER:
        return software, None
    from ml_jupyter import containers

    wanted = _options(config, getattr(target, "container", None) or {})
    made = containers.ContainerSpec(**wanted)
    made.check()
    engine = containers.connect()
    containers.sweep(settings)
    folders = [workspace, *containers.folders_of(settings)]
    kind = containers.check(engine, folders=folders, gpus=gpus)
    spec = containers.ContainerSpec(**wanted, engine=engine.host, options=kind)
    return software.with_(engine=engine.host), spec.to_json()


def _options(config: RunConfiguration, target: Mapping[str, Any]) -> Dict[str, Any]:
    """What asks for Docker says how: the job's own configuration, its environment, its target."""
    if config.docker.use_docker:
        found: Any = config.docker
    elif config.environment.docker.enabled or not target:
        found = config.environment.docker
    else:
        return {
            "arguments": _arguments(target.get("arguments")),
            "shm_size": str(target.get("shm_size") or ""),
            "shared_volumes": bool(target.get("shared_volumes", True)),
        }
    return {
        "arguments": _arguments(found.arguments),
        "shm_size": str(found.shm_size or ""),
        "shared_volumes": bool(getattr(found, "shared_volumes", True)),
    }


def _arguments(items: Any) -> Tuple[str, ...]:
    if isinstance(items, (str, bytes)) or not isinstance(items, (list, tuple, type(None))):
        raise RunConfigurationException(
            f"arguments of a Docker configuration must be a list, not {type(items).__name__}.",
            hint="Write ['--ipc', 'host'] instead of '--ipc host'.",
        )
    return tuple(str(item) for item in items or ())
