"""``ContainerSpec``: in which container a job runs; plain data, without any credentials."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Dict, Mapping, Optional, Tuple

from ml_jupyter.containers import arguments
from ml_jupyter.containers.sizes import size_of
from ml_jupyter.exceptions import FolderCorrupt, RunConfigurationException


@dataclass(frozen=True)
class ContainerSpec:
    """The container of a job.

    Attributes
    ----------
    image : str, optional
        Image to run; None: that of the job's environment.
    engine : str
        Address of the Docker Engine, as ``DOCKER_HOST`` writes it.
    arguments : tuple of str
        Further options as ``docker run`` takes them (``containers.arguments`` says which).
    shm_size : str
        Size of ``/dev/shm``: ``2g``; empty: the engine's own.
    shared_volumes : bool
        Also mount the user's folder of caches and the inputs of the run. The run and its workspace
        are there in any case.
    inputs : tuple of str
        Files and folders of this machine that the job reads, at the same path inside.
    cpus : float
        Cores that it may use at one time; 0: all.
    options : tuple of str
        What the engine is like: ``rootless``, ``userns``, ``selinux``.
    """

    image: Optional[str] = None
    engine: str = ""
    arguments: Tuple[str, ...] = ()
    shm_size: str = "2g"
    shared_volumes: bool = True
    inputs: Tuple[str, ...] = ()
    cpus: float = 0.0
    options: Tuple[str, ...] = ()

    def check(self) -> None:
        """Refuse what can never run, before anything is written.

        Raises
        ------
        RunConfigurationException
            Names the option.
        """
        size_of(self.shm_size)
        arguments.translate(self.arguments)
        if self.cpus < 0:
            raise RunConfigurationException(f"cpus is {self.cpus}; the least is 0.")

    def to_json(self) -> Dict[str, Any]:
        """All of it; nothing in it is private."""
        value = asdict(self)
        return {key: list(item) if isinstance(item, tuple) else item for key, item in value.items()}

    @classmethod
    def from_json(cls, value: Any, where: str = "launch.json") -> ContainerSpec:
        """What ``to_json`` gave; unknown keys are passed over.

        Raises
        ------
        FolderCorrupt
            Not a mapping.
        """
        if not isinstance(value, Mapping):
            raise FolderCorrupt(f"{where}: container is not a JSON object.")
        names = {item.name for item in fields(cls)}
        known = {key: item for key, item in value.items() if key in names}
        lists = {key: tuple(item) for key, item in known.items() if isinstance(item, list)}
        return cls(**{**known, **lists})
