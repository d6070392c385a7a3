"""The GPUs of a job as its sampler sees them: only those that the queue gave to it."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Sequence, Tuple

from ml_jupyter.history.system_log import Channel


class GpuMeter:
    """Asks the driver for the GPUs of one job.

    Parameters
    ----------
    uuids : sequence of str
        UUIDs of GPUs or MIG devices; none: the driver is never asked.
    """

    def __init__(self, uuids: Sequence[str]) -> None:
        self._uuids = tuple(dict.fromkeys(uuids))
        self._labels: Dict[str, str] = {}
        self._memory: Dict[str, int] = {}

    def describe(self) -> List[Dict[str, Any]]:
        """``label``, ``uuid``, ``name`` and ``memory_total`` of each GPU."""
        if not self._uuids:
            return []
        from ml_jupyter.devices import nvml

        known = {item.uuid: item for item in nvml.inventory()}
        found = []
        for number, uuid in enumerate(self._uuids):
            item = known.get(uuid)
            label = str(number) if item is None else gpu_number(item)
            total = 0 if item is None else int(item.memory_total)
            self._labels[uuid], self._memory[uuid] = label, total
            name = "" if item is None else str(item.name)
            found.append(
                {"label": f"GPU {label}", "uuid": uuid, "name": name, "memory_total": total}
            )
        return found

    def read(self) -> Iterator[Tuple[Channel, float]]:
        """What each GPU tells now; a GPU that does not answer is left out."""
        if not self._uuids:
            return
        from ml_jupyter.devices import nvml

        for uuid, sample in nvml.sample(self._uuids).items():
            for kind, unit, words, full, value in (
                ("utilization", "%", "busy", 100.0, sample.utilization),
                ("memory", "bytes", "memory", self._memory.get(uuid), sample.memory),
                ("temperature", "°C", "temperature", None, sample.temperature),
                ("power", "W", "power", sample.power_limit, sample.power),
            ):
                if value is not None:
                    label = self._labels.get(uuid, uuid)
                    name, text = f"gpu.{label}.{kind}", f"GPU {label} {words}"
                    yield Channel(name, unit, text, full or None, uuid), float(value)


def gpu_number(gpu: Any) -> str:
    """What people call a GPU: its number, or ``1:0`` for the first MIG device of GPU 1."""
    return str(getattr(gpu, "label", None) or gpu.index)
