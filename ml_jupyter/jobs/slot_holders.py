"""Who holds a slot: what stands in its file, and what of it is shown to whom."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import List, Mapping, Optional

from ml_jupyter.history import lock
from ml_jupyter.jobs import slot_files

#: How the names of slots begin.
CPU, GPU, SHARE, MEMORY, POOL = "cpu-", "gpu-", "share-", "memory-", "pool-"
SOMEBODY = "a job of another user"


@dataclass(frozen=True)
class Holder:
    """Who uses a slot. ``run_id`` is empty when it is not to be known.

    Attributes
    ----------
    amount : float
        What it uses: the part of a GPU, or bytes of memory; 1 of other slots.
    reserved : int
        Bytes of a GPU that its share was promised.
    since : int
        Nanoseconds since the epoch; 0: not known.
    """

    uid: int
    run_id: str
    name: str
    amount: float = 1.0
    reserved: int = 0
    since: int = 0


@dataclass(frozen=True)
class PoolNode:
    """One node of a pool. A free one still tells who had it last, and since when (ns)."""

    index: int
    held: bool
    run_id: str
    name: str
    uid: int
    since: Optional[int]


def pool_nodes(folder: Path, pool_id: str, max_nodes: int) -> List[PoolNode]:
    """The nodes of a pool.

    Parameters
    ----------
    folder : Path
        ``Settings.slot_dir``.
    pool_id : str
        Its id.
    max_nodes : int
        How many it has.
    """
    found = []
    for index in range(max_nodes):
        name = f"{pool_prefix(pool_id)}{index}"
        held = lock.is_held(folder / name)
        facts = slot_files.read(folder, name)
        holder = holder_of(facts) if facts else Holder(-1, "", "")
        since = slot_files.changed(folder, name)
        found.append(PoolNode(index, held, holder.run_id, holder.name, holder.uid, since))
    return found


def pool_prefix(pool_id: str) -> str:
    """How the slots of a pool begin."""
    return f"{POOL}{pool_id.replace('/', '_')}-"


def holder_of(facts: Mapping[str, object]) -> Holder:
    """Who a slot's file names; of other users nothing but that they are others."""
    uid = facts.get("uid")
    owner = uid if isinstance(uid, int) else -1
    amount, reserved, since = (_number(facts, key) for key in ("amount", "reserved", "since"))
    amounts = (amount if "amount" in facts else 1.0, int(reserved), int(since))
    run_id, name = str(facts.get("run_id", "")), str(facts.get("name", ""))
    if owner != os.getuid() or not run_id:
        return Holder(owner, "", SOMEBODY, *amounts)
    return Holder(owner, run_id, name or run_id, *amounts)


def _number(facts: Mapping[str, object], key: str) -> float:
    value = facts.get(key, 0)
    return float(value) if isinstance(value, (int, float)) else 0.0
