"""Options of ``docker run`` as users write them, translated for the Engine API.

Source of names and meanings: Docker's reference of ``docker run`` and of the Engine API's
``ContainerCreate``. An option that would take the container out of our hands (its name, its
terminal, its end) is refused, and so is an unknown one: before the run is submitted.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any, Callable, Dict, Iterator, List, Mapping, Sequence, Tuple

from ml_jupyter.containers.sizes import size_of
from ml_jupyter.exceptions import RunConfigurationException

#: The body of ``ContainerCreate``.
Body = Dict[str, Any]
_OURS = {
    "name": "the run's id names it", "rm": "it is always removed",
    "detach": "its output is the log",
    "tty": "it always has one", "interactive": "a job has no input",
    "attach": "its output is the log",
    "entrypoint": "the script is started directly", "restart": "a run ends when its job ends",
    "user": "it runs as the user who submits", "workdir": "it works in the run's folder",
    "cidfile": "the run's record tells it", "log-driver": "its output is the log",
    "init": "it always has one", "gpus": "the queue gives GPUs: ask for them in the resources",
    "pull": "the environment is made before the run starts", "platform": "the image decides",
}  # fmt: skip
_SHORT = {
    "v": "volume", "e": "env", "h": "hostname", "c": "cpu-shares", "l": "label", "p": "publish",
    "m": "memory", "u": "user", "w": "workdir", "t": "tty", "i": "interactive", "d": "detach",
    "a": "attach", "it": "interactive", "ti": "interactive",
}  # fmt: skip
_FLAGS = {
    "privileged": "Privileged",
    "read-only": "ReadonlyRootfs",
    "oom-kill-disable": "OomKillDisable",
}
_LISTS = {
    "volume": "Binds", "cap-add": "CapAdd", "cap-drop": "CapDrop", "add-host": "ExtraHosts",
    "dns": "Dns", "dns-search": "DnsSearch", "dns-option": "DnsOptions", "group-add": "GroupAdd",
    "security-opt": "SecurityOpt", "volumes-from": "VolumesFrom",
    "device-cgroup-rule": "DeviceCgroupRules",
}  # fmt: skip
_TEXTS = {
    "network": "NetworkMode", "net": "NetworkMode", "ipc": "IpcMode", "pid": "PidMode",
    "uts": "UTSMode", "userns": "UsernsMode", "cgroupns": "CgroupnsMode", "runtime": "Runtime",
    "cpuset-cpus": "CpusetCpus", "cpuset-mems": "CpusetMems", "cgroup-parent": "CgroupParent",
}  # fmt: skip
_NUMBERS = {
    "cpu-shares": "CpuShares", "cpu-period": "CpuPeriod", "cpu-quota": "CpuQuota",
    "pids-limit": "PidsLimit", "oom-score-adj": "OomScoreAdj", "blkio-weight": "BlkioWeight",
}  # fmt: skip
_SIZES = {
    "memory": "Memory", "memory-swap": "MemorySwap", "memory-reservation": "MemoryReservation",
    "shm-size": "ShmSize",
}  # fmt: skip


def translate(items: Sequence[str]) -> Body:
    """The part of the body of ``ContainerCreate`` that options ask for.

    Parameters
    ----------
    items : sequence of str
        ``["--ipc", "host", "-v", "/data:/data:ro"]``; ``--name=value`` is taken as well.

    Raises
    ------
    RunConfigurationException
        Names the option, and what to do instead.
    """
    body: Body = {"HostConfig": {}}
    for name, value in _options(items):
        _apply(body, name, value)
    return body


def _options(items: Sequence[str]) -> Iterator[Tuple[str, str]]:
    rest = [str(item) for item in items]
    while rest:
        word = rest.pop(0)
        name, equals, value = _name_of(word)
        if name in _FLAGS and not equals:
            value = "true"
        elif not equals:
            if not rest:
                raise _refused(f"Docker option {word!r} has no value.")
            value = rest.pop(0)
        yield name, value


def _name_of(word: str) -> Tuple[str, str, str]:
    if not word.startswith("-") or word in ("-", "--"):
        raise _refused(
            f"Docker arguments: {word!r} is not an option.",
            "Write one option and one value as two items: ['--ipc', 'host'].",
        )
    head, equals, value = word.partition("=")
    name = head[2:] if head.startswith("--") else head[1:]
    name = name if head.startswith("--") else _SHORT.get(name, name)
    if name in _OURS:
        raise _refused(f"Docker option {head!r} cannot be given for a run: {_OURS[name]}.")
    if name not in _KNOWN:
        near = get_close_matches(name, _KNOWN, 1)
        raise _refused(
            f"Docker option {head!r} is not known here.",
            f"Did you mean --{near[0]}?" if near else f"Known: {', '.join(sorted(_KNOWN))}.",
        )
    return name, equals, value


def _apply(body: Body, name: str, value: str) -> None:
    host: Dict[str, Any] = body["HostConfig"]
    if name in _FLAGS:
        host[_FLAGS[name]] = value.lower() not in ("false", "0", "f")
    elif name in _LISTS:
        host.setdefault(_LISTS[name], []).append(value)
    elif name in _TEXTS:
        host[_TEXTS[name]] = value
    elif name in _NUMBERS:
        host[_NUMBERS[name]] = _number(name, value, int)
    elif name in _SIZES:
        host[_SIZES[name]] = -1 if value == "-1" else _size(name, value)
    else:
        _OTHERS[name](body, value)


def _cpus(body: Body, value: str) -> None:
    body["HostConfig"]["NanoCpus"] = int(_number("cpus", value, float) * 1e9)


def _env(body: Body, value: str) -> None:
    if "=" not in value:
        raise _refused(f"Docker option --env {value!r} has no value.", "Write NAME=VALUE.")
    body.setdefault("Env", []).append(value)


def _label(body: Body, value: str) -> None:
    name, _, text = value.partition("=")
    body.setdefault("Labels", {})[name] = text


def _hostname(body: Body, value: str) -> None:
    body["Hostname"] = value


def _tmpfs(body: Body, value: str) -> None:
    path, _, options = value.partition(":")
    body["HostConfig"].setdefault("Tmpfs", {})[path] = options


def _ulimit(body: Body, value: str) -> None:
    name, _, numbers = value.partition("=")
    soft, _, hard = numbers.partition(":")
    limit = _number("ulimit", soft, int)
    entry = {"Name": name, "Soft": limit, "Hard": _number("ulimit", hard or soft, int)}
    body["HostConfig"].setdefault("Ulimits", []).append(entry)


def _device(body: Body, value: str) -> None:
    there, _, rest = value.partition(":")
    inside, _, rights = rest.partition(":")
    entry = {
        "PathOnHost": there,
        "PathInContainer": inside or there,
        "CgroupPermissions": rights or "rwm",
    }
    body["HostConfig"].setdefault("Devices", []).append(entry)


def _sysctl(body: Body, value: str) -> None:
    name, _, text = value.partition("=")
    body["HostConfig"].setdefault("Sysctls", {})[name] = text


def _publish(body: Body, value: str) -> None:
    found = re.fullmatch(
        r"(?:(?P<ip>\d+(?:\.\d+){3}):)?(?:(?P<there>\d*):)?(?P<inside>\d+)(?P<kind>/\w+)?", value
    )
    if found is None:
        raise _refused(f"Docker option --publish {value!r} is not understood.", "Write 8080:80.")
    port = found["inside"] + (found["kind"] or "/tcp")
    binding = {"HostIp": found["ip"] or "127.0.0.1", "HostPort": found["there"] or ""}
    body.setdefault("ExposedPorts", {})[port] = {}
    body["HostConfig"].setdefault("PortBindings", {}).setdefault(port, []).append(binding)


def _mount(body: Body, value: str) -> None:
    pairs = dict(part.partition("=")[::2] for part in value.split(","))
    known = {"type", "source", "src", "target", "dst", "destination", "readonly", "ro"}
    target = pairs.get("target") or pairs.get("dst") or pairs.get("destination")
    if not target or set(pairs) - known:
        raise _refused(
            f"Docker option --mount {value!r} is not understood.",
            "Write type=bind,source=A,target=B.",
        )
    entry: Dict[str, Any] = {"Type": pairs.get("type", "volume"), "Target": target}
    entry["Source"] = pairs.get("source") or pairs.get("src") or ""
    entry["ReadOnly"] = any(pairs.get(name) in ("", "true", "1") for name in ("readonly", "ro"))
    body["HostConfig"].setdefault("Mounts", []).append(entry)


def _number(name: str, value: str, kind: Callable[[str], Any]) -> Any:
    try:
        return kind(value)
    except ValueError as error:
        raise _refused(f"Docker option --{name}: {value!r} is not a number.") from error


def _size(name: str, value: str) -> int:
    try:
        return size_of(value)
    except RunConfigurationException as error:
        raise _refused(f"Docker option --{name}: {error.message}", error.hint or "") from error


def _refused(text: str, hint: str = "") -> RunConfigurationException:
    return RunConfigurationException(text, hint=hint or None)


_OTHERS: Mapping[str, Callable[[Body, str], None]] = {
    "cpus": _cpus, "env": _env, "label": _label, "hostname": _hostname, "tmpfs": _tmpfs,
    "ulimit": _ulimit, "device": _device, "sysctl": _sysctl, "publish": _publish, "mount": _mount,
}  # fmt: skip
_KNOWN: List[str] = [*_FLAGS, *_LISTS, *_TEXTS, *_NUMBERS, *_SIZES, *_OTHERS]
