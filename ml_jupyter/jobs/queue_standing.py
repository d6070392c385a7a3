"""How the machine stands at one moment: what is free, and who has the rest.

From data to data: what the driver says, what the slots say, and whose the processes are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Tuple

from ml_jupyter.devices.gpu import Gpu
from ml_jupyter.devices.owners import RUN, Owner
from ml_jupyter.jobs.queue_limits import Capacity
from ml_jupyter.jobs.queue_room import GpuRoom, Room
from ml_jupyter.jobs.slots import CPU, GPU, MEMORY, POOL, SHARE, Holder

#: Bytes of a GPU that no visible process holds and that still count as nobody's: what a driver
#: keeps for itself where it cannot tell that apart.
UNSEEN = 512 << 20
#: Bytes that make a difference worth deciding again.
_COARSE = 100_000_000


@dataclass(frozen=True)
class Foreign:
    """A process that has memory on a GPU and that the queue did not start there.

    ``owner`` is None for memory of processes that cannot be seen from here; ``used`` is None where
    the driver does not tell.
    """

    owner: Optional[Owner]
    used: Optional[int]


@dataclass(frozen=True)
class GpuUse:
    """A GPU, the jobs that hold it, and the processes that do so without being asked."""

    room: GpuRoom
    holders: Tuple[Holder, ...] = ()
    foreign: Tuple[Foreign, ...] = ()


@dataclass(frozen=True)
class Standing:
    """The machine at one moment.

    Attributes
    ----------
    have : Capacity
        All that it has.
    cpus : tuple of Holder, optional
        One for each CPU slot.
    gpus : tuple of GpuUse
        One for each GPU.
    memory : tuple of Holder
        Who has reserved memory.
    pools : mapping of str to tuple of Holder
        Who has nodes, by the beginning of their slots' names (``slots.pool_prefix``).
    """

    have: Capacity
    cpus: Tuple[Optional[Holder], ...]
    gpus: Tuple[GpuUse, ...] = ()
    memory: Tuple[Holder, ...] = ()
    pools: Mapping[str, Tuple[Holder, ...]] = field(default_factory=dict)

    def room(self) -> Room:
        """What nobody holds."""
        free = sum(1 for holder in self.cpus if holder is None)
        memory = self.have.memory - int(sum(holder.amount for holder in self.memory))
        used = {prefix[len(POOL) : -1]: len(held) for prefix, held in self.pools.items()}
        unlimited = 1 << 62
        return Room(
            free,
            self.have.slots,
            memory if self.have.memory else unlimited,
            [use.room for use in self.gpus],
            used,
        )

    def summary(self) -> Tuple[Any, ...]:
        """What of it can change a decision or a sentence, without what changes all the time."""
        return (
            self.have.note,
            self.cpus,
            [_outline(use) for use in self.gpus],
            self.memory,
            self.pools,
        )


def stand(
    have: Capacity,
    holdings: Mapping[str, Holder],
    owner_of: Callable[[int], Owner],
    lenders: Optional[Mapping[str, str]] = None,
) -> Standing:
    """Put together what is known.

    Parameters
    ----------
    have : Capacity
        All that this machine has; its GPUs as the driver shows them now.
    holdings : mapping of str to Holder
        ``SlotTable.holdings``.
    owner_of : callable
        Whose a process is.
    lenders : mapping of str to str, optional
        Ids of children that use what another run holds, to that run's.
    """
    users = _Users(owner_of, lenders or {})
    return Standing(
        have,
        tuple(holdings.get(f"{CPU}{index}") for index in range(have.slots)),
        tuple(_gpu_use(gpu, holdings, users) for gpu in have.gpus),
        tuple(holder for name, holder in holdings.items() if name.startswith(MEMORY)),
        _pools(holdings),
    )


class _Users(NamedTuple):
    """Whose the processes are, and who uses what another run holds."""

    owner_of: Callable[[int], Owner]
    lenders: Mapping[str, str]

    def hold(self, owner: Owner, holders: Tuple[Holder, ...]) -> bool:
        """Whether a process belongs to a job that holds the GPU, or to a child of one."""
        if owner.kind != RUN or not owner.mine:
            return not owner.mine and any(item.uid == owner.uid for item in holders)
        names = {item.run_id.rpartition(":")[2] for item in holders}
        run_id: Optional[str] = owner.run_id
        while run_id is not None and run_id not in names:
            run_id = self.lenders.get(run_id)
        return run_id is not None


def _pools(holdings: Mapping[str, Holder]) -> Dict[str, Tuple[Holder, ...]]:
    found: Dict[str, Tuple[Holder, ...]] = {}
    for name, holder in holdings.items():
        if name.startswith(POOL):
            prefix = name[: name.rindex("-") + 1]
            found[prefix] = (*found.get(prefix, ()), holder)
    return found


def _gpu_use(gpu: Gpu, holdings: Mapping[str, Holder], users: _Users) -> GpuUse:
    whole = holdings.get(GPU + gpu.uuid)
    prefix = f"{SHARE}{gpu.uuid}-"
    shares = [holder for name, holder in holdings.items() if name.startswith(prefix)]
    holders = tuple(shares if whole is None else [whole, *shares])
    ours, foreign = _sorted_out(gpu, holders, users)
    total = gpu.usable
    promised = sum(max(item.reserved, int(item.amount * total)) for item in shares)
    others = sum(_bytes(item, gpu) for item in foreign)
    drawn = sum(item.used or 0 for item in gpu.processes if item.graphics)
    drawn += gpu.memory_used if gpu.hides and not holders else 0
    room = GpuRoom(
        gpu.uuid,
        gpu.label,
        total,
        free=0.0 if whole else max(0.0, 1.0 - sum(item.amount for item in shares)),
        foreign=min(1.0, others / total) if total else float(bool(foreign)),
        memory_free=max(0, total - max(promised, ours) - others - drawn),
        mig=gpu.mig,
        problem=gpu.problem,
        exclusive=gpu.exclusive,
    )
    return GpuUse(room, holders, tuple(foreign))


def _sorted_out(gpu: Gpu, holders: Tuple[Holder, ...], users: _Users) -> Tuple[int, List[Foreign]]:
    """Bytes of the jobs that hold the GPU, and the processes of others that compute on it."""
    ours, foreign = 0, []
    for process in gpu.processes:
        if process.graphics:
            continue
        owner = users.owner_of(process.pid)
        if users.hold(owner, holders):
            ours += process.used or 0
        else:
            foreign.append(Foreign(owner, process.used))
    seen = sum(process.used or 0 for process in gpu.processes)
    unseen = gpu.memory_used - seen
    tells = all(process.used is not None for process in gpu.processes)
    if unseen > UNSEEN and tells and (holders or not gpu.hides):
        if holders:  # in a container the driver does not show a job's processes
            ours += unseen
        else:
            foreign.append(Foreign(None, unseen))
    return ours, foreign


def _bytes(item: Foreign, gpu: Gpu) -> int:
    return gpu.memory_used if item.used is None else item.used


def _outline(use: GpuUse) -> Tuple[Any, ...]:
    room = use.room
    foreign = [(item.owner and item.owner.pid, (item.used or 0) // _COARSE) for item in use.foreign]
    facts = (room.uuid, room.problem, round(room.free, 3), room.memory_free // _COARSE)
    return (*facts, use.holders, foreign)
