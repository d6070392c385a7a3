"""``DockerCompute``: this machine, each job in a container."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from ml_jupyter.compute.docker import KIND, DockerTarget, unusable
from ml_jupyter.compute.record import TargetConfiguration
from ml_jupyter.sdk import session
from ml_jupyter.sdk.compute import ComputeTarget
from ml_jupyter.sdk.labels import tags_of


class DockerProvisioningConfiguration:
    """What a Docker target is to be; see ``DockerCompute.provisioning_configuration``."""

    def __init__(
        self,
        settings: Mapping[str, Any],
        tags: Optional[Mapping[str, Any]] = None,
        description: Optional[str] = None,
    ) -> None:
        self.settings: Dict[str, Any] = dict(settings)
        self.tags = tags_of(tags)
        self.description = description

    def validate_configuration(self) -> None:
        """Refuse values that cannot be.

        Raises
        ------
        UserErrorException
            Names the parameter.
        """
        DockerTarget.check(self.settings, session.settings())

    def target_configuration(self) -> TargetConfiguration:
        """What is stored."""
        return TargetConfiguration(KIND, self.settings, self.tags, self.description)


class DockerCompute(ComputeTarget):
    """The machine, where jobs run in a container also when they do not ask for one."""

    @staticmethod
    def provisioning_configuration(
        image: Optional[str] = None,
        arguments: Optional[Sequence[str]] = None,
        shm_size: str = "2g",
        shared_volumes: bool = True,
        tags: Optional[Mapping[str, Any]] = None,
        description: Optional[str] = None,
    ) -> DockerProvisioningConfiguration:
        """What ``ComputeTarget.create`` takes to make a Docker target.

        Parameters
        ----------
        image : str, optional
            For jobs whose environment names none.
        arguments : list of str, optional
            Further arguments of ``docker run``.
        shm_size : str
            Size of ``/dev/shm``, as ``docker run`` takes it.
        shared_volumes : bool
            Whether folders of the host are shared with the container.

        Raises
        ------
        UserErrorException
            A value that cannot be; names the parameter.
        """
        settings = {
            "image": image,
            "arguments": arguments if isinstance(arguments, str) else list(arguments or []),
            "shm_size": shm_size,
            "shared_volumes": shared_volumes,
        }
        made = DockerProvisioningConfiguration(settings, tags, description)
        made.validate_configuration()
        return made

    @property
    def type(self) -> str:
        """``Docker``."""
        return "Docker"

    def _problems(self) -> List[str]:
        problem = unusable()
        return [] if problem is None else [problem]
