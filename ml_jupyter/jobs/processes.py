"""The processes of a job: finding all of them, whatever they did to get away, and ending them.

Linux reads ``/proc`` (proc(5)); other systems ask ``ps`` (POSIX, and its BSD option ``e`` for the
environment).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Callable, Dict, Iterable, List, Mapping, NamedTuple, Set

from ml_jupyter import _time

_HAS_PROC = sys.platform.startswith("linux")
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_POLL_S = 0.02


class Process(NamedTuple):
    """One process: its parent and whether it is dead already and only waits to be reaped."""

    parent: int
    zombie: bool


def table() -> Dict[int, Process]:
    """All processes of the machine that this user may see, by id."""
    if _HAS_PROC:
        found = {}
        for pid in _proc_ids():
            try:
                with open(f"/proc/{pid}/stat", "rb") as stream:
                    fields = stream.read().rpartition(b")")[2].split()
                found[pid] = Process(int(fields[1]), fields[0] in (b"Z", b"X"))
            except (OSError, IndexError, ValueError):  # ended while we looked
                continue
        return found
    return _table_of_ps(ps("-A", "-o", "pid=,ppid=,stat="))


def descendants(pid: int) -> Set[int]:
    """Living processes below ``pid``, itself not included."""
    children: Dict[int, List[int]] = {}
    processes = table()
    for child, facts in processes.items():
        children.setdefault(facts.parent, []).append(child)
    found: Set[int] = set()
    rest = list(children.get(pid, ()))
    while rest:
        child = rest.pop()
        if child not in found:
            found.add(child)
            rest.extend(children.get(child, ()))
    return {child for child in found if not processes[child].zombie}


def with_variables(variables: Mapping[str, str]) -> Set[int]:
    """Living processes, not this one, that were started with all of these in their environment."""
    if not _HAS_PROC:
        marks = [f" {name}={value} " for name, value in variables.items()]
        lines = ps("-A", "eww", "-o", "pid=,command=").splitlines()
        hits = [line for line in lines if all(mark in line + " " for mark in marks)]
        return {int(line.split(None, 1)[0]) for line in hits} - {os.getpid()}
    wanted = [os.fsencode(f"\0{name}={value}\0") for name, value in variables.items()]
    found = set()
    for pid in _proc_ids():
        environ = b"\0" + _environ(pid)
        if all(mark in environ for mark in wanted):
            found.add(pid)
    return found - {os.getpid()}


def resident_bytes(pids: Iterable[int]) -> int:
    """Memory of some processes together; on Linux shared pages are counted once."""
    return sum(_resident(pid) for pid in pids)


def send(pids: Iterable[int], number: int) -> None:
    """Send a signal to processes that are still there; stopped ones are woken to take it."""
    for pid in pids:
        try:
            os.kill(pid, number)
            if number == signal.SIGTERM:
                os.kill(pid, signal.SIGCONT)
        except (ProcessLookupError, PermissionError):
            continue


def end(find: Callable[[], Set[int]], grace_s: float, limit_s: float = 5.0) -> Set[int]:
    """End processes: SIGTERM, after ``grace_s`` SIGKILL, until ``find`` finds none.

    Returns
    -------
    set of int
        What is still there ``limit_s`` seconds after SIGKILL (a process in an uninterruptible
        wait).
    """
    left = find()
    send(left, signal.SIGTERM)
    deadline = _time.monotonic() + grace_s
    while left and _time.monotonic() < deadline:
        time.sleep(_POLL_S)
        left = find()
    return kill(find, limit_s) if left else left


def kill(find: Callable[[], Set[int]], limit_s: float = 5.0) -> Set[int]:
    """End processes with SIGKILL, which they cannot answer to; what is left, as of ``end``."""
    left = find()
    deadline = _time.monotonic() + limit_s
    while left and _time.monotonic() < deadline:
        send(left, signal.SIGKILL)
        time.sleep(_POLL_S)
        left = find()
    return left


def adopt_orphans(on: bool) -> None:
    """Whether orphans below this process become its children (prctl(2)); Linux only."""
    if not _HAS_PROC:
        return
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1 if on else 0, 0, 0, 0)


def boot_ns() -> int:
    """When the machine was started, nanoseconds since the epoch; 0: not known."""
    try:
        with open("/proc/stat", "rb") as stream:
            for line in stream:
                if line.startswith(b"btime "):
                    return int(line.split()[1]) * 1_000_000_000
    except (OSError, ValueError):
        pass
    return 0


def oom_kills() -> int:
    """How often the system has killed a process for want of memory (proc(5), vmstat)."""
    try:
        with open("/proc/vmstat", "rb") as stream:
            for line in stream:
                if line.startswith(b"oom_kill "):
                    return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return 0


def _proc_ids() -> List[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _environ(pid: int) -> bytes:
    try:
        with open(f"/proc/{pid}/environ", "rb") as stream:
            return stream.read()
    except OSError:
        return b""


def _resident(pid: int) -> int:
    if not _HAS_PROC:
        text = ps("-o", "rss=", "-p", str(pid)).strip()
        return int(text) * 1024 if text.isdigit() else 0
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as stream:
            for line in stream:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _table_of_ps(text: str) -> Dict[int, Process]:
    rows = [line.split(None, 2) for line in text.splitlines()]
    return {
        int(row[0]): Process(int(row[1]), row[2].startswith("Z")) for row in rows if len(row) == 3
    }


def ps(*arguments: str) -> str:
    """What ``ps`` prints (POSIX); empty where it fails."""
    answer = subprocess.run(
        ["ps", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return answer.stdout.decode("utf-8", "replace")
