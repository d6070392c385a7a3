"""Whether an engine can run a job's container from here, before anything is written."""

from __future__ import annotations

import os
import re
import shutil
import socket
import struct
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

from ml_jupyter.containers import endpoint
from ml_jupyter.containers.engine import Engine, connected
from ml_jupyter.exceptions import DockerFailed, DockerUnavailable

_ID = re.compile(r"/(?:containers|docker|libpod)[/-]([0-9a-f]{64})")
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid: unix(7), SO_PEERCRED
_LOOK_S = 5.0
_HOOK = "nvidia-container-runtime-hook"


def check(engine: Engine, *, folders: Sequence[Path], gpus: float = 0.0) -> Tuple[str, ...]:
    """Refuse what this engine can never run from here.

    Parameters
    ----------
    engine : Engine
        That answers.
    folders : sequence of Path
        Folders that a job needs at the same path inside: its workspace, its inputs.
    gpus : float
        GPUs that it asks for.

    Returns
    -------
    tuple of str
        What the engine is like, for ``ContainerSpec.options``.

    Raises
    ------
    DockerUnavailable
        It runs Windows containers, sees other files than this process, or has no GPUs to give.
    DockerFailed
        It answered with an error.
    """
    info: Dict[str, Any] = engine.call("GET", "/info")
    if info.get("OSType", "linux") != "linux":
        text = f"The Docker engine runs {info['OSType']} containers; jobs need Linux ones."
        raise endpoint.unavailable("wrong_system", text, "Switch it to Linux containers.")
    if endpoint.in_container() and not _is_at_home(engine.host):
        _check_paths(engine, folders)
    if gpus and not _gives_gpus(info):
        raise endpoint.unavailable(
            "no_gpus",
            "The Docker engine cannot give GPUs to containers.",
            "Install the NVIDIA Container Toolkit, run 'nvidia-ctk runtime configure' and restart "
            "Docker.",
        )
    return _options(info)


def _options(info: Dict[str, Any]) -> Tuple[str, ...]:
    found: List[str] = []
    for item in info.get("SecurityOptions") or ():
        name = dict(part.partition("=")[::2] for part in str(item).split(",")).get("name", "")
        if name in ("rootless", "userns", "selinux"):
            found.append(name)
    return tuple(found)


def _gives_gpus(info: Dict[str, Any]) -> bool:
    if "nvidia" in (info.get("Runtimes") or {}) or info.get("DiscoveredDevices"):
        return True
    return shutil.which(_HOOK) is not None


def _is_at_home(host: str) -> bool:
    """Whether the engine runs where this process runs, and so has the same files.

    One that listens outside of the container that this process is in has no process id here.
    """
    if not host.startswith("unix:") or not hasattr(socket, "SO_PEERCRED"):
        return False
    with connected(host, _LOOK_S) as link:
        data = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid = _CREDENTIALS.unpack(data)[0]
    if pid == 0:
        return False
    try:
        return os.path.samefile(f"/proc/{pid}/root", "/")
    except OSError:  # another user's process: not ours to see
        return True


def _check_paths(engine: Engine, folders: Sequence[Path]) -> None:
    """Inside a container the engine's paths are those of its host: they must be the same here."""
    mounts = _own_mounts(engine)
    for folder in folders:
        place = os.path.realpath(str(folder))
        if not any(_covers(item, place) for item in mounts):
            raise endpoint.unavailable(
                "paths_differ",
                "This is a container, and the Docker engine outside does not see "
                f"{folder} at the same path.",
                f"Mount it at the same path (docker run -v {folder}:{folder}), or run without "
                "Docker.",
            )


def _own_mounts(engine: Engine) -> List[Dict[str, Any]]:
    for name in _own_names():
        try:
            return list(engine.call("GET", f"/containers/{name}/json").get("Mounts") or ())
        except (DockerFailed, DockerUnavailable):
            continue
    return []


def _own_names() -> List[str]:
    """Ids and names by which the engine may know the container that this process is in."""
    found: List[str] = []
    for path in ("/proc/self/cgroup", "/proc/self/mountinfo"):
        try:
            found += _ID.findall(Path(path).read_text())
        except OSError:
            continue
    return [*dict.fromkeys(found), socket.gethostname()]


def _covers(mount: Dict[str, Any], place: str) -> bool:
    source, target = str(mount.get("Source", "")), str(mount.get("Destination", ""))
    inside = place == target or place.startswith(target.rstrip("/") + "/")
    return mount.get("Type") == "bind" and source == target and inside
