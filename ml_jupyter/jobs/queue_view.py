"""The queue as a reader sees it: from markers and run folders, with or without a dispatcher."""

from __future__ import annotations

import json
from typing import List, NamedTuple, Optional, Tuple

from ml_jupyter.config import Settings
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import detach, markers
from ml_jupyter.jobs.queue import Waiting, in_order
from ml_jupyter.jobs.slots import SlotTable


class QueueEntry(NamedTuple):
    """A run that waits: its id, its place in the workspace (1 is next), and why it waits."""

    run_id: str
    position: int
    reason: Optional[str]


class SlotUse(NamedTuple):
    """CPU slots of this machine."""

    total: int
    free: int


def queue_entries(workspace: WorkspaceFolder, settings: Settings) -> List[QueueEntry]:
    """The runs of a workspace that wait for a slot, the next one first."""
    waiting, why = [], {}
    for name in markers.names(workspace.layout):
        run = markers.open_marked(workspace, name)
        if run is not None and run.state().status == status.QUEUED:
            waiting.append(waiting_of(run))
            why[run.id] = run.state().reason
    return [
        QueueEntry(item.run_id, at, why[item.run_id])
        for at, item in enumerate(in_order(waiting), 1)
    ]


def slot_use(settings: Settings) -> SlotUse:
    """How many slots there are, and how many nobody holds."""
    holders = SlotTable(settings.slot_dir, settings.slot_count).survey()
    return SlotUse(len(holders), sum(1 for holder in holders if holder is None))


def ends_with_server() -> bool:
    """Whether runs end when the Jupyter server ends (containers, sessions without lingering)."""
    return detach.ends_with_server()


def waiting_of(run: RunFolder, scope: str = "") -> Waiting:
    """What the queue needs to know of a run that waits.

    Parameters
    ----------
    run : RunFolder
        The run.
    scope : str
        Put before ids, to tell runs from those of a copied workspace.
    """
    slots, priority = _wishes(run)
    record = run.record
    parent = None if record.parent_id is None else scope + record.parent_id
    return Waiting(scope + run.id, slots, record.created, priority, parent)


def _wishes(run: RunFolder) -> Tuple[int, int]:
    launch = run.record.definition.get("launch")
    if not isinstance(launch, dict):
        try:
            launch = json.loads(run.layout.launch.read_bytes())
        except (OSError, ValueError):
            launch = {}
    return int(launch.get("slots", 1)), int(launch.get("priority", 0))
