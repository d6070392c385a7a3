"""The parts of an environment: its Python, its container, the registry of its image."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from ml_jupyter._files import PathLike
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.conda_dependencies import CondaDependencies
from ml_jupyter.sdk.section import Section

#: The base images that the Azure ML SDK names; they are fetched from their public registry.
DEFAULT_CPU_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04"
DEFAULT_GPU_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-cuda11.1-cudnn8-ubuntu20.04"


class PythonSection(Section):
    """Which Python, and who installs its packages.

    Attributes
    ----------
    user_managed_dependencies : bool
        True: the interpreter is taken as it is, nothing is installed.
    interpreter_path : str
        The interpreter; ``python`` means the one that submits, and inside a container its own.
    conda_dependencies : CondaDependencies
        Packages of an environment that is to be built.
    conda_dependencies_file : str, optional
        A file to read them from instead.
    """

    def __init__(self, **_: Any) -> None:
        self.user_managed_dependencies = False
        self.interpreter_path = "python"
        self.conda_dependencies_file: Optional[str] = None
        self.base_conda_environment: Optional[str] = None
        self.conda_dependencies: Optional[CondaDependencies] = CondaDependencies()

    def packages(self) -> CondaDependencies:
        """The packages that count: those of the file, when one is named.

        Raises
        ------
        UserErrorException
            The file is not a conda specification, or what was assigned is none.
        """
        if self.conda_dependencies_file:
            return CondaDependencies(self.conda_dependencies_file)
        found: Any = self.conda_dependencies
        if found is None:
            return CondaDependencies()
        if isinstance(found, Mapping):
            return CondaDependencies(_underlying_structure=found)
        if not isinstance(found, CondaDependencies):
            raise UserErrorException(
                f"environment.python.conda_dependencies is a {type(found).__name__}; "
                "it takes CondaDependencies."
            )
        return found

    def update(self, values: Mapping[str, Any]) -> None:
        """Take settings over; packages become ``CondaDependencies`` again."""
        rest = dict(values)
        packages = rest.pop("condaDependencies", None)
        super().update(rest)
        if packages is not None:
            self.conda_dependencies = CondaDependencies(_underlying_structure=packages)


class ContainerRegistry(Section):
    """Where an image is fetched from, and as whom.

    User name and password reach no file of a workspace: they are kept in a private file of the
    user's, and ``key`` finds them there.
    """

    def __init__(self) -> None:
        self.address: Optional[str] = None
        self.username: Optional[str] = None
        self.password: Optional[str] = None
        self.key: Optional[str] = None

    def to_dict(self) -> Dict[str, Any]:
        """Address and key; no credentials."""
        return {"address": self.address, "key": self.key}

    def reference(self, settings: Settings) -> Optional[Dict[str, str]]:
        """What may be written down; credentials are put into the private file first."""
        if self.username and self.password:
            from ml_jupyter.containers import registry

            kept = registry.keep(settings, self.address or "", self.username, self.password)
            self.key = kept["key"]
        if not self.address and not self.key:
            return None
        return {"address": self.address or "", "key": self.key or ""}

    def __repr__(self) -> str:
        shown = None if self.password is None else "***"
        return (
            f"ContainerRegistry(address={self.address!r}, username={self.username!r}, "
            f"password={shown!r})"
        )


class DockerSection(Section):
    """Whether and in which image the script runs."""

    def __init__(self, **_: Any) -> None:
        self.enabled = False
        self.base_image: Optional[str] = DEFAULT_CPU_IMAGE
        self.base_dockerfile: Optional[str] = None
        self.base_image_registry = ContainerRegistry()
        self.build_context: Optional[DockerBuildContext] = None
        self.arguments: Any = []
        self.shm_size: Optional[str] = "2g"
        self.shared_volumes = True
        self.gpu_support = True
        self.platform: Dict[str, str] = {"os": "Linux", "architecture": "amd64"}

    def update(self, values: Mapping[str, Any]) -> None:
        """Take settings over; a build context becomes an object again."""
        rest = dict(values)
        context = rest.pop("buildContext", None)
        super().update(rest)
        if context:
            self.build_context = DockerBuildContext()
            self.build_context.update(context)


class DockerBuildContext(Section):
    """A folder with a Dockerfile.

    Parameters
    ----------
    location_type : str, optional
        ``LocalFolder``.
    location : path, optional
        The folder.
    dockerfile_path : str
        The Dockerfile, relative to it.
    """

    class LocationType:
        """Kinds of places."""

        LOCAL = "LocalFolder"
        GIT = "git"
        STORAGE_ACCOUNT = "storageAccount"

    def __init__(
        self,
        location_type: Optional[str] = None,
        location: Optional[PathLike] = None,
        dockerfile_path: str = "Dockerfile",
    ) -> None:
        self.location_type = location_type or self.LocationType.LOCAL
        self.location = None if location is None else os.path.abspath(str(location))
        self.dockerfile_path = dockerfile_path

    @staticmethod
    def from_local_directory(
        workspace: Any, path: PathLike, dockerfile_path: str = "Dockerfile"
    ) -> DockerBuildContext:
        """The context of a folder on this machine.

        Raises
        ------
        UserErrorException
            It holds no such Dockerfile.
        """
        made = DockerBuildContext(DockerBuildContext.LocationType.LOCAL, path, dockerfile_path)
        made.dockerfile()
        return made

    def dockerfile(self) -> str:
        """Text of the Dockerfile.

        Raises
        ------
        UserErrorException
            It cannot be read.
        """
        file = Path(self.location or "") / self.dockerfile_path
        try:
            return file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UserErrorException(f"The Dockerfile {file} cannot be read: {error}") from error


class SparkSection(Section):
    """Settings of Spark jobs: kept, and without effect here."""

    def __init__(self, **_: Any) -> None:
        self.repositories: List[str] = []
        self.packages: List[Any] = []
        self.precache_packages = True
