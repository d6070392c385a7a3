"""Where runs are placed on the machine: it looks, chooses, takes, and tells the rest why they wait.

The decisions themselves are made from data to data (``queue``, ``queue_room``, ``queue_standing``,
``queue_reasons``); here they meet the lock files and the driver.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ml_jupyter import _time
from ml_jupyter.config import Settings
from ml_jupyter.devices import machine, nvml, owners, sessions
from ml_jupyter.devices.gpu import Inventory
from ml_jupyter.devices.owners import Owner
from ml_jupyter.devices.watch import GpuWatch
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import queue
from ml_jupyter.jobs.grant import Grant, NodeGrant
from ml_jupyter.jobs.queue import Live, Placement, Waiting
from ml_jupyter.jobs.queue_limits import Capacity, never, usable
from ml_jupyter.jobs.queue_reasons import reasons
from ml_jupyter.jobs.queue_request import Request
from ml_jupyter.jobs.queue_room import Fit
from ml_jupyter.jobs.queue_standing import Standing, stand
from ml_jupyter.jobs.queue_view import waiting_of
from ml_jupyter.jobs.slot_tickets import Tickets
from ml_jupyter.jobs.slots import CPU, GPU, MEMORY, POOL, SHARE, Holder, SlotTable
from ml_jupyter.jobs.watchdog import Loan

#: Seconds that an answer about the GPUs is good for, and after which the next one is asked for.
_GOOD_S = 2.0
_FRESH_S = 0.4
_SESSIONS_S = 5.0
#: Seconds after which it is decided again though nothing has changed: durations have.
_AGAIN_S = 60.0
_ASKING = "Waiting for {}. The NVIDIA driver is asked what is free, and has not answered yet."


class Taken(NamedTuple):
    """What a run was given: its grant, and what it has on loan from its parent."""

    grant: Grant
    loan: Optional[Loan]


class _Lent(NamedTuple):
    """A loan, the parts of GPUs in it, and the run that holds what is lent."""

    loan: Loan
    gpus: Dict[str, float]
    lender: str


class QueueDesk:
    """Places the runs of one user on the machine.

    Parameters
    ----------
    settings : Settings
        Slots and folders.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._slots = SlotTable(settings.slot_dir, settings.slot_count, machine.memory_total())
        self._tickets = Tickets(settings.slot_dir)
        self._ticket_of = ""
        self.watch = GpuWatch()
        self._standing: Optional[Standing] = None
        self._scene: Any = None
        self._decided = 0.0
        self._loans: Dict[str, _Lent] = {}
        self._sessions: Mapping[str, sessions.KernelSession] = {}
        self._sessions_at = -_SESSIONS_S

    @property
    def awaits_gpus(self) -> bool:
        """Whether runs were held up only because the driver has not answered yet."""
        return self._standing is None

    def is_news(self, waiting: Sequence[Waiting], live: Mapping[str, RunFolder]) -> bool:
        """Look; whether there is anything else to decide than the last time, when nobody started.

        Parameters
        ----------
        waiting : sequence of Waiting
            Runs that could be started.
        live : mapping of str to RunFolder
            Runs that run.
        """
        if not waiting:
            self._leave()
            return False
        self._look(waiting)
        standing = self._standing
        scene = (
            [item.run_id for item in waiting],
            list(live),
            self._tickets.before(),
            self.watch.asked_for() > _GOOD_S if standing is None else standing.summary(),
        )
        now = _time.monotonic()
        if scene == self._scene and now - self._decided < _AGAIN_S:
            return False
        self._scene, self._decided = scene, now
        return True

    def choose(self, waiting: Sequence[Waiting], live: Mapping[str, RunFolder]) -> List[Placement]:
        """The runs to start now, as things stood at the last look."""
        if self._standing is None:
            waiting = _before_gpus(waiting)
        standing = self._standing or self._without_gpus()
        room = standing.room()
        for request in self._tickets.before():
            if never(request, standing.have) is None:  # another user may count with more
                room.reserve(request)
        chosen = queue.choose(waiting, self._live(live), room, standing.have)
        if chosen:
            self._scene = None
        return chosen

    def take(
        self, placement: Placement, name: str, live: Mapping[str, RunFolder]
    ) -> Optional[Taken]:
        """What a chosen run needs; None: somebody else was faster.

        Parameters
        ----------
        placement : Placement
            The choice.
        name : str
            What the run is called, for those who wait for it.
        live : mapping of str to RunFolder
            The runs that run, to find what a parent holds.
        """
        holder = Holder(os.getuid(), placement.run_id, name, since=_time.now_ns())
        if placement.lender is not None:
            return self._borrow(placement, holder, live)
        request = placement.request
        taken = self._slots.take(request, placement.fit, holder, self._parts(placement))
        if taken is None:
            return None
        if placement.run_id == self._ticket_of:
            self._tickets.leave()
        nodes = _nodes(request, taken.cpus, placement.fit)
        return Taken(Grant(nodes, taken.descriptors), None)

    def explain(self, waiting: Sequence[Waiting], names: Mapping[str, str]) -> Dict[str, str]:
        """Why each run waits; nothing yet while the driver has not answered.

        Parameters
        ----------
        waiting : sequence of Waiting
            Those that were not started.
        names : mapping of str to str
            What the runs of this user are called, by id.
        """
        if not waiting:
            self._leave()
            return {}
        if self._scene is None:  # somebody was started
            self._look(waiting)
        standing = self._standing
        if standing is None:
            first = _before_gpus(waiting)
            texts = reasons(first, self._without_gpus(), _called(names))
            if self.watch.asked_for() > _GOOD_S:
                rest = [item for item in waiting if item.run_id not in texts]
                texts.update({item.run_id: _ASKING.format(item.request.text) for item in rest})
            return texts
        self._queue_up(waiting, standing)
        return reasons(waiting, standing, _called(names))

    def forget(self, key: str) -> None:
        """A run has ended: what the driver said before is not good any more."""
        self._loans.pop(key, None)
        self.watch.expire()

    def close(self) -> None:
        """Leave the line, end the look at the GPUs."""
        self._leave()
        self.watch.close()

    def _leave(self) -> None:
        self._tickets.leave()
        self._ticket_of, self._scene = "", None

    def _look(self, waiting: Sequence[Waiting]) -> None:
        """Renew the standing; None while GPUs are asked for and there is no good answer."""
        found: Optional[Inventory] = Inventory(note=nvml.NO_GPU)
        if any(item.request.gpus for item in waiting):
            found = self.watch.take()
            if self.watch.age() > _FRESH_S:
                self.watch.ask()
                found = self.watch.take()
            if self.watch.age() > _GOOD_S:
                found = None
        self._standing = None if found is None else self._stand(found)

    def _without_gpus(self) -> Standing:
        return self._stand(Inventory())

    def _stand(self, found: Inventory) -> Standing:
        gpus = usable(found.gpus, self._settings)
        have = Capacity(self._slots.count, self._slots.memory, gpus, found.note)
        return stand(have, self._slots.holdings(), self._owner)

    def _owner(self, pid: int) -> Owner:
        now = _time.monotonic()
        if now - self._sessions_at >= _SESSIONS_S:
            self._sessions = sessions.known(self._settings.runtime)
            self._sessions_at = now
        owner = owners.of(pid, self._sessions)
        return owner if not self._loans else replace(owner, run_id=self._holder_of(owner.run_id))

    def _holder_of(self, run_id: str) -> str:
        """The run that holds what a child uses; others hold what they use themselves."""
        lenders = {_id(key): _id(lent.lender) for key, lent in self._loans.items()}
        while run_id in lenders:
            run_id = lenders[run_id]
        return run_id

    def _queue_up(self, waiting: Sequence[Waiting], standing: Standing) -> None:
        """Keep a ticket for the first run that can be started at all."""
        for item in queue.in_order(waiting):
            if never(item.request, standing.have) is None:
                self._ticket_of = item.run_id
                self._tickets.wait_for(item.request)
                return
        self._tickets.leave()

    def _parts(self, placement: Placement) -> Dict[str, float]:
        uses = () if self._standing is None else self._standing.gpus
        rooms = {use.room.uuid: use.room for use in uses}
        names = [uuid for node in placement.fit for uuid in node]
        return {uuid: rooms[uuid].part(placement.request) for uuid in names if uuid in rooms}

    # -- runs that run, and what they lend ---------------------------------------------------------

    def _live(self, runs: Mapping[str, RunFolder]) -> List[Live]:
        held: Dict[str, Dict[str, Holder]] = {}
        for name, holder in self._slots.holdings().items():
            held.setdefault(holder.run_id, {})[name] = holder
        found = []
        for key, run in runs.items():
            facts = waiting_of(run, scope_in(key, run))
            own = held.get(key, {})
            borrowed = not any(name.startswith(CPU) for name in own)
            gpus = self._borrowed_gpus(key, run) if borrowed else _gpus_of(own)
            found.append(Live(key, facts.request, facts.parent_id, borrowed, gpus))
        return found

    def _borrowed_gpus(self, key: str, run: RunFolder) -> Dict[str, float]:
        if key in self._loans:
            return self._loans[key].gpus
        placement = run.state().facts.get("placement") or {}
        part = waiting_of(run).request.share or 1.0
        nodes = placement.get("nodes", ()) if isinstance(placement, dict) else ()
        return {uuid: part for node in nodes for uuid in node.get("gpus", ())}

    def _borrow(
        self, placement: Placement, holder: Holder, live: Mapping[str, RunFolder]
    ) -> Optional[Taken]:
        request = placement.request
        descriptors: Mapping[str, int] = {}
        if placement.own_nodes:
            taken = self._slots.take_nodes(request, holder)
            if taken is None:
                return None
            descriptors = taken.descriptors
        names = self._lent(placement, live)
        part = request.share or 1.0
        gpus = {uuid: part for node in placement.fit for uuid in node}
        loan = Loan(tuple(names), holder)
        self._loans[placement.run_id] = _Lent(loan, gpus, placement.lender or "")
        cpus = [int(name[len(CPU) :]) for name in names if name.startswith(CPU)]
        return Taken(Grant(_nodes(request, cpus, placement.fit), descriptors), loan)

    def _lent(self, placement: Placement, live: Mapping[str, RunFolder]) -> List[str]:
        """Names of the parent's slots that the child uses, and takes over when the parent ends."""
        lender = placement.lender or ""
        others = {
            name
            for key, lent in self._loans.items()
            if key in live and _parent(live[key]) == lender.rpartition(":")[2]
            for name in lent.loan.slots
        }
        free = [name for name in self._behind(lender, live) if name not in others]
        cpus = [name for name in free if name.startswith(CPU)]
        names = cpus[: placement.request.cpus(self._slots.count)]
        uuids = [uuid for node in placement.fit for uuid in node]
        memory, nodes = placement.request.memory, placement.request.pool and not placement.own_nodes
        names += [name for name in free if name.startswith(MEMORY) and memory]
        names += [name for name in free if name.startswith(POOL) and nodes]
        gpus = [name for name in free if name.startswith((GPU, SHARE))]
        names += [name for name in gpus if any(uuid in name for uuid in uuids)]
        return names

    def _behind(self, lender: str, live: Mapping[str, RunFolder]) -> List[str]:
        """Slots of a parent, or of the one that it has them from itself."""
        scope, _, _ = lender.rpartition(":")
        key = lender
        while key in live:
            found = list(self._loans[key].loan.slots) if key in self._loans else []
            found = found or sorted(self._slots.slots_of(key), key=_by_number)
            if found:
                return found
            key = f"{scope}:{_parent(live[key])}"
        return []


def scope_in(key: str, run: RunFolder) -> str:
    """What stands before a run's id in its key, and so before its parent's."""
    return key[: -len(run.id)]


def _called(names: Mapping[str, str]) -> Callable[[str], str]:
    return lambda run_id: names.get(run_id, run_id)


def _id(key: str) -> str:
    return key.rpartition(":")[2]


def _parent(run: RunFolder) -> str:
    return run.record.parent_id or ""


def _by_number(name: str) -> Tuple[str, int]:
    kind, _, number = name.rpartition("-")
    return kind, int(number) if number.isdigit() else 0


def _before_gpus(waiting: Sequence[Waiting]) -> List[Waiting]:
    """Those whose turn comes before the first run with GPUs."""
    found = []
    for item in queue.in_order(waiting):
        if item.request.gpus:
            break
        found.append(item)
    return found


def _gpus_of(slots: Mapping[str, Holder]) -> Dict[str, float]:
    found = {}
    for name, holder in slots.items():
        if name.startswith(GPU):
            found[name[len(GPU) :]] = 1.0
        elif name.startswith(SHARE):
            found[name[len(SHARE) : name.rindex("-")]] = holder.amount
    return found


def _nodes(request: Request, cpus: Sequence[int], fit: Fit) -> Tuple[NodeGrant, ...]:
    each = request.slots
    return tuple(
        NodeGrant(at, tuple(cpus[at * each : (at + 1) * each]), fit[at], request.memory)
        for at in range(request.nodes)
    )
