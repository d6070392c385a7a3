"""Which of the four ways an environment is made (surface 6.4), and what is made then."""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Optional, Tuple

from ml_jupyter.config import Settings
from ml_jupyter.environments import requirements
from ml_jupyter.environments.specification import CONDA, DOCKER, PIP, USER, EnvironmentSpec
from ml_jupyter.sdk import interpreter

if TYPE_CHECKING:
    from ml_jupyter.sdk.conda_dependencies import CondaDependencies
    from ml_jupyter.sdk.environment import Environment


def mode_of(environment: Environment, settings: Settings, in_docker: bool) -> str:
    """``user``, ``pip``, ``conda`` or ``docker``."""
    if settings.environment_mode:
        return settings.environment_mode
    if environment.docker.enabled or in_docker:
        return DOCKER
    if environment.python.user_managed_dependencies:
        return USER
    packages = environment.python.packages()
    return CONDA if requirements.beyond_python(list(packages.conda_packages)) else PIP


def specification(environment: Environment, settings: Settings, in_docker: bool) -> EnvironmentSpec:
    """See ``Environment.specification``."""
    mode = mode_of(environment, settings, in_docker)
    packages = environment.python.packages()
    spec = EnvironmentSpec(
        name=environment.name,
        mode=mode,
        version=environment.version,
        pip=requirements.without_ours(list(packages.pip_packages)),
        pip_options=tuple(packages.pip_options),
        python_version=packages.get_python_version() or "",
    )
    if mode == USER:
        return spec.with_(interpreter=interpreter.checked(environment.interpreter))
    if mode == DOCKER:
        return _in_image(environment, settings, packages, spec)
    conda = tuple(packages.conda_packages)
    if mode == CONDA:
        return spec.with_(conda=_with_python(packages), channels=tuple(packages.conda_channels))
    translated, _ = requirements.translated(conda)
    beyond = requirements.beyond_python(conda)  # said at submission, not installed as such
    return spec.with_(pip=(*spec.pip, *translated), conda=beyond)


def _in_image(
    environment: Environment, settings: Settings, packages: CondaDependencies, spec: EnvironmentSpec
) -> EnvironmentSpec:
    docker, python = environment.docker, environment.python
    spec = spec.with_(
        image=docker.base_image,
        dockerfile=docker.base_dockerfile,
        build_context=None if docker.build_context is None else docker.build_context.location,
        registry=docker.base_image_registry.reference(settings),
        interpreter=_inside(python.interpreter_path),
    )
    if python.user_managed_dependencies:
        return spec.with_(pip=(), pip_options=(), python_version="")
    if not requirements.beyond_python(list(packages.conda_packages)):
        return spec
    return spec.with_(conda=_with_python(packages), channels=tuple(packages.conda_channels))


def _inside(path: Optional[str]) -> str:
    return path or "python"


def _with_python(packages: CondaDependencies) -> Tuple[str, ...]:
    python: List[str] = []
    for item in packages.as_dict()["dependencies"]:
        if isinstance(item, str) and requirements.name_of(item) == "python":
            python.append(item)
    return (*python, *requirements.without_ours(list(packages.conda_packages)))
