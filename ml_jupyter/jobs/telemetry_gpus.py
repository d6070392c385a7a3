"""The GPUs of a job as its sampler sees them: only those that the queue gave to it.

The driver is asked in a thread: when a GPU falls off the bus a question may never be answered, and
the supervisor must go on.
"""

from __future__ import annotations

import queue
import threading
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from ml_jupyter import _time
from ml_jupyter.devices.gpu import Gpu
from ml_jupyter.history.system_log import Channel


class GpuAnswer(NamedTuple):
    """What the driver said at one moment.

    Attributes
    ----------
    time : int
        Nanoseconds since the epoch.
    values : list of (Channel, float)
        A GPU that did not answer is left out.
    """

    time: int
    values: List[Tuple[Channel, float]]


class GpuMeter:
    """Asks the driver for the GPUs of one job.

    Parameters
    ----------
    uuids : sequence of str
        UUIDs of GPUs or MIG devices; none: the driver is never asked.

    Attributes
    ----------
    described : list of dict, optional
        ``label``, ``uuid``, ``name``, ``memory_total`` of each GPU and its ``number`` in the names
        of channels, once they are known.
    """

    def __init__(self, uuids: Sequence[str]) -> None:
        self._uuids = tuple(dict.fromkeys(uuids))
        self.described: Optional[List[Dict[str, Any]]] = None if self._uuids else []
        self._questions: queue.Queue[bool] = queue.Queue()
        self._answers: queue.Queue[GpuAnswer] = queue.Queue()
        self._thread: Optional[threading.Thread] = None
        self._waiting = False

    def ask(self, patience_s: float) -> Iterator[GpuAnswer]:
        """Ask, and give the answers that are there within ``patience_s`` seconds.

        An answer that comes later is given the next time; until then nothing new is asked.
        """
        if not self._uuids:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="gpus", daemon=True)
            self._thread.start()
        if not self._waiting:
            self._waiting = True
            self._questions.put(True)
        try:
            while self._waiting:
                answer = self._answers.get(timeout=patience_s)
                self._waiting = False
                yield answer
        except queue.Empty:
            return

    def _work(self) -> None:
        facts = self._describe()
        self.described = list(facts.values())
        while self._questions.get():
            self._answers.put(GpuAnswer(_time.now_ns(), list(self._read(facts))))

    def _describe(self) -> Dict[str, Dict[str, Any]]:
        from ml_jupyter.devices import nvml

        known = {gpu.uuid: gpu for gpu in nvml.inventory()}
        found = {}
        for place, uuid in enumerate(self._uuids):
            gpu = known.get(uuid, Gpu(place, uuid, ""))
            found[uuid] = {
                "label": gpu.label,
                "uuid": uuid,
                "name": gpu.name,
                "memory_total": gpu.memory_total,
                "number": f"{gpu.index}:{gpu.part}" if gpu.mig else str(gpu.index),
            }
        return found

    def _read(self, facts: Dict[str, Dict[str, Any]]) -> Iterator[Tuple[Channel, float]]:
        from ml_jupyter.devices import nvml

        for uuid, sample in nvml.sample(self._uuids).items():
            gpu = facts[uuid]
            for kind, unit, full, value in (
                ("utilization", "%", 100.0, sample.utilization),
                ("memory", "bytes", gpu["memory_total"], sample.memory),
                ("temperature", "°C", None, sample.temperature),
                ("power", "W", sample.power_limit, sample.power),
            ):
                if value is not None:
                    name, label = f"gpu.{gpu['number']}.{kind}", f"{gpu['label']} {kind}"
                    yield Channel(name, unit, label, full or None, uuid), float(value)
