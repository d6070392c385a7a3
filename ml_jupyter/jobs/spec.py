"""How to start a job: what the submitter hands to the supervisor through ``launch.json``."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Dict, Mapping, Optional, Tuple

from ml_jupyter.config import PREFIX, Settings
from ml_jupyter.exceptions import FolderCorrupt, RunConfigurationException
from ml_jupyter.jobs import masking

#: Variable by which jobs that a job submits find the Python of the first submitter.
TOOLS = PREFIX + "TOOLS"
_LEAST = {"max_run_duration_s": 0, "memory_limit": 0, "grace_s": 0, "slots": 0, "memory": 0}
_LEAST.update({"gpus": 0, "gpu_memory": 0, "nodes": 1, "terminal_width": 0})


@dataclass(frozen=True)
class LaunchSpec:
    """A job, complete: nothing of it depends on the process that starts it.

    Holds the submitter's environment and so is private: it is stored in the run's ``launch.json``
    (mode 0600) until the start, and nowhere else.

    Attributes
    ----------
    script : str, optional
        File to run, relative to the source folder: Python, a notebook (``.ipynb``) or a shell
        script (``.sh``).
    command : str, optional
        Text for the shell instead of ``script``.
    arguments : tuple of str
        Given to the script; ``$NAME`` is expanded in the job's own environment (surface 5.3).
    interpreter : str
        Python program that runs the script and comes first on the job's ``PATH``.
    environment : mapping of str to str
        All variables of the submitter; those of ``variables`` and of the run are put on top.
    variables : mapping of str to str
        Variables that the user set for this job.
    max_run_duration_s : float
        Seconds from the start after which the job is stopped; 0: no limit.
    memory_limit : int
        Bytes of memory for all processes of the job together; 0: no limit.
    slots : int
        CPU slots that each of its nodes takes; 0: it works beside the others, as a service does.
    memory : int
        Bytes of memory that each node reserves; 0: not counted.
    gpus : float
        GPUs of each node: a whole number, or a share below 1 of one GPU.
    gpu_memory : int
        Bytes that must be free on each of these GPUs.
    nodes : int
        Slot sets that it takes, all at once.
    pool : mapping, optional
        The pool of which each node takes one node slot: ``id``, ``name``, ``max_nodes``,
        ``low_priority``. None: any part of the machine.
    priority : int
        Higher goes first.
    build : mapping, optional
        Specification of an environment that is made ready before any slot is taken
        (``environments.EnvironmentSpec``). None: ``interpreter`` as it is.
    container : mapping, optional
        The container that it runs in (``containers.ContainerSpec``).
    distribution : mapping, optional
        The processes that it has (``distributed.Distribution``). None: one.
    inputs : tuple of mapping
        Data that it gets (``jobs.inputs.JobInput``). Command and arguments name an input as
        ``${{inputs.NAME}}``, which becomes its path.
    outputs : tuple of mapping
        Folders for its results (``name``, ``type``), below ``outputs/``: ``${{outputs.NAME}}``.
    payload : mapping, optional
        Private JSON for the program itself, which finds it in ``payload.json`` of its run folder
        (mode 0600) as long as the job runs.
    tools : str
        Python that has this product with all its dependencies, for what is done around the job.
    grace_s : float
        Seconds between SIGTERM and SIGKILL when it is stopped.
    terminal_width : int
        Columns of its terminal.
    keep_work : bool
        Keep the working folder after the end.
    umask : int
        Mask for the files it makes.
    resumes : bool
        It keeps all that it knows in its run folder, so that it may be started again when its
        supervisor was killed. ``launch.json`` stays until the end.
    """

    script: Optional[str] = None
    command: Optional[str] = None
    arguments: Tuple[str, ...] = ()
    interpreter: str = field(default_factory=lambda: sys.executable)
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    max_run_duration_s: float = 0.0
    memory_limit: int = 0
    slots: int = 1
    memory: int = 0
    gpus: float = 0.0
    gpu_memory: int = 0
    nodes: int = 1
    pool: Optional[Mapping[str, Any]] = None
    priority: int = 0
    build: Optional[Mapping[str, Any]] = field(default=None, repr=False)
    container: Optional[Mapping[str, Any]] = field(default=None, repr=False)
    distribution: Optional[Mapping[str, Any]] = None
    inputs: Tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    outputs: Tuple[Mapping[str, Any], ...] = ()
    payload: Optional[Mapping[str, Any]] = field(default=None, repr=False)
    tools: str = field(default_factory=lambda: os.environ.get(TOOLS) or sys.executable)
    grace_s: float = 10.0
    terminal_width: int = 120
    keep_work: bool = False
    umask: int = 0o022
    resumes: bool = False

    @classmethod
    def of(cls, settings: Settings, **values: Any) -> LaunchSpec:
        """A job of this process: its environment, its umask, and the defaults of ``settings``."""
        defaults: Dict[str, Any] = {
            "environment": dict(os.environ),
            "memory_limit": settings.memory_limit,
            "grace_s": settings.grace_s,
            "terminal_width": settings.terminal_width,
            "keep_work": settings.keep_work,
            "umask": _umask(),
        }
        return cls(**{**defaults, **values})

    def check(self) -> None:
        """Refuse what can never run.

        Raises
        ------
        RunConfigurationException
            Neither or both of ``script`` and ``command``, or a number out of its range; names the
            field.
        """
        if (self.script is None) == (self.command is None):
            raise RunConfigurationException("Give a job exactly one of script and command.")
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise RunConfigurationException(
                    f"{name} is {getattr(self, name)}; the least is {least}."
                )
        if self.gpus > 1 and self.gpus != int(self.gpus):
            raise RunConfigurationException(
                f"gpus is {self.gpus}; give a whole number, or a share below 1 of one GPU."
            )

    def to_json(self) -> Dict[str, Any]:
        """All of it, the private environment too."""
        lists = {name: list(getattr(self, name)) for name in ("arguments", "inputs", "outputs")}
        return {**asdict(self), **lists}

    def public(self) -> Dict[str, Any]:
        """What may be stored for good: no environment, secrets masked."""
        value = self.to_json()
        del value["environment"], value["payload"]
        value["arguments"] = masking.arguments(self.arguments)
        value["variables"] = masking.variables(self.variables)
        value["command"] = None if self.command is None else masking.text(self.command)
        for name in ("build", "container", "inputs"):
            value[name] = masking.definition(value[name])
        return value

    def with_environment(self, environment: Mapping[str, str]) -> LaunchSpec:
        """A copy with another submitter's environment."""
        return replace(self, environment=dict(environment))

    @classmethod
    def from_json(cls, value: Any, where: str = "launch.json") -> LaunchSpec:
        """The job that ``to_json`` described; unknown keys (a newer minor version) are passed over.

        Raises
        ------
        FolderCorrupt
            Not a JSON object.
        """
        if not isinstance(value, dict):
            raise FolderCorrupt(f"{where} does not hold a JSON object.")
        names = {item.name for item in fields(cls)}
        known = {key: item for key, item in value.items() if key in names}
        for name in ("arguments", "inputs", "outputs"):
            known[name] = tuple(known.get(name, ()))
        return cls(**known)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
