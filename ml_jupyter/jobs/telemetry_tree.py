"""What the processes of a job use together: processor time, memory, bytes to and from storage.

Linux reads ``/proc`` (proc(5)): processor time and bytes of a process include those of its children
that have ended and were waited for, so that the sums over the living ones and over what the
supervisor itself has waited for (getrusage(2)) miss nobody. Other systems ask ``ps``.
"""

from __future__ import annotations

import os
import sys
from typing import Callable, Dict, Iterable, NamedTuple, Optional, Set, Tuple

from ml_jupyter import _time
from ml_jupyter.jobs import processes

_HAS_PROC = sys.platform.startswith("linux")
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_BLOCK = 512  # unit of ru_inblock and ru_oublock on Linux (getrusage(2))
#: So many samples may pass until all processes of the machine are looked at again.
_WHOLE_EVERY = 12
#: Reading the proportional memory of big processes may take this share of the time.
_SHARED_SHARE = 0.0005


class TreeUse(NamedTuple):
    """Use of a job's processes at one moment; what could not be read is None.

    Attributes
    ----------
    cpu_s : float
        Seconds of processor time since the meter was made.
    memory : int, optional
        Bytes of memory, shared pages counted once as far as that can be afforded.
    read, written : int, optional
        Bytes from and to storage since the meter was made.
    living : int
        Living processes.
    largest : int
        The most bytes of memory that any process that has ended held at one time; 0: not known.
    """

    cpu_s: float
    memory: Optional[int]
    read: Optional[int]
    written: Optional[int]
    living: int
    largest: int


class _Facts(NamedTuple):
    parent: int
    zombie: bool
    cpu_s: float
    resident: int


class TreeMeter:
    """Measures the descendants of this process, and of others that it is told of.

    Parameters
    ----------
    others : callable, optional
        Gives processes of the job that do not descend from this one (in a container).
    """

    def __init__(self, others: Optional[Callable[[], Set[int]]] = None) -> None:
        self._others = others
        self._foreign: Set[int] = set()
        self._looks = 0
        self._shared: Tuple[float, int] = (1.0, 0)
        self._shared_after = 0.0
        self._begun = _ended_children()

    def read(self) -> TreeUse:
        """What the job uses now."""
        found = self._tree()
        ended = _ended_children()
        own = [_storage(pid) for pid in found]
        known = [item for item in own if item is not None]
        complete = len(known) == len(found)
        read = ended.read - self._begun.read + sum(item[0] for item in known)
        written = ended.written - self._begun.written + sum(item[1] for item in known)
        cpu_s = ended.cpu_s - self._begun.cpu_s + sum(item.cpu_s for item in found.values())
        return TreeUse(
            cpu_s=cpu_s,
            memory=self._memory(found) if found else None,
            read=read if complete and _HAS_PROC else None,
            written=written if complete and _HAS_PROC else None,
            living=len(found),
            largest=ended.largest,
        )

    def _tree(self) -> Dict[int, _Facts]:
        facts = self._look()
        roots = {os.getpid()} | (self._others() if self._others is not None else set())
        found: Dict[int, _Facts] = {}
        children: Dict[int, list[int]] = {}
        for pid, item in facts.items():
            children.setdefault(item.parent, []).append(pid)
        rest = list(roots)
        while rest:
            for pid in children.pop(rest.pop(), ()):
                found[pid] = facts[pid]
                rest.append(pid)
        found.update({pid: facts[pid] for pid in roots if pid in facts and pid != os.getpid()})
        self._foreign |= set(facts) - set(found) - roots
        return {pid: item for pid, item in found.items() if not item.zombie}

    def _look(self) -> Dict[int, _Facts]:
        """Processes that may be the job's. Who was not, remains so until its number is free."""
        if not _HAS_PROC:
            return _facts_of_ps()
        there = {int(name) for name in os.listdir("/proc") if name.isdigit()}
        self._foreign &= there
        if self._looks % _WHOLE_EVERY == 0 or self._others is not None:
            self._foreign = set()
        self._looks += 1
        found = {}
        for pid in there - self._foreign:
            item = _facts(pid)
            if item is not None:
                found[pid] = item
        return found

    def _memory(self, found: Dict[int, _Facts]) -> int:
        resident = sum(item.resident for item in found.values())
        if len(found) < 2 or not _HAS_PROC:
            return resident
        now = _time.monotonic()
        ratio, count = self._shared
        if now >= self._shared_after or count != len(found):
            ratio = _proportion(found, resident)
            self._shared = (ratio, len(found))
            self._shared_after = now + (_time.monotonic() - now) / _SHARED_SHARE
        return int(resident * ratio)


class _Ended(NamedTuple):
    cpu_s: float
    read: int
    written: int
    largest: int


def _ended_children() -> _Ended:
    import resource

    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss (getrusage(2))
    return _Ended(
        use.ru_utime + use.ru_stime,
        use.ru_inblock * _BLOCK,
        use.ru_oublock * _BLOCK,
        use.ru_maxrss * unit,
    )


def _facts(pid: int) -> Optional[_Facts]:
    try:
        with open(f"/proc/{pid}/stat", "rb") as stream:
            fields = stream.read().rpartition(b")")[2].split()
        ticks = sum(int(fields[at]) for at in (11, 12, 13, 14))
        zombie = fields[0] in (b"Z", b"X")
        return _Facts(int(fields[1]), zombie, ticks / _TICKS, int(fields[21]) * _PAGE)
    except (OSError, IndexError, ValueError):  # ended while we looked
        return None


def _storage(pid: int) -> Optional[Tuple[int, int]]:
    try:
        with open(f"/proc/{pid}/io", "rb") as stream:
            lines = dict(line.split(b": ") for line in stream.read().splitlines())
        return int(lines[b"read_bytes"]), int(lines[b"write_bytes"])
    except (OSError, KeyError, ValueError):
        return None


def _proportion(found: Iterable[int], resident: int) -> float:
    """How much of the resident memory remains when shared pages are counted once."""
    proportional = processes.resident_bytes(found)
    return min(1.0, proportional / resident) if proportional and resident else 1.0


def _facts_of_ps() -> Dict[int, _Facts]:
    found = {}
    for line in processes.ps("-A", "-o", "pid=,ppid=,rss=,time=,stat=").splitlines():
        words = line.split()
        if len(words) == 5:
            pid, parent, resident = (int(word) for word in words[:3])
            zombie = words[4].startswith("Z")
            found[pid] = _Facts(parent, zombie, _seconds(words[3]), resident * 1024)
    return found


def _seconds(text: str) -> float:
    """``[[dd-]hh:]mm:ss[.cc]`` of ``ps`` in seconds."""
    days, _, rest = text.rpartition("-")
    total = 0.0
    for part in rest.split(":"):
        total = total * 60 + float(part)
    return total + (int(days) * 86_400 if days else 0)
