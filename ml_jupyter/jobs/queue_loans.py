"""What runs hold, and what parents lend to their children: slots stay with the parent's locks.

A child works on the slots of its parent and takes them over when the parent ends (``watchdog``).
"""

from __future__ import annotations

from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs.grant import Grant, NodeGrant
from ml_jupyter.jobs.queue import Live, Placement
from ml_jupyter.jobs.queue_request import Request
from ml_jupyter.jobs.queue_room import Fit
from ml_jupyter.jobs.queue_view import waiting_of
from ml_jupyter.jobs.slots import CPU, GPU, MEMORY, POOL, SHARE, Holder, SlotTable
from ml_jupyter.jobs.watchdog import Loan


class Taken(NamedTuple):
    """What a run was given: its grant, and what it has on loan from its parent."""

    grant: Grant
    loan: Optional[Loan]


class _Lent(NamedTuple):
    """A loan, the parts of GPUs in it, and the run that holds what is lent."""

    loan: Loan
    gpus: Dict[str, float]
    lender: str


class Loans:
    """The loans that this dispatcher has made.

    Parameters
    ----------
    slots : SlotTable
        The slots of this machine.
    """

    def __init__(self, slots: SlotTable) -> None:
        self._slots = slots
        self._lent: Dict[str, _Lent] = {}

    def lenders(self) -> Dict[str, str]:
        """Ids of children to those of the runs whose slots they use."""
        return {_id(key): _id(lent.lender) for key, lent in self._lent.items()}

    def forget(self, key: str) -> None:
        """A run has ended."""
        self._lent.pop(key, None)

    def live(self, runs: Mapping[str, RunFolder]) -> List[Live]:
        """What the runs that run hold, or have borrowed."""
        held: Dict[str, Dict[str, Holder]] = {}
        for name, holder in self._slots.holdings().items():
            held.setdefault(holder.run_id, {})[name] = holder
        found = []
        for key, run in runs.items():
            facts = waiting_of(run, scope_in(key, run))
            own = held.get(key, {})
            borrowed = facts.request.slots > 0 and not any(name.startswith(CPU) for name in own)
            gpus = self._borrowed_gpus(key, run) if borrowed else _gpus_of(own)
            found.append(Live(key, facts.request, facts.parent_id, borrowed, gpus))
        return found

    def _borrowed_gpus(self, key: str, run: RunFolder) -> Dict[str, float]:
        if key in self._lent:
            return self._lent[key].gpus
        placement = run.state().facts.get("placement") or {}
        part = waiting_of(run).request.share or 1.0
        nodes = placement.get("nodes", ()) if isinstance(placement, dict) else ()
        return {uuid: part for node in nodes for uuid in node.get("gpus", ())}

    def borrow(
        self, placement: Placement, holder: Holder, live: Mapping[str, RunFolder]
    ) -> Optional[Taken]:
        """What a child gets of its parent, and nodes of a pool of its own; None: those are gone.

        Parameters
        ----------
        placement : Placement
            The choice, with a lender.
        holder : Holder
            The child, as slots will name it.
        live : mapping of str to RunFolder
            The runs that run.
        """
        request = placement.request
        descriptors: Mapping[str, int] = {}
        if placement.own_nodes:
            taken = self._slots.take_nodes(request, holder)
            if taken is None:
                return None
            descriptors = taken.descriptors
        names = self._names(placement, live)
        part = request.share or 1.0
        gpus = {uuid: part for node in placement.fit for uuid in node}
        loan = Loan(tuple(names), holder)
        self._lent[placement.run_id] = _Lent(loan, gpus, placement.lender or "")
        cpus = [int(name[len(CPU) :]) for name in names if name.startswith(CPU)]
        return Taken(Grant(nodes_of(request, cpus, placement.fit), descriptors), loan)

    def _names(self, placement: Placement, live: Mapping[str, RunFolder]) -> List[str]:
        """Names of the parent's slots that the child uses, and takes over when the parent ends."""
        lender = placement.lender or ""
        others = {
            name
            for key, lent in self._lent.items()
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
            found = list(self._lent[key].loan.slots) if key in self._lent else []
            found = found or sorted(self._slots.slots_of(key), key=_by_number)
            if found:
                return found
            key = f"{scope}:{_parent(live[key])}"
        return []


def scope_in(key: str, run: RunFolder) -> str:
    """What stands before a run's id in its key, and so before its parent's."""
    return key[: -len(run.id)]


def nodes_of(request: Request, cpus: Sequence[int], fit: Fit) -> Tuple[NodeGrant, ...]:
    """The nodes of a job, of the CPU slots and the GPUs that it was given."""
    each = request.slots
    return tuple(
        NodeGrant(at, tuple(cpus[at * each : (at + 1) * each]), fit[at], request.memory)
        for at in range(request.nodes)
    )


def _id(key: str) -> str:
    return key.rpartition(":")[2]


def _parent(run: RunFolder) -> str:
    return run.record.parent_id or ""


def _by_number(name: str) -> Tuple[str, int]:
    kind, _, number = name.rpartition("-")
    return kind, int(number) if number.isdigit() else 0


def _gpus_of(slots: Mapping[str, Holder]) -> Dict[str, float]:
    found = {}
    for name, holder in slots.items():
        if name.startswith(GPU):
            found[name[len(GPU) :]] = 1.0
        elif name.startswith(SHARE):
            found[name[len(SHARE) : name.rindex("-")]] = holder.amount
    return found
