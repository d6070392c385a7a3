"""What the runner of one container is told, and what the engine is asked for: data to data."""

from __future__ import annotations

import os
import socket
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ml_jupyter.containers import arguments
from ml_jupyter.containers.facts import ImageFacts
from ml_jupyter.containers.sizes import size_of

RUN, WORKSPACE, RANK = "ml_jupyter.run", "ml_jupyter.workspace", "ml_jupyter.rank"
#: Variable of a job that names the experiment of its run.
EXPERIMENT = "ML_JUPYTER_EXPERIMENT_ID"
#: Folder inside a container that holds this package, and nothing else.
PYTHON = "/opt/ml_jupyter/python"
#: Home folder of the job inside a container.
HOME = "/opt/ml_jupyter/home"
#: Names by which an image's own Python is meant.
PYTHONS = ("python", "python3")
_LINES = 40
_LOG_OPTIONS = {"max-size": "32m", "max-file": "2", "compress": "false"}
_SHELLS = frozenset({"/bin/bash", "/usr/bin/bash", "/bin/sh", "sh"})


@dataclass(frozen=True)
class ContainerPlan:
    """One container, complete. Private: it holds the job's variables.

    Attributes
    ----------
    engine, image : str
        Where and what to run.
    name : str
        Of the container.
    command : tuple of str
        Program and arguments; ``python`` and shells are looked for in the image.
    environment : mapping of str to str
        Variables on top of the image's own.
    path : tuple of str
        Folders that come first on the image's ``PATH``.
    work : str
        Working folder.
    mounts : tuple of (str, str, bool)
        Path here, path inside, whether it may be written to.
    hidden : tuple of str
        Folders below those mounts that the job does not see the contents of.
    labels : mapping of str to str
        By which the container is found again.
    user : str
        ``uid:gid``.
    groups : tuple of int
        Further groups of the user.
    gpus : tuple of str
        UUIDs.
    memory : int
        Bytes; 0: no limit.
    cpus : float
        Cores; 0: all.
    shm_size : str
        Size of ``/dev/shm``.
    arguments : tuple of str
        Options of ``docker run``.
    options : tuple of str
        What the engine is like.
    ranks : int
        Processes of the job; several of them share the machine's network and memory segments.
    columns : int
        Width of the terminal.
    umask : int
        Mask for the files it makes.
    private_home : bool
        The home folder is empty and gone at the end.
    outcome : str
        File for what became of it.
    cache : str
        Folder where facts of images are kept.
    python : str
        Python that the job's scripts are run with; empty: not known.
    """

    engine: str
    image: str
    name: str
    command: Tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    path: Tuple[str, ...] = ()
    work: str = "/"
    mounts: Tuple[Tuple[str, str, bool], ...] = ()
    hidden: Tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    groups: Tuple[int, ...] = ()
    gpus: Tuple[str, ...] = ()
    memory: int = 0
    cpus: float = 0.0
    shm_size: str = ""
    arguments: Tuple[str, ...] = field(default=(), repr=False)
    options: Tuple[str, ...] = ()
    ranks: int = 1
    columns: int = 120
    umask: int = 0o022
    private_home: bool = False
    outcome: str = ""
    cache: str = ""
    python: str = ""

    def to_json(self) -> Dict[str, Any]:
        """All of it, for a private file."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ContainerPlan:
        """What ``to_json`` gave."""
        names = {item.name for item in fields(cls)}
        known = {key: item for key, item in value.items() if key in names}
        known = {key: tuple(v) if isinstance(v, list) else v for key, v in known.items()}
        known["mounts"] = tuple((a, b, bool(c)) for a, b, c in known.get("mounts", ()))
        return cls(**known)


def body_of(plan: ContainerPlan, image: ImageFacts) -> Dict[str, Any]:
    """What ``ContainerCreate`` is asked for."""
    asked = arguments.translate(plan.arguments)
    extra: Dict[str, Any] = asked.pop("HostConfig")
    host = {**_host_config(plan), **_limits(plan), **_shared(plan)}
    host["Mounts"] = [*map(_mount, plan.mounts), *extra.pop("Mounts", [])]
    host["GroupAdd"] = [*map(str, plan.groups), *extra.pop("GroupAdd", [])]
    host["Tmpfs"].update(extra.pop("Tmpfs", {}))
    host["SecurityOpt"] = [*host.get("SecurityOpt", []), *extra.pop("SecurityOpt", [])]
    host.update(extra)
    if host.get("Memory") and "MemorySwap" not in extra:
        host["MemorySwap"] = host["Memory"]  # as much with swap as without: none
    body: Dict[str, Any] = {
        "Image": plan.image,
        "Entrypoint": command_of(plan, image),
        "Cmd": [],
        "Env": [*asked.pop("Env", []), *variables_of(plan, image)],
        "WorkingDir": plan.work,
        "User": plan.user,
        "Tty": True,
        "AttachStdout": True,
        "AttachStderr": True,
        "Labels": {**asked.pop("Labels", {}), **plan.labels},
        "Healthcheck": {"Test": ["NONE"]},
        "HostConfig": host,
    }
    if not _own_name(host):
        body["Hostname"] = socket.gethostname()
    return {**body, **asked}


def command_of(plan: ContainerPlan, image: ImageFacts) -> List[str]:
    """Program and arguments as the image has them.

    Where it has a shell, that one empties the job's input and sets the mask, and is replaced by
    the job: the engine itself has no way to do so.
    """
    first, *rest = plan.command
    if first in PYTHONS and image.python:
        first = image.python
    elif first in _SHELLS and image.shell:
        first = image.shell
    if not image.shell:
        return [first, *rest]
    return ["/bin/sh", "-c", f'umask {plan.umask:04o}; exec "$@" </dev/null', "sh", first, *rest]


def _host_config(plan: ContainerPlan) -> Dict[str, Any]:
    host: Dict[str, Any] = {
        "Init": True,
        "AutoRemove": False,  # its exit code and the engine's word on memory are read first
        "LogConfig": {"Type": "local", "Config": dict(_LOG_OPTIONS)},
        "ConsoleSize": [_LINES, plan.columns],
    }
    host["Tmpfs"] = dict.fromkeys(plan.hidden, "mode=0700,size=64k")
    if plan.private_home:
        uid, _, gid = plan.user.partition(":")
        host["Tmpfs"][HOME] = f"mode=0700,uid={uid},gid={gid}"
    if plan.shm_size:
        host["ShmSize"] = size_of(plan.shm_size)
    if "userns" in plan.options:
        host["UsernsMode"] = "host"
    if "selinux" in plan.options:
        host["SecurityOpt"] = ["label=disable"]
    if plan.gpus:
        wanted = {"DeviceIDs": list(plan.gpus), "Capabilities": [["gpu"]]}
        host["DeviceRequests"] = [wanted]
    return host


def _limits(plan: ContainerPlan) -> Dict[str, Any]:
    host: Dict[str, Any] = {}
    if plan.memory:
        host["Memory"] = plan.memory
    if plan.cpus:
        host["NanoCpus"] = int(plan.cpus * 1e9)
    return host


def _shared(plan: ContainerPlan) -> Dict[str, Any]:
    """Ranks find each other on this machine, and exchange data through its memory."""
    return {} if plan.ranks == 1 else {"NetworkMode": "host", "IpcMode": "host"}


def _own_name(host: Mapping[str, Any]) -> bool:
    """Whether the container has the machine's name without being told."""
    return host.get("UTSMode") == "host" or str(host.get("NetworkMode", "")).startswith(
        "container:"
    )


def _mount(item: Tuple[str, str, bool]) -> Dict[str, Any]:
    source, target, writable = item
    return {"Type": "bind", "Source": source, "Target": target, "ReadOnly": not writable}


def variables_of(plan: ContainerPlan, image: ImageFacts) -> List[str]:
    """Variables of the container on top of the image's own, as ``NAME=value``."""
    given = dict(plan.environment)
    if "PATH" not in given and plan.path:
        given["PATH"] = _joined([*plan.path, image.variables.get("PATH")])
    own = given.get("PYTHONPATH") or image.variables.get("PYTHONPATH")
    given["PYTHONPATH"] = _joined([own, PYTHON])
    given.setdefault("HOME", HOME)
    given["TINI_KILL_PROCESS_GROUP"] = "1"  # a request to stop reaches a shell's children too
    given["TINI_VERBOSITY"] = "0"  # the log is the job's
    if "LANG" not in given and "LANG" not in image.variables:
        given["LANG"] = "C.UTF-8"
    return [f"{name}={value}" for name, value in given.items()]


def _joined(parts: Sequence[Optional[str]]) -> str:
    return os.pathsep.join(part for part in parts if part)
