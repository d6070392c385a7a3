"""What a run of Weights & Biases used, as the system series of ours.

Sources: docs.wandb.ai, "System metrics", for names and units; wandb_internal.proto for the records
``StatsRecord`` and ``EnvironmentRecord``. Disks and networks are left out: there they are sums of
the whole machine since the run began, here what the job itself read and wrote.
"""

from __future__ import annotations

import json
import re
from array import array
from statistics import median
from typing import Any, Dict, Iterator, List, Optional, Tuple

from ml_jupyter.history.system_log import Channel
from ml_jupyter.importers.run_writer import RunWriter
from ml_jupyter.importers.wandb_log import Field, fields, message

_TIME, _ITEM = 2, 3
_KEY, _VALUE = 1, 16
_CORES, _LOGICAL_CORES, _MEMORY, _GPU = 16, 17, 21, 24
_MIB = 1024.0 * 1024.0
_OF_GPU = re.compile(r"gpu\.(\d+)\.(gpu|memoryAllocatedBytes|temp|powerWatts)\Z")
_GPU_KINDS = {
    "gpu": ("utilization", "%"),
    "memoryAllocatedBytes": ("memory", "bytes"),
    "temp": ("temperature", "°C"),
    "powerWatts": ("power", "W"),
}
_PLAIN = ("cpu", "proc.memory.rssMB", "proc.memory.availableMB")
#: So many samples tell how often samples were taken.
_FIRST = 20


class SystemSeries:
    """Collects samples and writes them when all is read: the machine is told of after the first."""

    def __init__(self) -> None:
        self._times: Dict[str, array[int]] = {}
        self._values: Dict[str, array[float]] = {}
        self._moments: List[int] = []
        self._cores = 0
        self._memory: Optional[float] = None
        self._gpus: List[Dict[int, Field]] = []

    def take_environment(self, data: bytes) -> None:
        """Take a record of the machine in."""
        known = message(data)
        cores = known.get(_LOGICAL_CORES) or known.get(_CORES)
        self._cores = cores if isinstance(cores, int) else self._cores
        memory = known.get(_MEMORY)
        if isinstance(memory, bytes):
            self._memory = float(message(memory).get(1, 0)) or None
        found = [message(value) for number, value in fields(data)
                 if number == _GPU and isinstance(value, bytes)]  # fmt: skip
        self._gpus = found or self._gpus

    def take(self, data: bytes) -> None:
        """Take a record with one sample of each series in."""
        time = 0
        for number, value in fields(data):
            if number == _TIME and isinstance(value, bytes):
                moment = message(value)
                time = int(moment.get(1, 0)) * 10**9 + int(moment.get(2, 0))
                if len(self._moments) < _FIRST:
                    self._moments.append(time)
            elif number == _ITEM and isinstance(value, bytes):
                self._take_item(time, message(value))

    def finish(self, writer: RunWriter) -> None:
        """Write all series of a run."""
        for key, channel, factor in self._channels():
            values = [value * factor for value in self._values[key]]
            writer.system.append_many(channel, self._times[key], values)
        if self._times:
            gpus = [self._gpu(index) for index in self._used()]
            writer.system.note(interval_s=self._interval_s(), gpus=gpus)

    # -- inside

    def _take_item(self, time: int, item: Dict[int, Field]) -> None:
        key, text = item.get(_KEY), item.get(_VALUE)
        if not isinstance(key, bytes) or not isinstance(text, bytes):
            return
        name = key.decode("utf-8", "replace")
        if name not in _PLAIN and not _OF_GPU.match(name):
            return
        value = json.loads(text)
        if isinstance(value, (int, float)):
            self._times.setdefault(name, array("q")).append(time)
            self._values.setdefault(name, array("d")).append(float(value))

    def _channels(self) -> Iterator[Tuple[str, Channel, float]]:
        """Key there, series here, and what to multiply by."""
        total, cores = self._memory, self._cores
        plain = {
            "cpu": (Channel("cpu", "%", "CPU", 100.0 * cores), float(cores)),
            "proc.memory.rssMB": (Channel("memory", "bytes", "Memory", total), _MIB),
            "proc.memory.availableMB": (
                Channel("memory_free", "bytes", "Free memory of the machine", total), _MIB,
            ),
        }  # fmt: skip
        for key in self._times:
            if key in plain and not (key == "cpu" and not cores):  # a share of nobody knows what
                yield (key, *plain[key])
            match = _OF_GPU.match(key)
            if match is not None:
                kind, unit = _GPU_KINDS[match.group(2)]
                gpu = self._gpu(int(match.group(1)))
                full = gpu["memory_total"] or None if kind == "memory" else None
                full = 100.0 if kind == "utilization" else full
                name, label = f"gpu.{gpu['number']}.{kind}", f"{gpu['label']} {kind}"
                yield key, Channel(name, unit, label, full, gpu["uuid"]), 1.0

    def _used(self) -> List[int]:
        matches = [_OF_GPU.match(key) for key in self._times]
        return sorted({int(match.group(1)) for match in matches if match is not None})

    def _gpu(self, index: int) -> Dict[str, Any]:
        known = self._gpus[index] if index < len(self._gpus) else {}
        text = {number: value.decode("utf-8", "replace") for number, value in known.items()
                if isinstance(value, bytes)}  # fmt: skip
        return {
            "label": f"GPU {index}",
            "uuid": text.get(5) or f"wandb-gpu-{index}",
            "name": text.get(1, ""),
            "memory_total": int(known.get(2, 0)),
            "number": str(index),
        }

    def _interval_s(self) -> float:
        gaps = [b - a for a, b in zip(self._moments, self._moments[1:])]
        return round(median(gaps) / 1e9, 1) if gaps else 0.0
