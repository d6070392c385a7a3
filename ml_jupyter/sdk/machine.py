"""What this machine's GPUs are doing, and for whom."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ml_jupyter.config import Settings
from ml_jupyter.devices import nvml, sessions
from ml_jupyter.jobs import attribution
from ml_jupyter.jobs.attribution import GpuActivity
from ml_jupyter.sdk.views.gpus import process_json


def gpu_processes(settings: Optional[Settings] = None) -> List[Dict[str, Any]]:
    """Every process on every GPU of this machine, told apart.

    Returns
    -------
    list of dict
        The **GPU process** of ``docs/http-api.md``: ``kind`` is ``run``, ``notebook``, ``user`` or
        ``unknown``; ``used`` bytes; ``idle_s`` seconds. Empty without a GPU.

    Examples
    --------
    >>> [item["sentence"] for item in gpu_processes()]  # doctest: +SKIP
    ['Notebook eda.ipynb, idle 3 h', 'Run vit-412']
    """
    values = settings or Settings.load()
    inventory = nvml.look()
    activity = GpuActivity()
    activity.note(inventory, nvml.sample([gpu.uuid for gpu in inventory.gpus]))
    found = attribution.processes(inventory, sessions.known(values.runtime), activity)
    return [process_json(item, here=False) for item in found]
