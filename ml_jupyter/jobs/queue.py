"""Which waiting run starts next: from data to data, nothing else.

First in, first out within a priority. A run that needs more slots than are free holds the later
ones back, so that it gets its turn. A child may borrow the slot of its running parent, so that a
parent that waits for its children never waits for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence

#: So many waiting runs are told who uses the slots; the text of later ones stays the same.
NAMED = 8
_HOLDERS = 3


@dataclass(frozen=True)
class Waiting:
    """A run that waits.

    Attributes
    ----------
    created : int
        Nanoseconds since the epoch.
    priority : int
        Higher goes first.
    """

    run_id: str
    slots: int
    created: int
    priority: int = 0
    parent_id: Optional[str] = None


@dataclass(frozen=True)
class Live:
    """A run of ours that runs. ``borrowed``: on the slots of its parent."""

    run_id: str
    slots: int
    parent_id: Optional[str] = None
    borrowed: bool = False


@dataclass(frozen=True)
class Placement:
    """A run to start now; ``lender``: the parent whose slots it uses, None: slots of its own."""

    run_id: str
    slots: int
    lender: Optional[str] = None


def in_order(waiting: Sequence[Waiting]) -> List[Waiting]:
    """Waiting runs, the next one first."""
    return sorted(waiting, key=lambda item: (-item.priority, item.created, item.run_id))


def choose(
    waiting: Sequence[Waiting], live: Sequence[Live], free: int, total: int
) -> List[Placement]:
    """The runs to start now, in order.

    Parameters
    ----------
    waiting, live
        All runs of this user's queue.
    free, total : int
        Slots that may be taken now, and slots that this machine has.
    """
    chosen: List[Placement] = []
    lendable = _lendable(live)
    free -= owed(live)
    blocked = False
    for item in in_order(waiting):
        if not blocked and item.slots <= free:
            free -= item.slots
            chosen.append(Placement(item.run_id, item.slots))
        elif lendable.get(item.parent_id or "", 0) >= item.slots:
            lendable[item.parent_id or ""] -= item.slots
            chosen.append(Placement(item.run_id, item.slots, item.parent_id))
        elif item.slots <= total:
            blocked = True
    return chosen


def owed(live: Sequence[Live]) -> int:
    """Slots that children are about to take over from parents that have ended."""
    names = {item.run_id for item in live}
    return sum(item.slots for item in live if item.borrowed and item.parent_id not in names)


def reasons(waiting: Sequence[Waiting], holders: Sequence[Optional[str]]) -> Dict[str, str]:
    """Why each run waits, one plain sentence or two a run.

    Parameters
    ----------
    waiting : sequence of Waiting
        Those that were not chosen.
    holders : sequence of str, one a slot
        Name of what uses the slot, None: nothing does.
    """
    used = _in_use(holders)
    texts = {}
    for position, item in enumerate(in_order(waiting)):
        needed = f"{item.slots} CPU slot{'s' if item.slots > 1 else ''}"
        if item.slots > len(holders):
            texts[item.run_id] = f"Needs {needed}, and this machine has {len(holders)}."
        elif position >= NAMED:
            texts[item.run_id] = f"Waiting for {needed}, behind other runs."
        elif position == 0:
            texts[item.run_id] = f"Waiting for {needed}. {used}"
        else:
            ahead = f"{position} run{'s are' if position > 1 else ' is'} ahead"
            texts[item.run_id] = f"Waiting for {needed}; {ahead}. {used}"
    return texts


def _lendable(live: Sequence[Live]) -> Dict[str, int]:
    slots = {item.run_id: item.slots for item in live}
    for item in live:
        if item.borrowed and item.parent_id in slots:
            slots[item.parent_id] -= item.slots
    return slots


def _in_use(holders: Sequence[Optional[str]]) -> str:
    names: List[str] = []
    for name in holders:
        if name is not None and name not in names:
            names.append(name)
    count = sum(1 for name in holders if name is not None)
    if not names:
        return f"0 of {len(holders)} are in use."
    shown, rest = names[:_HOLDERS], len(names) - _HOLDERS
    if rest > 0:
        shown.append(f"{rest} more")
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"{count} of {len(holders)} {'is' if count == 1 else 'are'} in use by {listed}."
