"""What a job asks the queue for: cores, memory and GPUs on each of its nodes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any, Dict, List, Mapping

from ml_jupyter import _words

#: The least part of a GPU that is told apart: rounding must not keep four quarters from fitting.
GRAIN = 1e-6


@dataclass(frozen=True)
class Request:
    """A vector of resources.

    Attributes
    ----------
    slots, memory, gpus, gpu_memory
        CPU slots, bytes, GPUs (a whole number, or a share below 1 of one) and bytes that must be
        free on each of them; on each node.
    nodes : int
        Sets of these, all at once.
    pool : str
        Id of the pool of which each node takes one node; empty: none.
    pool_name : str
        What its user calls it.
    max_nodes : int
        Nodes that the pool has.
    low_priority : bool
        Behind all runs that are not.
    """

    slots: int = 1
    memory: int = 0
    gpus: float = 0.0
    gpu_memory: int = 0
    nodes: int = 1
    pool: str = ""
    pool_name: str = ""
    max_nodes: int = 0
    low_priority: bool = False

    @classmethod
    def from_launch(cls, launch: Mapping[str, Any]) -> Request:
        """The request of a ``LaunchSpec`` in JSON; what older versions lack has defaults."""
        pool = launch.get("pool") or {}
        return _same(
            max(0, int(launch.get("slots", 1))),
            int(launch.get("memory", 0)),
            float(launch.get("gpus", 0.0)),
            int(launch.get("gpu_memory", 0)),
            max(1, int(launch.get("nodes", 1))),
            str(pool.get("id", "")),
            str(pool.get("name", "") or pool.get("id", "")),
            int(pool.get("max_nodes", 0) or 0),
            bool(pool.get("low_priority", False)),
        )

    @classmethod
    def from_text(cls, text: str) -> Request:
        """What ``to_text`` gave, or a number of CPU slots, as older versions wrote it.

        Raises
        ------
        ValueError
            Neither.
        """
        value = json.loads(text or "0")
        if isinstance(value, int):
            return cls(slots=value)
        if not isinstance(value, dict):
            raise ValueError(f"{text!r} is no request")
        names = {item.name for item in fields(cls)}
        return cls(**{key: item for key, item in value.items() if key in names})

    def to_text(self) -> str:
        """As one line of text, for a ticket; it names nobody."""
        return json.dumps({**asdict(self), "pool_name": ""})

    def cpus(self, total: int) -> int:
        """CPU slots of all nodes together on a machine that has ``total``.

        Nodes of one core each may be more than the machine has cores: then they share them, so that
        a job for two nodes can be tried on a laptop with one.
        """
        together = self.slots * self.nodes
        return min(together, total) if self.slots == 1 else together

    @property
    def share(self) -> float:
        """The part of one GPU that each node takes; 0: whole GPUs, or none."""
        return self.gpus if 0 < self.gpus < 1 else 0.0

    @property
    def whole(self) -> int:
        """Whole GPUs of each node."""
        return 0 if self.share else int(self.gpus)

    def to_json(self) -> Dict[str, Any]:
        """What is shown of it: ``needs`` of the queue (docs/http-api.md)."""
        gpus = self.gpus if self.share else int(self.gpus)
        return {
            "cpus": self.slots,
            "memory": self.memory,
            "gpus": gpus,
            "gpu_memory": self.gpu_memory,
            "nodes": self.nodes,
            "pool": self.pool_name or None,
        }

    @property
    def text(self) -> str:
        """In words: ``2 GPUs and 4 CPU slots``; first what is scarce."""
        parts: List[str] = []
        if self.gpus:
            parts.append(self.gpu_text)
        if self.memory:
            parts.append(f"{size(self.memory)} of memory")
        if self.slots > 1 or not parts:
            parts.append(count(self.slots, "CPU slot") if self.slots else "no CPU slot")
        listed = _words.listed(parts)
        return listed if self.nodes == 1 else f"{self.nodes} nodes with {listed} each"

    @property
    def gpu_text(self) -> str:
        """Its GPUs in words: ``2 GPUs``, ``0.5 of a GPU``, ``1 GPU with 40 GB free``."""
        text = f"{self.share:g} of a GPU" if self.share else count(self.whole, "GPU")
        if self.gpu_memory:
            text += f" with {size(self.gpu_memory)} free"
        return text


@lru_cache(maxsize=1024)
def _same(*values: Any) -> Request:
    """One object for equal requests: a thousand runs are compared by few different ones."""
    return Request(*values)


def size(number: float) -> str:
    """Bytes in words, round numbers without a decimal: ``18.2 GB``, ``8 GB``."""
    return _words.size(number).replace(".0 ", " ")


def count(number: int, what: str) -> str:
    """``1 GPU``, ``2 GPUs``."""
    return f"{number} {what}{'' if number == 1 else 's'}"
