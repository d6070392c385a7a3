"""The queue as a reader sees it: from markers and run folders, with or without a dispatcher."""

from __future__ import annotations

import json
from typing import Dict, List, NamedTuple, Optional

from ml_jupyter.config import Settings
from ml_jupyter.devices import machine, owners, sessions
from ml_jupyter.devices.gpu import Gpu
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import detach, markers
from ml_jupyter.jobs.queue import Waiting, in_order
from ml_jupyter.jobs.queue_limits import capacity, usable
from ml_jupyter.jobs.queue_request import Request
from ml_jupyter.jobs.queue_standing import Standing, stand
from ml_jupyter.jobs.slots import CPU, GPU, MEMORY, SHARE, Holder, SlotTable

#: Facts of a run by which its user changes its place (``queue_orders``).
PRIORITY, HELD, PLACE = "priority", "held", "place"


class QueueEntry(NamedTuple):
    """A run that waits.

    Attributes
    ----------
    position : int
        Its place in the workspace; 1 is next.
    reason : str, optional
        Why it waits; None: the dispatcher has not looked yet.
    created : int
        Nanoseconds since the epoch.
    request : Request
        What it needs.
    held : bool
        Its user lets it wait.
    """

    run_id: str
    position: int
    reason: Optional[str]
    request: Request = Request()
    created: int = 0
    priority: int = 0
    held: bool = False


class SlotUse(NamedTuple):
    """CPU slots of this machine."""

    total: int
    free: int


class Amount(NamedTuple):
    """How much there is of something, and how much of it nobody holds."""

    total: float
    free: float


class ResourceUse(NamedTuple):
    """What runs can be given: CPU slots, bytes of memory, GPUs."""

    cpus: Amount
    memory: Amount
    gpus: Amount


def waiting_runs(workspace: WorkspaceFolder) -> Dict[str, RunFolder]:
    """The runs of a workspace that wait for a slot, by id, in no order."""
    found = {}
    for name in markers.names(workspace.layout):
        run = markers.open_marked(workspace, name)
        if run is not None and run.state().status == status.QUEUED:
            found[run.id] = run
    return found


def queue_entries(workspace: WorkspaceFolder, settings: Settings) -> List[QueueEntry]:
    """The runs of a workspace that wait for a slot, the next one first."""
    runs = waiting_runs(workspace)
    waiting = [waiting_of(run) for run in runs.values()]
    why = {run.id: run.state().reason for run in runs.values()}
    return [
        QueueEntry(
            item.run_id,
            at,
            why[item.run_id],
            item.request,
            item.created,
            item.priority,
            item.held,
        )
        for at, item in enumerate(in_order(waiting), 1)
    ]


def slot_use(settings: Settings) -> SlotUse:
    """How many CPU slots there are, and how many nobody holds."""
    holders = SlotTable(settings.slot_dir, settings.slot_count).survey()
    return SlotUse(len(holders), sum(1 for holder in holders if holder is None))


def holdings(settings: Settings) -> Dict[str, Holder]:
    """Who holds what on this machine, by the name of the slot (``slots.py``)."""
    return SlotTable(settings.slot_dir, settings.slot_count).holdings()


def standing(settings: Settings) -> Standing:
    """How this machine stands now: who has what, and what is free."""
    known = sessions.known(settings.runtime)
    return stand(capacity(settings), holdings(settings), lambda pid: owners.of(pid, known))


def resource_use(settings: Settings, gpus: List[Gpu]) -> ResourceUse:
    """What there is, and what no job holds.

    Parameters
    ----------
    settings : Settings
        Slots and their folder.
    gpus : list of Gpu
        As ``devices.nvml.inventory`` gives them; those with a problem do not count.
    """
    held = holdings(settings)
    cpus = sum(1 for name in held if name.startswith(CPU))
    memory = sum(item.amount for name, item in held.items() if name.startswith(MEMORY))
    total = machine.memory_total()
    good = [gpu for gpu in usable(gpus, settings) if gpu.problem is None]
    free = sum(_free_part(gpu, held) for gpu in good)
    return ResourceUse(
        Amount(settings.slot_count, max(0, settings.slot_count - cpus)),
        Amount(total, max(0.0, total - memory)),
        Amount(len(good), round(free, 6)),
    )


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
    launch = run.record.definition.get("launch")
    if not isinstance(launch, dict):
        try:
            launch = json.loads(run.layout.launch.read_bytes())
        except (OSError, ValueError):
            launch = {}
    record = run.record
    parent = None if record.parent_id is None else scope + record.parent_id
    orders = run.state().facts
    return Waiting(
        scope + run.id,
        Request.from_launch(launch),
        record.created,
        int(orders.get(PRIORITY, launch.get("priority", 0))),
        parent,
        held=bool(orders.get(HELD, False)),
        place=orders.get(PLACE),
    )


def _free_part(gpu: Gpu, held: Dict[str, Holder]) -> float:
    if GPU + gpu.uuid in held:
        return 0.0
    prefix = f"{SHARE}{gpu.uuid}-"
    shared = sum(item.amount for name, item in held.items() if name.startswith(prefix))
    return max(0.0, 1.0 - shared)
