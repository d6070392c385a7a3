"""Which waiting run starts next: from data to data, nothing else.

First in, first out within a priority, save what its user moved; pools of low priority behind all
others. A run that does not
fit makes a claim on what it is short of (``queue_room.py``); later ones start on what is left. A
child may borrow what its running parent holds, so that a parent that waits for its children never
waits for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from ml_jupyter.jobs.queue_limits import Capacity, never
from ml_jupyter.jobs.queue_request import GRAIN, Request
from ml_jupyter.jobs.queue_room import Fit, Room


@dataclass(frozen=True)
class Waiting:
    """A run that waits.

    Attributes
    ----------
    request : Request
        What it needs.
    created : int
        Nanoseconds since the epoch.
    priority : int
        Higher goes first.
    held : bool
        Its user lets it wait.
    place : int, optional
        The time that it counts as submitted at, since its user moved it; None: when it was.
    """

    run_id: str
    request: Request
    created: int
    priority: int = 0
    parent_id: Optional[str] = None
    held: bool = False
    place: Optional[int] = None

    @property
    def since(self) -> int:
        """Nanoseconds since the epoch that order it among runs of its priority."""
        return self.created if self.place is None else self.place


@dataclass(frozen=True)
class Live:
    """A run of ours that runs.

    Attributes
    ----------
    borrowed : bool
        Whether it runs on what its parent holds.
    gpus : mapping of str to float
        UUID to the part of the GPU that it has, its own or borrowed.
    """

    run_id: str
    request: Request
    parent_id: Optional[str] = None
    borrowed: bool = False
    gpus: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Placement:
    """A run to start now.

    Attributes
    ----------
    fit : tuple of tuple of str
        GPUs of each node.
    lender : str, optional
        The parent whose slots it uses; None: slots of its own.
    own_nodes : bool
        A child that borrows, and takes nodes of its own of a pool that is not its parent's.
    """

    run_id: str
    request: Request
    fit: Fit
    lender: Optional[str] = None
    own_nodes: bool = False


def in_order(waiting: Sequence[Waiting]) -> List[Waiting]:
    """Waiting runs, the next one first."""
    return sorted(
        waiting,
        key=lambda item: (
            item.request.low_priority,
            -item.priority,
            item.since,
            item.created,
            item.run_id,
        ),
    )


def choose(
    waiting: Sequence[Waiting], live: Sequence[Live], room: Room, have: Capacity
) -> List[Placement]:
    """The runs to start now, in order.

    Parameters
    ----------
    waiting, live
        All runs of this user's queue.
    room : Room
        What is free, and not awaited by another user who came before; it is used up.
    have : Capacity
        All that this machine has.
    """
    chosen: List[Placement] = []
    possible: Dict[Request, bool] = {}  # a thousand runs ask for few different things
    purses = _purses(live, have.slots)
    for child in owed(live):
        room.withhold(child.request, list(child.gpus))
    for item in in_order(waiting):
        found = room.fit(item.request)
        if found is not None:
            room.take(item.request, found)
            chosen.append(Placement(item.run_id, item.request, found))
            continue
        purse = purses.get(item.parent_id or "")
        loan = None if purse is None else purse.lend(item.request, room)
        if loan is not None:
            fit, own_nodes = loan
            chosen.append(Placement(item.run_id, item.request, fit, item.parent_id, own_nodes))
            continue
        if item.request not in possible:
            possible[item.request] = never(item.request, have) is None
        if possible[item.request]:
            room.claim(item.request)
    return chosen


def owed(live: Sequence[Live]) -> List[Live]:
    """Children that are about to take slots over from parents that have ended."""
    names = {item.run_id for item in live}
    return [item for item in live if item.borrowed and item.parent_id not in names]


class _Purse:
    """What a running parent holds and has not lent."""

    def __init__(self, item: Live, slots: int) -> None:
        self._pool = item.request.pool
        self._total = slots
        self._nodes = item.request.nodes
        self._cpus = item.request.cpus(slots)
        self._memory = item.request.memory * item.request.nodes
        self._gpus: Dict[str, float] = dict(item.gpus)

    def spend(self, request: Request, gpus: Mapping[str, float]) -> None:
        """Note what was lent."""
        self._cpus -= request.cpus(self._total)
        self._memory -= request.memory * request.nodes
        if request.pool and request.pool == self._pool:
            self._nodes -= request.nodes
        for uuid, part in gpus.items():
            self._gpus[uuid] = self._gpus.get(uuid, 0.0) - part

    def lend(self, request: Request, room: Room) -> Optional[Tuple[Fit, bool]]:
        """The GPUs of each node, and whether it needs nodes of its own pool; None: too little."""
        fit = self._gpus_for(request)
        if fit is None or request.cpus(self._total) > self._cpus:
            return None
        if request.memory * request.nodes > self._memory:
            return None
        own_nodes = bool(request.pool) and request.pool != self._pool
        if own_nodes and not room.take_nodes(request):
            return None
        if request.pool and not own_nodes and request.nodes > self._nodes:
            return None
        part = request.share or 1.0
        self.spend(request, {uuid: part for node in fit for uuid in node})
        return fit, own_nodes

    def _gpus_for(self, request: Request) -> Optional[Fit]:
        left = dict(self._gpus)
        part, each = request.share or 1.0, 1 if request.share else request.whole
        found = []
        for _ in range(request.nodes):
            able = [uuid for uuid, free in left.items() if free >= part - GRAIN][:each]
            if len(able) < each:
                return None
            for uuid in able:
                left[uuid] -= part
            found.append(tuple(able))
        return tuple(found)


def _purses(live: Sequence[Live], slots: int) -> Dict[str, _Purse]:
    purses = {item.run_id: _Purse(item, slots) for item in live}
    for item in live:
        if item.borrowed and item.parent_id in purses:
            purses[item.parent_id].spend(item.request, item.gpus)
    return purses
