"""What a job uses, sampled by its supervisor into ``RUN/system``.

A sample at the start, some in the first seconds, so that short jobs have a curve too, then one
every ``telemetry_s`` seconds, and one at the end. A sample that costs more than planned is taken
less often: the sampler never uses more than 0.2 % of a core.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Set, Tuple

from ml_jupyter import _time
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.system_log import Channel, SystemLog
from ml_jupyter.jobs.cgroup import group_name, groups_named
from ml_jupyter.jobs.telemetry_gpus import GpuMeter
from ml_jupyter.jobs.telemetry_tree import TreeMeter, TreeUse

#: So much of the time may be spent with sampling, once a job is older than the first seconds.
SHARE = 0.002
_FIRST_S = 0.5
#: Rates over less than this are noise: processor time is told in hundredths of a second.
_LEAST_S = 0.2
#: Seconds for which a sample waits for the GPUs; what they say later counts in the next one.
_PATIENCE_S = 0.05
_NOTHING = TreeUse(0.0, None, 0, 0, 0, 0)
_YOUNG_S = 4.0


class Sampler:
    """Samples one job; made when it starts, in its supervisor.

    Parameters
    ----------
    layout : RunLayout
        The run's folder.
    interval_s : float
        Seconds between two samples; 0: none are taken.
    gpus : sequence of str
        UUIDs of the GPUs that the job was given.
    others : callable, optional
        Gives processes of the job that do not descend from this one (in a container).
    """

    def __init__(
        self,
        layout: RunLayout,
        interval_s: float,
        gpus: Sequence[str] = (),
        others: Optional[Callable[[], Set[int]]] = None,
    ) -> None:
        self._interval_s = interval_s
        self._run = layout.path
        self._log = SystemLog(layout)
        self._tree = TreeMeter(others)
        self._gpus = GpuMeter(gpus)
        self._channels = _channels()
        self._begun = self._next = _time.monotonic()
        self._last: Optional[Tuple[float, TreeUse]] = None
        self._groups: Optional[List[Path]] = None
        self._described = self._has_memory = False
        self.cost_s = 0.0

    def tick(self) -> None:
        """Take a sample if it is time for one."""
        now = _time.monotonic()
        if self._interval_s and now >= self._next:
            self._sample(now)
            done = _time.monotonic()
            self.cost_s += done - now
            age = now - self._begun
            wait = min(self._interval_s, max(_FIRST_S, age))
            dear = 0.0 if age < _YOUNG_S else (done - now) / SHARE
            self._next = now + max(wait, dear)

    def finish(self) -> None:
        """Take the last sample, after the job's processes have ended."""
        if not self._interval_s:
            return
        with suppress(OSError, MlJupyterError):
            use = self._sample(_time.monotonic(), least_s=0.0 if self._last is None else _LEAST_S)
            if use is not None and use.largest:
                self._log.note(largest_process=use.largest)
        self._log.close()

    def _sample(self, now: float, least_s: float = _LEAST_S) -> Optional[TreeUse]:
        """Write what is used now; a disk that takes nothing must not end the job."""
        try:
            if not self._described:
                self._described = True
                self._log.note(interval_s=self._interval_s, gpus=[])
            use, time = self._tree.read(), _time.now_ns()
            before_at, before = self._last or (self._begun, _NOTHING)
            if now - before_at >= least_s:
                for channel, value in self._rates(before, use, now - before_at):
                    self._log.append(channel, time, value)
                self._last = (now, use)
            for channel, value in self._levels(use):
                self._log.append(channel, time, value)
            self._sample_gpus()
        except (OSError, MlJupyterError):
            return None
        return use

    def _sample_gpus(self) -> None:
        for answer in self._gpus.ask(_PATIENCE_S):
            for channel, value in answer.values:
                self._log.append(channel, answer.time, value)
        if self._gpus.described:
            self._log.note(gpus=self._gpus.described)
            self._gpus.described = None

    def _rates(
        self, before: TreeUse, use: TreeUse, seconds: float
    ) -> Iterator[Tuple[Channel, float]]:
        for name, unit, old, new in (
            ("cpu", 100.0, before.cpu_s, use.cpu_s),
            ("read", 1.0, before.read, use.read),
            ("write", 1.0, before.written, use.written),
        ):
            if old is not None and new is not None and seconds > 0:
                yield self._channels[name], max(0.0, (new - old) * unit / seconds)

    def _levels(self, use: TreeUse) -> Iterator[Tuple[Channel, float]]:
        memory = use.memory
        if not use.living and not self._has_memory:  # it ended before it could be looked at
            memory = use.largest or None
        self._has_memory = self._has_memory or memory is not None
        for name, value in (
            ("processes", use.living or None),
            ("memory", memory),
            ("memory_cgroup", self._in_group()),
            ("memory_free", _memory("MemAvailable")),
        ):
            if value is not None:
                yield self._channels[name], float(value)

    def _in_group(self) -> Optional[int]:
        """Memory of the job's own control group, where it has one (jobs/cgroup.py)."""
        if self._groups is None:
            self._groups = [place for place, _ in groups_named(group_name(self._run))]
        for group in self._groups:
            for name in ("memory.current", "memory.usage_in_bytes"):
                with suppress(OSError, ValueError):
                    return int((group / name).read_text("ascii"))
        return None


def _channels() -> Dict[str, Channel]:
    total = _memory("MemTotal")
    found = (
        Channel("cpu", "%", "CPU", 100.0 * _cores()),
        Channel("memory", "bytes", "Memory", total),
        Channel("memory_cgroup", "bytes", "Memory with caches", total),
        Channel("memory_free", "bytes", "Free memory of the machine", total),
        Channel("read", "bytes/s", "Read from storage"),
        Channel("write", "bytes/s", "Written to storage"),
        Channel("processes", "", "Processes"),
    )
    return {item.name: item for item in found}


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory(name: str) -> Optional[float]:
    """Bytes of a line of ``/proc/meminfo`` (proc(5)); None where there is none."""
    mark = name.encode("ascii") + b":"
    with suppress(OSError, ValueError, IndexError), open("/proc/meminfo", "rb") as stream:
        for line in stream:
            if line.startswith(mark):
                return float(int(line.split()[1]) * 1024)
    return None
