"""``Environment``: the software that a script runs in (surface 6).

Longer than other files, because Azure ML's class has that many methods; each of them is a line
that leads to the module that does it.
"""

from __future__ import annotations

import copy
import sys
from typing import TYPE_CHECKING, Any, Dict, Optional

from ml_jupyter import _ids
from ml_jupyter._files import PathLike
from ml_jupyter.config import Settings
from ml_jupyter.environments.specification import EnvironmentSpec
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.environment_sections import (
    DEFAULT_CPU_IMAGE,
    DEFAULT_GPU_IMAGE,
    ContainerRegistry,
    DockerBuildContext,
    DockerSection,
    PythonSection,
    SparkSection,
)
from ml_jupyter.sdk.section import Section

if TYPE_CHECKING:
    from ml_jupyter.history.run_folder import RunFolder
    from ml_jupyter.sdk.environment_building import BuildDetails, ImageDetails
    from ml_jupyter.sdk.workspace import Workspace

__all__ = [
    "DEFAULT_CPU_IMAGE",
    "DEFAULT_GPU_IMAGE",
    "ContainerRegistry",
    "DockerBuildContext",
    "DockerSection",
    "Environment",
    "EnvironmentReference",
    "PythonSection",
    "SparkSection",
    "current",
    "from_dict",
    "of_run",
]
_CELL = "text-align:left;padding:2px 12px 2px 0;vertical-align:top"


class Environment(Section):
    """What a script runs in.

    Parameters
    ----------
    name : str
        1-255 letters, digits, ``-``, ``_``, ``.``.

    Examples
    --------
    >>> environment = Environment("user-managed-env")
    >>> environment.python.user_managed_dependencies = True
    """

    def __init__(self, name: str, **_: Any) -> None:
        _ids.check_name(str(name).replace(".", "-"), "Environment")
        self.name = name
        self.version: Optional[str] = None
        self.python = PythonSection()
        self.docker = DockerSection()
        self.spark = SparkSection()
        self.environment_variables: Dict[str, str] = {}
        self.inferencing_stack_version: Optional[str] = None

    # -- making one

    @staticmethod
    def from_conda_specification(name: str, file_path: PathLike) -> Environment:
        """An environment with the packages of a conda specification.

        Raises
        ------
        UserErrorException
            There is no such file, or it is none.
        """
        from ml_jupyter.sdk import environment_sources

        return environment_sources.conda_file(name, file_path)

    @staticmethod
    def from_pip_requirements(
        name: str, file_path: PathLike, pip_version: Optional[str] = None
    ) -> Environment:
        """An environment with the packages of a requirements file.

        Parameters
        ----------
        pip_version : str, optional
            Version of pip that the environment has itself; packages are installed without it.

        Raises
        ------
        UserErrorException
            There is no such file.
        """
        from ml_jupyter.sdk import environment_sources

        return environment_sources.requirements_file(name, file_path, pip_version)

    @staticmethod
    def from_existing_conda_environment(name: str, conda_environment_name: str) -> Environment:
        """An environment with what a conda environment of this machine holds now.

        Raises
        ------
        UserErrorException
            There is no conda, or no such environment.
        """
        from ml_jupyter.sdk import environment_sources

        return environment_sources.existing_conda(name, conda_environment_name)

    @staticmethod
    def from_docker_image(
        name: str,
        image: str,
        container_registry: Optional[ContainerRegistry] = None,
        conda_specification: Optional[PathLike] = None,
        pip_requirements: Optional[PathLike] = None,
    ) -> Environment:
        """An environment in an image, with packages added to it or as it is.

        Raises
        ------
        UserErrorException
            Both kinds of packages are given, or a file is missing.
        """
        from ml_jupyter.sdk import environment_sources

        made = environment_sources.in_container(name, conda_specification, pip_requirements)
        made.docker.base_image = image
        if container_registry is not None:
            made.docker.base_image_registry = copy.deepcopy(container_registry)
        return made

    @staticmethod
    def from_dockerfile(
        name: str,
        dockerfile: PathLike,
        conda_specification: Optional[PathLike] = None,
        pip_requirements: Optional[PathLike] = None,
    ) -> Environment:
        """An environment in the image that a Dockerfile makes; its file or its text.

        Raises
        ------
        UserErrorException
            Both kinds of packages are given, or a file is missing.
        """
        from ml_jupyter.sdk import environment_sources

        made = environment_sources.in_container(name, conda_specification, pip_requirements)
        made.docker.base_image = None
        made.docker.base_dockerfile = environment_sources.dockerfile_text(dockerfile)
        return made

    @staticmethod
    def from_docker_build_context(
        name: str, docker_build_context: DockerBuildContext
    ) -> Environment:
        """An environment in the image that a folder with a Dockerfile makes."""
        from ml_jupyter.sdk import environment_sources

        made = environment_sources.in_container(name, None, None)
        made.docker.base_image = None
        made.docker.base_dockerfile = docker_build_context.dockerfile()
        made.docker.build_context = copy.deepcopy(docker_build_context)
        return made

    # -- interpreter and specification

    @property
    def interpreter(self) -> str:
        """Path or name of the interpreter that runs the script when nothing is built."""
        path = self.python.interpreter_path
        return sys.executable if path in ("python", "", None) else str(path)

    def specification(self, settings: Settings, *, in_docker: bool = False) -> EnvironmentSpec:
        """What is to be built, and by which of the four ways (surface 6.4).

        Parameters
        ----------
        settings : Settings
            ``environment_mode`` forces a way.
        in_docker : bool
            The run asks for a container (``DockerConfiguration``).

        Raises
        ------
        UserErrorException, RunConfigurationException
            The environment contradicts itself.
        """
        from ml_jupyter.sdk import environment_mode

        return environment_mode.specification(self, settings, in_docker)

    # -- building ahead of a run

    def build(self, workspace: Workspace, image_build_compute: Any = None) -> BuildDetails:
        """Build it in the background; what tells how far that is. Goes on when this process ends.

        Parameters
        ----------
        image_build_compute : object, optional
            Has no effect: it is built on this machine.
        """
        from ml_jupyter.sdk import environment_building

        return environment_building.start(self, workspace)

    def build_local(
        self, workspace: Workspace, platform: Any = None, **_: Any
    ) -> Dict[str, Optional[str]]:
        """Build it now and print what the installer says.

        Returns
        -------
        dict
            ``interpreter`` and ``image`` that runs will use.

        Raises
        ------
        EnvironmentBuildFailed
            It cannot be built.
        """
        from ml_jupyter.sdk import environment_building

        return environment_building.now(self, workspace)

    def get_image_details(self, workspace: Workspace) -> ImageDetails:
        """What is known of the built environment: whether it is there, since when, where."""
        from ml_jupyter.sdk import environment_building

        return environment_building.details(self, workspace)

    # -- copies and folders

    def clone(self, new_name: str) -> Environment:
        """A deep copy with another name and no version."""
        made = copy.deepcopy(self)
        made.name, made.version = Environment(new_name).name, None
        return made

    def save_to_directory(self, path: PathLike, overwrite: bool = False) -> None:
        """Write ``azureml_environment.json`` and ``conda_dependencies.yml`` into a folder.

        Raises
        ------
        UserErrorException
            The folder exists and ``overwrite`` is False.
        """
        from ml_jupyter.sdk import environment_sources

        environment_sources.save(self, path, overwrite)

    @staticmethod
    def load_from_directory(path: PathLike) -> Environment:
        """The environment that ``save_to_directory`` wrote; an edited YAML file counts.

        Raises
        ------
        UserErrorException
            The folder holds none.
        """
        from ml_jupyter.sdk import environment_sources

        return environment_sources.load(path)

    # -- registered ones

    def register(self, workspace: Workspace) -> Environment:
        """Store the environment in the workspace; a new version only when its content changed.

        Raises
        ------
        UserErrorException
            The name is reserved.
        """
        from ml_jupyter.sdk import environment_store

        return environment_store.register(self, workspace)

    @staticmethod
    def get(
        workspace: Workspace,
        name: str,
        version: Optional[str] = None,
        label: Optional[str] = None,
    ) -> Environment:
        """A registered or curated environment, the latest by default.

        Changing it leaves the stored one as it is.

        Parameters
        ----------
        version : str, optional
            A version's number.
        label : str, optional
            ``latest``, or one that ``Environment.label`` has given.

        Raises
        ------
        UserErrorException
            There is none of this name, version or label.
        """
        from ml_jupyter.sdk import environment_store

        return environment_store.get(workspace, name, version, label)

    @staticmethod
    def list(workspace: Workspace) -> Dict[str, Environment]:
        """The latest version of each registered environment, and the curated ones, by name."""
        from ml_jupyter.sdk import environment_store

        return environment_store.all_of(workspace)

    @staticmethod
    def label(workspace: Workspace, name: str, version: str, labels: Any) -> None:
        """Give labels to a version; each label belongs to one version of a name at a time.

        Raises
        ------
        UserErrorException
            There is no such version, or a label is reserved (``latest``).
        """
        from ml_jupyter.sdk import environment_store

        environment_store.label(workspace, name, version, labels)

    @staticmethod
    def add_private_pip_wheel(
        workspace: Workspace, file_path: PathLike, exist_ok: bool = False
    ) -> str:
        """Keep a wheel in the workspace; the requirement to give to ``add_pip_package``.

        Raises
        ------
        UserErrorException
            It is no wheel, or one of this name is kept already and ``exist_ok`` is False.
        """
        from ml_jupyter.sdk import environment_store

        return environment_store.keep_wheel(workspace, file_path, exist_ok)

    # -- being shown

    def _facts(self) -> Dict[str, str]:
        from ml_jupyter.environments import curated

        packages = self.python.packages()
        listed = [*packages.conda_packages, *packages.pip_packages]
        facts = {"Environment": self.name, "Version": self.version or "not registered"}
        known = curated.find(self.name)
        if known is not None:
            facts["Here"] = known.meaning
        if self.python.user_managed_dependencies:
            facts["Python"] = f"{self.interpreter}, as it is"
        else:
            facts["Python"] = packages.get_python_version() or "any"
            facts["Packages"] = ", ".join(listed) or "none"
        if self.docker.enabled:
            facts["Docker"] = self.docker.base_image or "from a Dockerfile"
        return facts

    def __str__(self) -> str:
        return "\n".join(f"{name}: {text}" for name, text in self._facts().items())

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f'<tr><th style="{_CELL};font-weight:600">{escape(name)}</th>'
            f'<td style="{_CELL}">{escape(text)}</td></tr>'
            for name, text in self._facts().items()
        )
        return f'<table style="color:inherit;font-size:inherit"><tbody>{rows}</tbody></table>'


class EnvironmentReference:
    """The name, and perhaps the version, of an environment that is looked up later."""

    def __init__(self, name: str, version: Optional[str] = None) -> None:
        self.name = name
        self.version = version

    def get_environment(self, workspace: Workspace) -> Environment:
        """The environment; see ``Environment.get``."""
        return Environment.get(workspace, self.name, self.version)


def from_dict(value: Dict[str, Any]) -> Environment:
    """The environment whose ``to_dict`` is ``value``."""
    made = Environment(value["name"])
    variables = value.get("environmentVariables") or {}
    made.update({key: item for key, item in value.items() if key != "environmentVariables"})
    made.environment_variables = {str(key): str(item) for key, item in variables.items()}
    return made


def current() -> Environment:
    """The environment that is used when none is given: the Python that submits."""
    made = Environment("current-python")
    made.python.user_managed_dependencies = True
    return made


def of_run(run: RunFolder) -> Environment:
    """The environment in which a submitted run runs.

    Raises
    ------
    UserErrorException
        The run was not submitted.
    """
    value = run.record.definition.get("environment")
    if not value:
        raise UserErrorException(f"Run {run.id} is interactive and has no environment.")
    return from_dict(dict(value))
