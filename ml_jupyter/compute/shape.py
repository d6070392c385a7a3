"""What a node of a pool is on this machine: from a size, a count and a machine, data to data.

The nodes of a pool share the machine out: ``max_nodes`` of them fit at a time, as the name says,
and none is more than its size. GPUs cannot be divided so freely: a node takes as many whole ones as
its size has and the machine can give; only when a run's nodes outnumber the GPUs do they share
them.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

from ml_jupyter.compute.vm_sizes import GIB, VmSize


class Machine(NamedTuple):
    """What there is in all: CPU slots, bytes of memory (0: not known), GPUs."""

    slots: int
    memory: int
    gpus: int


class NodeShape(NamedTuple):
    """What one node reserves: CPU slots, bytes of memory, GPUs (below 1: a share of one)."""

    slots: int
    memory: int
    gpus: float


def node_count(size: Optional[VmSize], least: int, most: Optional[int], machine: Machine) -> int:
    """The greatest number of nodes of a pool; without ``most``: as many as the machine holds."""
    if most is not None:
        return max(most, 1)
    cores = size.cores if size is not None else 1
    return max(1, least, machine.slots // cores)


def node_shape(
    size: Optional[VmSize], max_nodes: int, machine: Machine, nodes: int = 1
) -> NodeShape:
    """What each node of a run on ``nodes`` nodes reserves.

    Parameters
    ----------
    size : VmSize, optional
        None: an unknown size, of which a node is one CPU slot.
    max_nodes : int
        Nodes of the pool, at least 1.
    machine : Machine
        What they share.
    nodes : int
        Nodes of the run.
    """
    if size is None:
        return NodeShape(1, 0, 0.0)
    slots = max(1, min(size.cores, machine.slots // max_nodes))
    memory = min(size.memory, machine.memory // max_nodes)
    return NodeShape(slots, memory, _gpus(size.gpus, machine.gpus, nodes))


def shortfall(size: VmSize, max_nodes: int, machine: Machine) -> Optional[str]:
    """What a node has less than its size says, as the end of a sentence; None: nothing."""
    shape = node_shape(size, max_nodes, machine)
    full = NodeShape(size.cores, size.memory if machine.memory else 0, float(size.gpus))
    if all(has >= wanted for has, wanted in zip(shape, full)):
        return None
    each = "its one node" if max_nodes == 1 else f"each of its {max_nodes} nodes"
    wanted = in_words(NodeShape(size.cores, size.memory, size.gpus))
    return f"{size.name} has {wanted}; this machine gives {each} {in_words(shape)}"


def in_words(shape: NodeShape) -> str:
    """``6 cores, 56 GiB of memory and 1 GPU``."""
    cores = f"{shape.slots} core{'s' if shape.slots != 1 else ''}"
    memory = f", {shape.memory / GIB:.3g} GiB of memory" if shape.memory else ""
    if shape.gpus == 0:
        return f"{cores}{memory} and no GPU"
    gpus = f"{shape.gpus:g} GPU{'s' if shape.gpus > 1 else ''}"
    return f"{cores}{memory} and {gpus if shape.gpus >= 1 else f'{shape.gpus:g} of a GPU'}"


def _gpus(wanted: float, there: int, nodes: int) -> float:
    if wanted < 1 or there == 0:
        return wanted if there else 0.0
    whole = there // nodes
    if whole >= 1:
        return float(min(int(wanted), whole))
    nodes_a_gpu = -(-nodes // there)
    return int(100 / nodes_a_gpu) / 100
