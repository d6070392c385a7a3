"""A memory control group around one job, where the system lets us make one.

Elsewhere the supervisor itself watches the job's memory (``watchdog``).

Both hierarchies are known: version 2 (``memory.max``) and version 1 (``memory.limit_in_bytes``).
In version 2 a group that holds processes cannot hand its controllers to groups below it, save the
root ("no internal processes"), so the job's group usually stands beside the supervisor's own, where
systemd has given memory to the slice above both. Moving a process between two groups takes the
right to write ``cgroup.procs`` of the group above both, which a mere ``mkdir`` does not prove: a
forked child tries it.

Source: Linux kernel documentation, admin-guide/cgroup-v2.rst ("Core Interface Files", "No Internal
Process Constraint", "Delegation Containment") and cgroup-v1/memory.rst.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Dict, Iterable, Iterator, List, Optional, Tuple

from ml_jupyter import _time

_ROOT = Path("/sys/fs/cgroup")
_REMOVE_S = 1.0

V2 = {
    "limit": "memory.max",
    "events": "memory.events",
    "peak": "memory.peak",
    "swap": "memory.swap.max",
}
V1 = {
    "limit": "memory.limit_in_bytes",
    "events": "memory.oom_control",
    "peak": "memory.max_usage_in_bytes",
    "swap": "memory.memsw.limit_in_bytes",
}


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
        for parent, names in parents(_table("self"), _ROOT):
            path = parent / name
            try:
                path.mkdir()
                group = cls(path, names)
                (path / names["limit"]).write_text(str(limit))
                group._without_swap(limit)
            except OSError:
                _remove(path)
                continue
            if group._takes_processes():
                return group
            group.remove()
        return None

    @classmethod
    def end(cls, name: str, left: Iterable[int] = ()) -> None:
        """Kill what is in the group of a supervisor that died, and remove it; none: nothing.

        Parameters
        ----------
        name : str
            Of the group.
        left : iterable of int
            Processes of the job that are left: they tell where the group is when it is not beside
            that of the caller.
        """
        for pid in ("self", *map(str, left)):
            for path, names in groups_named(name, pid):
                group = cls(path, names)
                group.kill()
                group.remove()

    def join(self) -> None:
        """Move the calling process in; called between fork and exec."""
        fd = os.open(str(self._path / "cgroup.procs"), os.O_WRONLY)
        os.write(fd, b"0")
        os.close(fd)

    def kill(self) -> None:
        """SIGKILL for all processes, also for one that is just being forked (Linux 5.14, v2)."""
        with suppress(OSError):
            (self._path / "cgroup.kill").write_text("1")

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
            (self._path / self._names["swap"]).write_text(str(limit if self._names is V1 else 0))

    def _takes_processes(self) -> bool:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                self.join()
                status = 0
            finally:
                os._exit(status)
        return os.waitpid(child, 0)[1] == 0

    def _read(self, name: str) -> str:
        return _text(self._path / name)


def group_name(run: Path) -> str:
    """Name of the group of a job by its run's folder; a copy of the folder has another."""
    place = blake2b(os.fsencode(os.path.realpath(str(run))), digest_size=4)
    return f"mlj-{run.name}-{place.hexdigest()}"


def groups_named(name: str, pid: str = "self") -> Iterator[Tuple[Path, Dict[str, str]]]:
    """Groups of a name in the group of a process or beside it, with the names of their files."""
    for parent, names in _places(_table(pid), _ROOT):
        if (parent / name / "cgroup.procs").exists():
            yield parent / name, names


def parents(table: str, root: Path) -> Iterator[Tuple[Path, Dict[str, str]]]:
    """Groups below which one with a limit of memory may be made, best first.

    Parameters
    ----------
    table : str
        ``/proc/PID/cgroup`` (cgroups(7)).
    root : Path
        Where the hierarchies are mounted.
    """
    for place, names in _places(table, root):
        if names is V1 or "memory" in _text(place / "cgroup.subtree_control").split():
            yield place, names


def _places(table: str, root: Path) -> Iterator[Tuple[Path, Dict[str, str]]]:
    """The process's own group and the one above, of the hierarchy that has the memory."""
    for line in table.splitlines():
        _number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if ".." in path.split("/"):  # outside of the part that this container sees
            continue
        if not controllers:
            yield from ((place, V2) for place in _own_and_above(root, path))
        elif "memory" in controllers.split(","):
            yield from ((place, V1) for place in _own_and_above(root / "memory", path))


def _own_and_above(mount: Path, path: str) -> List[Path]:
    own = mount / path.lstrip("/")
    if not own.is_dir():  # a container may name its group as the host does, and see it as the root
        return [mount]
    return [own] if own == mount else [own, own.parent]


def _table(pid: str) -> str:
    return _text(Path("/proc") / pid / "cgroup")


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
