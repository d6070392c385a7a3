"""What this machine has, and which requests it can never carry out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional, Sequence, Tuple

from ml_jupyter import _words
from ml_jupyter.config import Settings
from ml_jupyter.devices import machine, nvml
from ml_jupyter.devices.gpu import Gpu
from ml_jupyter.exceptions import RunConfigurationException
from ml_jupyter.jobs.queue_request import Request, count, size
from ml_jupyter.jobs.queue_room import GpuRoom
from ml_jupyter.jobs.spec import LaunchSpec

#: Why a GPU that works is not given to jobs.
KEPT = "is kept from jobs by the setting gpus"


@dataclass(frozen=True)
class Capacity:
    """All that there is.

    Attributes
    ----------
    slots : int
        CPU slots.
    memory : int
        Bytes that runs may reserve together; 0: the system does not tell.
    gpus : tuple of Gpu
        GPUs and MIG devices, also those that are out of use.
    note : str, optional
        Why there are no GPUs.
    """

    slots: int
    memory: int = 0
    gpus: Tuple[Gpu, ...] = ()
    note: Optional[str] = None


def capacity(settings: Settings) -> Capacity:
    """What this machine has, as this process sees it."""
    found = nvml.look()
    gpus = usable(found.gpus, settings)
    return Capacity(settings.slot_count, machine.memory_total(), gpus, found.note)


def usable(gpus: Sequence[Gpu], settings: Settings) -> Tuple[Gpu, ...]:
    """The GPUs as jobs may use them: those that the setting leaves out have that as a problem."""
    names = {name.strip() for name in settings.gpus.split(",") if name.strip()}
    if not names:
        return tuple(gpus)
    return tuple(
        gpu
        if gpu.problem is not None or names & {str(gpu.index), gpu.uuid}
        else replace(gpu, problem=KEPT)
        for gpu in gpus
    )


def check(spec: LaunchSpec, settings: Settings) -> None:
    """Refuse a job that can never start here.

    Raises
    ------
    RunConfigurationException
        Says what it asks for and what there is.
    """
    request = Request.from_launch(
        {
            "slots": spec.slots,
            "memory": spec.memory,
            "gpus": spec.gpus,
            "gpu_memory": spec.gpu_memory,
            "nodes": spec.nodes,
            "pool": spec.pool,
        }
    )
    if request.slots > settings.slot_count:
        raise RunConfigurationException(
            f"slots is {request.slots}, and this machine has {settings.slot_count}."
        )
    found = nvml.look() if request.gpus else None
    all_of_it = Capacity(
        settings.slot_count,
        machine.memory_total() if request.memory else 0,
        () if found is None else usable(found.gpus, settings),
        None if found is None else found.note,
    )
    text = never(request, all_of_it)
    if text is not None:
        raise RunConfigurationException(text)


def never(request: Request, have: Capacity) -> Optional[str]:
    """Why a request cannot start here however long it waits; None: it can."""
    if request.pool and request.nodes > request.max_nodes:
        return (
            f"Needs {count(request.nodes, 'node')}, and the pool {request.pool_name} has "
            f"{request.max_nodes}."
        )
    if request.cpus(have.slots) > have.slots:
        return (
            f"Needs {count(request.slots * request.nodes, 'CPU slot')}, and this machine has "
            f"{have.slots}."
        )
    if have.memory and request.memory * request.nodes > have.memory:
        return (
            f"Needs {size(request.memory * request.nodes)} of memory, and this machine has "
            f"{size(have.memory)}."
        )
    return never_gpus(request, have) if request.gpus else None


def never_gpus(request: Request, have: Capacity) -> Optional[str]:
    """Why the GPUs of this machine are not enough for a request; None: they are."""
    rooms = [as_room(gpu) for gpu in have.gpus]
    fitting = [gpu for gpu in rooms if gpu.could(request)]
    if request.share:
        places = sum(int(1.0 / gpu.part(request) + 1e-6) for gpu in fitting)
        enough = places >= request.nodes
    else:
        enough = len(fitting) >= request.whole * request.nodes
    if enough:
        return None
    needed = request.gpu_text
    if request.nodes > 1:
        needed += f" on each of {request.nodes} nodes"
    if not have.gpus:
        note = "this machine has none" if have.note in (None, nvml.NO_GPU) else ""
        return f"Needs {needed}, and {note}." if note else f"Needs {needed}. {have.note}"
    return f"Needs {needed}, and this machine has {_what_there_is(request, have.gpus)}."


def _what_there_is(request: Request, gpus: Sequence[Gpu]) -> str:
    well = [gpu for gpu in gpus if gpu.problem is None]
    text = str(len(well))
    if request.gpu_memory and well:
        largest = max(well, key=lambda gpu: gpu.usable)
        text += f", the largest with {size(largest.usable)}"
        if largest.reserved:
            text += f" ({size(largest.reserved)} more is the driver's)"
    if request.whole > 1 and any(gpu.mig for gpu in well):
        text += ", of which a process can use only one MIG device"
    if request.share and any(gpu.exclusive for gpu in well):
        text += ", which the driver lets nobody share (compute mode EXCLUSIVE_PROCESS)"
    broken = [f"{gpu.label} {gpu.problem}" for gpu in gpus if gpu.problem is not None]
    return f"{text} that can be used: {_words.listed(broken)}" if broken else text


def as_room(gpu: Gpu) -> GpuRoom:
    """A GPU that nobody uses."""
    return GpuRoom(
        gpu.uuid,
        gpu.label,
        gpu.usable,
        memory_free=gpu.usable,
        mig=gpu.mig,
        problem=gpu.problem,
        exclusive=gpu.exclusive,
    )
