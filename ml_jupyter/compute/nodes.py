"""The nodes of a pool as they are now: from the locks that runs hold, and from what ran last."""

from __future__ import annotations

from typing import Dict, NamedTuple, Optional, Set, Tuple

from ml_jupyter import _time
from ml_jupyter.compute.base import Node
from ml_jupyter.compute.pool import PoolTarget
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError, RunNotFound
from ml_jupyter.history import status
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.queue_view import queue_entries
from ml_jupyter.jobs.slots import PoolNode, pool_nodes

IDLE, PREPARING, RUNNING = "idle", "preparing", "running"
_EARLY = (status.QUEUED, status.PREPARING, status.PROVISIONING, status.STARTING)


class PoolUse(NamedTuple):
    """What a pool has allocated, and what it would need.

    Attributes
    ----------
    nodes : tuple of Node
        Those in use, those whose last run ended a short while ago, and the least number.
    target : int
        Nodes that it is on the way to: with those that waiting runs ask for, up to its greatest
        number.
    changed : int
        When a node was last taken, nanoseconds since the Unix epoch; 0: never.
    """

    nodes: Tuple[Node, ...]
    target: int
    changed: int


def use_of(target: PoolTarget, workspace: WorkspaceFolder, settings: Settings) -> PoolUse:
    """The nodes of a pool; a node stays allocated for a while after its last run."""
    most = target.max_nodes
    slots = pool_nodes(settings.slot_dir, target.pool_id, most)
    idle_ns = int(float(target.record.settings.get("idle_seconds_before_scaledown", 0)) * 1e9)
    found: Dict[int, Node] = {}
    for slot in slots:
        node = _node(slot, workspace, _time.now_ns() - idle_ns)
        if node is not None:
            found[slot.index] = node
    for index in range(most):
        if len(found) >= min(target.min_nodes, most):
            break
        found.setdefault(index, Node(index, IDLE))
    nodes = tuple(found[index] for index in sorted(found))
    busy = sum(1 for node in nodes if node.state != IDLE)
    placed = {node.run_id for node in nodes}
    wanted = busy + _waiting(target.pool_id, workspace, settings, placed)
    changed = max([slot.since or 0 for slot in slots], default=0)
    return PoolUse(nodes, min(most, max(len(nodes), wanted)), changed)


def _node(slot: PoolNode, workspace: WorkspaceFolder, idle_after: int) -> Optional[Node]:
    """The node of a slot; None: it is not allocated."""
    if slot.held:
        run_id = _run_id(slot)
        return Node(slot.index, _activity(run_id, workspace), run_id)
    released = _released(slot, workspace)
    if released is None or released < idle_after:
        return None
    return Node(slot.index, IDLE)


def _activity(run_id: str, workspace: WorkspaceFolder) -> str:
    try:
        return PREPARING if workspace.run(run_id).state().status in _EARLY else RUNNING
    except RunNotFound:  # another user's, or deleted under its feet
        return RUNNING


def _released(slot: PoolNode, workspace: WorkspaceFolder) -> Optional[int]:
    """When the last run on a free slot ended; None: there was none."""
    if slot.since is None:
        return None
    try:
        ended = workspace.run(_run_id(slot)).state().ended
    except MlJupyterError:  # another user's, or deleted meanwhile
        ended = None
    return max(slot.since, ended or 0)


def _run_id(slot: PoolNode) -> str:
    """Slots name the workspace before the run; those of a pool belong to one workspace."""
    return slot.run_id.rpartition(":")[2]


def _waiting(pool_id: str, workspace: WorkspaceFolder, settings: Settings, placed: Set[str]) -> int:
    """Nodes that the waiting runs of a pool ask for, without those that have theirs already."""
    return sum(
        entry.request.nodes
        for entry in queue_entries(workspace, settings)
        if entry.request.pool == pool_id and entry.run_id not in placed
    )
