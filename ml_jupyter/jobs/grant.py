"""What the queue gives to a job: its nodes with their cores, memory and GPUs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Tuple


@dataclass(frozen=True)
class NodeGrant:
    """One slot set.

    Attributes
    ----------
    index : int
        Number of the node in the job, from 0.
    cpus : tuple of int
        CPU slots.
    gpus : tuple of str
        UUIDs of its GPUs, or of MIG devices; a share of a GPU names it as well.
    memory : int
        Bytes that are reserved; 0: not counted.
    """

    index: int
    cpus: Tuple[int, ...] = ()
    gpus: Tuple[str, ...] = ()
    memory: int = 0


@dataclass(frozen=True)
class Grant:
    """All nodes of a job, and the locks that say so.

    Attributes
    ----------
    nodes : tuple of NodeGrant
        At least one.
    descriptors : mapping of str to int
        Slot to the descriptor that holds its lock; inherited by the supervisor, freed by its end.
    """

    nodes: Tuple[NodeGrant, ...] = (NodeGrant(0),)
    descriptors: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> Dict[str, Any]:
        """What is recorded with the run: no locks."""
        return {
            "nodes": [
                {"cpus": len(node.cpus), "gpus": list(node.gpus), "memory": node.memory}
                for node in self.nodes
            ]
        }
