"""A memory control group around one job, where the system lets us make one.

Elsewhere the supervisor itself watches the job's memory (``watchdog``).

Both hierarchies are known: version 2 (``memory.max``) and version 1 (``memory.limit_in_bytes``).
Source: Linux kernel documentation, admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Dict, Optional

from ml_jupyter import _time

_ROOT = Path("/sys/fs/cgroup")
_REMOVE_S = 1.0


class MemoryGroup:
    """A control group with a limit; the system kills one of its processes when they pass it."""

    def __init__(self, path: Path, names: Dict[str, str]) -> None:
        self._path = path
        self._names = names

    @classmethod
    def create(cls, name: str, limit: int) -> Optional[MemoryGroup]:
        """A group below the present one, or None where the system does not let this user make it.

        Parameters
        ----------
        name : str
            Of the group; not in use.
        limit : int
            Bytes for all its processes together.
        """
        for parent, names in ((_version_2(), _V2), (_version_1(), _V1)):
            if parent is None:
                continue
            path = parent / name
            try:
                path.mkdir()
                group = cls(path, names)
                (path / names["limit"]).write_text(str(limit))
                group._without_swap(limit)
            except OSError:
                _remove(path)
                continue
            return group
        return None

    def join(self) -> None:
        """Move the calling process in; called between fork and exec."""
        fd = os.open(str(self._path / "cgroup.procs"), os.O_WRONLY)
        os.write(fd, b"0")
        os.close(fd)

    def out_of_memory(self) -> bool:
        """Whether the system has killed one of its processes at the limit."""
        for line in self._read(self._names["events"]).splitlines():
            key, _, value = line.partition(" ")
            if key == "oom_kill":
                return int(value) > 0
        return False

    def peak(self) -> int:
        """The most bytes that were in use at one time; 0: not known."""
        text = self._read(self._names["peak"]).strip()
        return int(text) if text.isdigit() else 0

    def remove(self) -> None:
        """Remove the group, which must be empty; it may take the system a moment to see that."""
        deadline = _time.monotonic() + _REMOVE_S
        while not _remove(self._path) and _time.monotonic() < deadline:
            time.sleep(0.01)

    def _without_swap(self, limit: int) -> None:
        with suppress(OSError):  # where swap is not accounted for
            (self._path / self._names["swap"]).write_text(str(limit if self._names is _V1 else 0))

    def _read(self, name: str) -> str:
        try:
            return (self._path / name).read_text()
        except OSError:
            return ""


_V2 = {
    "limit": "memory.max",
    "events": "memory.events",
    "peak": "memory.peak",
    "swap": "memory.swap.max",
}
_V1 = {
    "limit": "memory.limit_in_bytes",
    "events": "memory.oom_control",
    "peak": "memory.max_usage_in_bytes",
    "swap": "memory.memsw.limit_in_bytes",
}


def _version_2() -> Optional[Path]:
    path = _own_group("0::")
    if path is None or "memory" not in _text(_ROOT / path / "cgroup.subtree_control").split():
        return None
    return _ROOT / path


def _version_1() -> Optional[Path]:
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        _number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if "memory" in controllers.split(","):
            return _ROOT / "memory" / path.lstrip("/")
    return None


def _own_group(prefix: str) -> Optional[str]:
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        if line.startswith(prefix):
            return line[len(prefix) :].lstrip("/")
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _remove(path: Path) -> bool:
    try:
        path.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
