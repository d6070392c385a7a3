"""Where the user's Docker Engine listens, and why it cannot be used from here.

The rules are those of Docker's own client: ``DOCKER_HOST``, then the context that
``DOCKER_CONTEXT`` or ``config.json`` names, then the usual socket. Source: Docker's documentation
of its command line, "Environment variables" and "Docker contexts".
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional
from urllib.parse import urlsplit

from ml_jupyter.exceptions import DockerUnavailable

DEFAULT_SOCKET = "/var/run/docker.sock"
_PROGRAMS = ("dockerd", "docker", "podman")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_MODE_HINT = "To run without Docker, set ML_JUPYTER_ENVIRONMENT_MODE to user, pip or conda."


def host_of(environ: Mapping[str, str]) -> str:
    """Address of the engine, as ``DOCKER_HOST`` writes it.

    Parameters
    ----------
    environ : mapping of str to str
        Variables of the user who asks.
    """
    named = environ.get("DOCKER_HOST")
    if named:
        return named
    config = config_folder(environ)
    context = environ.get("DOCKER_CONTEXT") or str(
        _json(config / "config.json").get("currentContext", "")
    )
    if context and context != "default":
        address = _address_of_context(config, context)
        if address:
            return address
    return f"unix://{next(filter(os.path.exists, _sockets(environ)), DEFAULT_SOCKET)}"


def config_folder(environ: Mapping[str, str]) -> Path:
    """Folder of the user's ``config.json`` of Docker."""
    named = environ.get("DOCKER_CONFIG")
    return Path(named) if named else Path(environ.get("HOME") or os.path.expanduser("~"), ".docker")


def is_here(host: str) -> bool:
    """Whether an address is that of an engine of this machine."""
    parts = urlsplit(host)
    return parts.scheme in ("unix", "") or (parts.scheme == "tcp" and parts.hostname in _LOOPBACK)


def refuse_remote(host: str) -> None:
    """Refuse an engine on another machine: it does not see the files of this one.

    Raises
    ------
    DockerUnavailable
        ``reason`` in its details is ``remote``.
    """
    if is_here(host):
        return
    raise unavailable(
        "remote",
        f"The Docker engine at {host} is on another machine, which does not see this one's files.",
        "Use an engine of this machine: unset DOCKER_HOST or choose another Docker context.",
    )


def explain(host: str, error: OSError) -> DockerUnavailable:
    """Why the engine at ``host`` does not answer: not installed, not running, or no access."""
    if isinstance(error, PermissionError):
        return unavailable(
            "access_denied", f"Access to Docker was denied: {_owner(host)}.", _group_hint(host)
        )
    path = urlsplit(host).path
    there = isinstance(error, ConnectionRefusedError) or not host.startswith("unix:")
    if not there and not os.path.exists(path) and not any(map(shutil.which, _PROGRAMS)):
        inside = " If this is a container: mount the Docker socket of its host." * in_container()
        return unavailable(
            "not_installed",
            "Docker is not installed on this machine.",
            f"Install Docker Engine.{inside} {_MODE_HINT}",
        )
    return unavailable(
        "not_running",
        f"Docker is installed but not running: nothing answers at {host}.",
        f"Start it, for instance with 'systemctl start docker'. {_MODE_HINT}",
    )


def unavailable(reason: str, text: str, hint: Optional[str] = None) -> DockerUnavailable:
    """The error; ``reason`` is one word for programs."""
    return DockerUnavailable(text, hint=hint, details={"reason": reason})


def in_container() -> bool:
    """Whether this process runs in a container itself."""
    if os.path.exists("/.dockerenv") or os.path.exists("/run/.containerenv"):
        return True
    return bool(os.environ.get("KUBERNETES_SERVICE_HOST"))


def _address_of_context(config: Path, name: str) -> str:
    digest = hashlib.sha256(name.encode("utf-8")).hexdigest()
    meta = _json(config / "contexts" / "meta" / digest / "meta.json")
    endpoint: Any = meta.get("Endpoints", {}).get("docker", {})
    return str(endpoint.get("Host", "")) if isinstance(endpoint, dict) else ""


def _sockets(environ: Mapping[str, str]) -> List[str]:
    """The usual one, that of a daemon without root's rights, and that of Docker Desktop."""
    found = [DEFAULT_SOCKET]
    if environ.get("XDG_RUNTIME_DIR"):
        found.append(os.path.join(environ["XDG_RUNTIME_DIR"], "docker.sock"))
    return [*found, str(config_folder(environ) / "run" / "docker.sock")]


def _owner(host: str) -> str:
    path = urlsplit(host).path
    try:
        facts = os.stat(path)
    except OSError:
        return f"this user may not open {path}"
    import grp
    import pwd

    try:
        names = f"{pwd.getpwuid(facts.st_uid).pw_name}:{grp.getgrgid(facts.st_gid).gr_name}"
    except KeyError:
        names = f"{facts.st_uid}:{facts.st_gid}"
    return f"{path} belongs to {names}, and this user may not write to it"


def _group_hint(host: str) -> str:
    return (
        "Add this user to the group 'docker' ('sudo usermod -aG docker $USER', then log in again), "
        f"or use a rootless Docker. {_MODE_HINT}"
    )


def _json(path: Path) -> Dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
