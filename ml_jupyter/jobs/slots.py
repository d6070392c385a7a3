"""Slots of this machine: lock files that all users share, held by supervisors.

The folder is sticky and world-writable, as ``/tmp`` is. ``cpu-N`` is a core, ``gpu-UUID`` a whole
GPU, ``share-UUID-N`` a part of one, ``memory-N`` a number of bytes, ``pool-ID-N`` a node of a pool.
A slot is held by ``flock``; the file says by whom, and how much of a share or of memory. All that a
job needs is taken, or nothing, while the taker holds ``taking``, so that what two of them count is
true; the dispatcher takes it and the supervisor inherits it: it is never free in between, and free
the moment the supervisor is dead. Whoever waits keeps a ticket; what an earlier ticket of another
user waits for is left to it (``slot_tickets.py``).
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterable, Iterator, List, Mapping, Optional, Tuple

from ml_jupyter.history import lock
from ml_jupyter.jobs import slot_files
from ml_jupyter.jobs.queue_request import GRAIN, Request
from ml_jupyter.jobs.queue_room import Fit
from ml_jupyter.jobs.slot_holders import (
    CPU,
    GPU,
    MEMORY,
    POOL,
    SHARE,
    SOMEBODY,
    Holder,
    PoolNode,
    holder_of,
    pool_nodes,
    pool_prefix,
)

__all__ = [
    "CPU",
    "GPU",
    "MEMORY",
    "POOL",
    "SHARE",
    "SOMEBODY",
    "Holder",
    "Nodes",
    "PoolNode",
    "SlotTable",
    "close",
    "pool_nodes",
    "pool_prefix",
]
_KINDS = (CPU, GPU, SHARE, MEMORY, POOL)


@dataclass(frozen=True)
class Nodes:
    """What was taken, by its name in the folder.

    Attributes
    ----------
    descriptors : mapping of str to int
        Slot to the descriptor that holds it.
    cpus : tuple of int
        Numbers of the CPU slots, lowest first.
    """

    descriptors: Mapping[str, int] = field(default_factory=dict)
    cpus: Tuple[int, ...] = ()

    def close(self) -> None:
        """Let it go: each lock is free when the last process has closed its copy."""
        close(self.descriptors.values())


class SlotTable:
    """The slots of this machine.

    Parameters
    ----------
    folder : Path
        Where the lock files are; made when missing.
    count : int
        Number of CPU slots that this user counts with.
    memory : int
        Bytes that may be reserved together; 0: no limit is known.
    """

    def __init__(self, folder: Path, count: int, memory: int = 0) -> None:
        self._folder = folder
        self.count = count
        self.memory = memory

    def survey(self) -> List[Optional[Holder]]:
        """Who holds each CPU slot; None: nobody."""
        return [self._holder(f"{CPU}{index}") for index in range(self.count)]

    def holdings(self) -> Dict[str, Holder]:
        """Everything that is held, by the name of its slot; CPU slots beyond ours are left out."""
        found = {}
        for name in slot_files.names(self._folder):
            if name.startswith(_KINDS) and not self._is_beyond(name):
                holder = self._holder(name)
                if holder is not None:
                    found[name] = holder
        return found

    def take(
        self,
        request: Request,
        fit: Fit,
        holder: Holder,
        parts: Optional[Mapping[str, float]] = None,
    ) -> Optional[Nodes]:
        """Take free slots, all that a request needs or none.

        Parameters
        ----------
        request : Request
            What is needed.
        fit : tuple of tuple of str
            GPUs of each node by UUID, as ``Room.fit`` chose them.
        holder : Holder
            What is written into the slots.
        parts : mapping of str to float, optional
            How much of a GPU a share takes, where its memory makes that more than was asked for.

        Returns
        -------
        Nodes, optional
            To be inherited by the supervisor; None: somebody else was faster, or is taking now.
        """
        taken: Dict[str, int] = {}
        with self._taking(taken) as allowed:
            done = allowed and self._take_all(request, fit, holder, parts or {}, taken)
        if not done:
            close(taken.values())
            return None
        cpus = sorted(int(name[len(CPU) :]) for name in taken if name.startswith(CPU))
        return Nodes(taken, tuple(cpus))

    def take_nodes(self, request: Request, holder: Holder) -> Optional[Nodes]:
        """Take only the nodes of the request's pool: the rest is on loan from a parent."""
        taken: Dict[str, int] = {}
        with self._taking(taken) as allowed:
            done = allowed and self._take_pool(request, holder, taken)
        if not done:
            close(taken.values())
            return None
        return Nodes(taken)

    def take_slot(self, name: str, holder: Holder) -> Optional[int]:
        """Take one certain slot as it was, from somebody who has ended; None: it is still held."""
        with slot_files.taking(self._folder) as allowed:
            fd = slot_files.try_lock(self._folder, name) if allowed else None
            if fd is None:
                return None
            before = slot_files.read(self._folder, name)
            amount, reserved = before.get("amount", 1.0), before.get("reserved", 0)
            slot_files.write(fd, {**vars(holder), "amount": amount, "reserved": reserved})
            return fd

    def slots_of(self, run_id: str) -> List[str]:
        """Names of the slots that a run holds."""
        return [name for name, holder in self.holdings().items() if holder.run_id == run_id]

    @contextmanager
    def _taking(self, taken: Dict[str, int]) -> Iterator[bool]:
        """The only one who takes slots; an error lets go of what was taken so far."""
        try:
            with slot_files.taking(self._folder) as allowed:
                yield allowed
        except BaseException:
            close(taken.values())
            raise

    def _take_all(
        self,
        request: Request,
        fit: Fit,
        holder: Holder,
        parts: Mapping[str, float],
        taken: Dict[str, int],
    ) -> bool:
        return (
            self._take_pool(request, holder, taken)
            and self._take_gpus(request, fit, holder, parts, taken)
            and self._take_memory(request.memory * request.nodes, holder, taken)
            and self._take_cpus(request.cpus(self.count), holder, taken)
        )

    def _take_cpus(self, needed: int, holder: Holder, taken: Dict[str, int]) -> bool:
        names = (f"{CPU}{index}" for index in range(self.count))
        return self._take_some(names, needed, holder, taken)

    def _take_pool(self, request: Request, holder: Holder, taken: Dict[str, int]) -> bool:
        if not request.pool:
            return True
        names = (f"{pool_prefix(request.pool)}{index}" for index in range(request.max_nodes))
        return self._take_some(names, request.nodes, holder, taken)

    def _take_memory(self, count: int, holder: Holder, taken: Dict[str, int]) -> bool:
        if not count:
            return True
        reserved = sum(item.amount for _, item in self._held(MEMORY))
        if self.memory and reserved + count > self.memory:
            return False
        return self._take_part(MEMORY, _with(holder, float(count)), taken)

    def _take_gpus(
        self,
        request: Request,
        fit: Fit,
        holder: Holder,
        parts: Mapping[str, float],
        taken: Dict[str, int],
    ) -> bool:
        for uuid in [uuid for node in fit for uuid in node]:
            if request.share:
                part = _with(holder, parts.get(uuid, request.share), request.gpu_memory)
                good = self._take_share(uuid, part, taken)
            else:
                good = not any(self._held(f"{SHARE}{uuid}-")) and self._take_some(
                    [GPU + uuid], 1, holder, taken
                )
            if not good:
                return False
        return True

    def _take_share(self, uuid: str, part: Holder, taken: Dict[str, int]) -> bool:
        if lock.is_held(self._folder / (GPU + uuid)):
            return False
        used = sum(item.amount for _, item in self._held(f"{SHARE}{uuid}-"))
        if used + part.amount > 1.0 + GRAIN:
            return False
        return self._take_part(f"{SHARE}{uuid}-", part, taken)

    def _take_some(
        self, names: Iterable[str], needed: int, holder: Holder, taken: Dict[str, int]
    ) -> bool:
        for name in names:
            if needed == 0:
                break
            if name not in taken and self._take_one(name, holder, taken):
                needed -= 1
        return needed == 0

    def _take_part(self, prefix: str, holder: Holder, taken: Dict[str, int]) -> bool:
        """The first numbered file of a kind that nobody holds, so that they stay few."""
        index = 0
        while f"{prefix}{index}" in taken or not self._take_one(f"{prefix}{index}", holder, taken):
            index += 1
        return True

    def _take_one(self, name: str, holder: Holder, taken: Dict[str, int]) -> bool:
        fd = slot_files.try_lock(self._folder, name)
        if fd is None:
            return False
        taken[name] = fd
        slot_files.write(fd, vars(holder))
        return True

    def _held(self, prefix: str) -> Iterator[Tuple[str, Holder]]:
        for name in slot_files.names(self._folder):
            if name.startswith(prefix):
                holder = self._holder(name)
                if holder is not None:
                    yield name, holder

    def _holder(self, name: str) -> Optional[Holder]:
        if not lock.is_held(self._folder / name):
            return None
        return holder_of(slot_files.read(self._folder, name))

    def _is_beyond(self, name: str) -> bool:
        number = name[len(CPU) :]
        return name.startswith(CPU) and not (number.isdigit() and int(number) < self.count)


def close(descriptors: Iterable[int]) -> None:
    """Let slots go: the lock is free when the last process has closed its copy."""
    for fd in list(descriptors):
        os.close(fd)


def _with(holder: Holder, amount: float, reserved: int = 0) -> Holder:
    return Holder(holder.uid, holder.run_id, holder.name, amount, reserved, holder.since)
