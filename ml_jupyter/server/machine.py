"""What this machine has and uses, within the limits of the container that the server may run in."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Container
from pathlib import Path
from typing import Any

import psutil

from ml_jupyter.config import Settings
from ml_jupyter.jobs import queue_view
from ml_jupyter.sdk.views.gpus import gpu_json, process_json
from ml_jupyter.server import holders
from ml_jupyter.server.gpus import GpuDesk, GpuFacts
from ml_jupyter.server.workspaces import Workspaces

_MEMORY_FILES = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


class Machine:
    """Measures between two calls of ``read``. Threads may share it.

    Parameters
    ----------
    settings : Settings
        Where the slots and the kernels of this user are.
    workspaces : Workspaces
        Those of the user, to say where a run that holds something is.
    """

    def __init__(self, settings: Settings, workspaces: Workspaces) -> None:
        self._settings, self._workspaces = settings, workspaces
        self._gpus = GpuDesk(settings.runtime)
        self._lock = threading.Lock()
        self.kernels: Callable[[], Container[str]] = tuple
        psutil.cpu_percent(None)

    def read(self) -> dict[str, Any]:
        """The **machine** of ``docs/http-api.md``; cores in use are those since the last call."""
        count = core_count()
        with self._lock:
            busy = psutil.cpu_percent(None) / 100.0 * (psutil.cpu_count() or count)
        total, used = memory()
        held = queue_view.holdings(self._settings)
        facts, kernels = self._gpus.read(), self.kernels()
        return {
            "cpu_count": count,
            "cpu_used": round(min(float(count), busy), 2),
            "memory_total": total,
            "memory_used": used,
            "cpu_holders": holders.cpu_holders(held, self._workspaces),
            "gpus": [
                gpu_json(
                    gpu,
                    facts.samples.get(gpu.uuid),
                    facts.processes,
                    kernels,
                    holders.gpu_holder(held, gpu.uuid),
                )
                for gpu in facts.inventory.gpus
            ],
            "gpu_note": facts.inventory.note,
        }

    def gpus(self) -> GpuFacts:
        """What the driver says of the GPUs, at most a second old."""
        return self._gpus.read()

    def gpu_processes(self) -> dict[str, Any]:
        """Every process on every GPU, and why there is none to see."""
        facts, kernels = self._gpus.read(), self.kernels()
        found = [
            process_json(item, here=item.owner.kernel_id in kernels) for item in facts.processes
        ]
        return {"processes": found, "note": facts.inventory.note}

    def resources(self) -> queue_view.ResourceUse:
        """What runs can be given, and what none of them holds."""
        return queue_view.resource_use(self._settings, list(self._gpus.read().inventory.gpus))


def core_count() -> int:
    """Cores that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return cores or os.cpu_count() or 1


def memory() -> tuple[int, int]:
    """Bytes of memory and how many are in use, within the container's limit if it has one."""
    facts = psutil.virtual_memory()
    total, used = int(facts.total), int(facts.total - facts.available)
    for limit_file, usage_file in _MEMORY_FILES:
        limit, usage = _number(limit_file), _number(usage_file)
        if limit is not None and usage is not None and limit < total:
            return limit, min(limit, usage)
    return total, used


def _number(path: str) -> int | None:
    try:
        return int(Path(path).read_text("ascii"))
    except (OSError, ValueError):
        return None
