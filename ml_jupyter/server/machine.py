"""What this machine has and uses, within the limits of the container that the server may run in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import psutil

_MEMORY_FILES = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


class Machine:
    """Measures between two calls of ``read``. One caller at a time."""

    def __init__(self) -> None:
        psutil.cpu_percent(None)

    def read(self) -> dict[str, Any]:
        """Cores there are and in use since the last call, and bytes of memory."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
        count = cores or os.cpu_count() or 1
        busy = psutil.cpu_percent(None) / 100.0 * (psutil.cpu_count() or count)
        total, used = memory()
        return {
            "cpu_count": count,
            "cpu_used": round(min(float(count), busy), 2),
            "memory_total": total,
            "memory_used": used,
            "gpus": [],
        }


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
