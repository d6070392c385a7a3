"""GPUs and their processes as JSON."""

from __future__ import annotations

from typing import Any, Container, Dict, List, Optional

from ml_jupyter.devices.gpu import Gpu, GpuSample
from ml_jupyter.devices.owners import NOTEBOOK, RUN
from ml_jupyter.jobs import attribution
from ml_jupyter.jobs.attribution import GpuProcessUse

_SPLIT = {RUN: "runs", NOTEBOOK: "notebooks"}


def gpu_json(
    gpu: Gpu,
    sample: Optional[GpuSample],
    uses: List[GpuProcessUse],
    kernels: Container[str],
    slot_holder: Optional[str] = None,
) -> Dict[str, Any]:
    """One of the ``gpus`` of **machine** in ``docs/http-api.md``.

    Parameters
    ----------
    uses : list of GpuProcessUse
        Of all GPUs.
    kernels : container of str
        Ids of the kernels of the server that answers.
    slot_holder : str, optional
        The run that was given the GPU, for as long as none of its processes is seen there.
    """
    told = sample or GpuSample()
    own = [item for item in uses if item.gpu.uuid == gpu.uuid]
    return {
        "index": gpu.index,
        "uuid": gpu.uuid,
        "label": gpu.label,
        "name": gpu.name,
        "memory_total": gpu.memory_total,
        "memory_used": gpu.memory_used,
        "utilization": told.utilization,
        "temperature": told.temperature,
        "power": told.power,
        "power_limit": told.power_limit,
        "problem": None if gpu.problem is None else f"{gpu.label} {gpu.problem}.",
        "mig": gpu.mig,
        "memory": _split(gpu, own),
        "holder": attribution.holder_of(gpu, own) or slot_holder,
        "processes": [process_json(item, here=item.owner.kernel_id in kernels) for item in own],
    }


def process_json(item: GpuProcessUse, *, here: bool) -> Dict[str, Any]:
    """The **GPU process** of ``docs/http-api.md``.

    Parameters
    ----------
    here : bool
        Whether its kernel belongs to the server that answers.
    """
    owner = item.owner
    return {
        "gpu": item.gpu.uuid,
        "gpu_index": item.gpu.index,
        "pid": item.pid,
        "kind": owner.kind,
        "name": owner.program,
        "user": owner.user,
        "mine": owner.mine,
        "used": item.used,
        "idle_s": item.idle_s,
        "started_ms": None if owner.started is None else owner.started / 1e6,
        "run_id": owner.run_id or None,
        "workspace_id": item.workspace_id or None,
        "run_name": item.run_name or None,
        "kernel_id": owner.kernel_id or None,
        "notebook": owner.notebook or None,
        "here": here,
        "sentence": item.sentence,
    }


def _split(gpu: Gpu, own: List[GpuProcessUse]) -> Dict[str, int]:
    """Memory in use by who holds it; what the driver keeps or does not tell is of others."""
    found = {"runs": 0, "notebooks": 0}
    for item in own:
        name = _SPLIT.get(item.owner.kind)
        if name is not None:
            found[name] += item.used or 0
    return {**found, "others": max(0, gpu.memory_used - sum(found.values()))}
