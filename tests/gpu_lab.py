"""Recorded GPUs for tests: a machine that has as many as a test needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.devices import library, nvml, recording

RECORDINGS = Path(__file__).parent / "recordings" / "nvml"
GB = 1_000_000_000
TOTAL = 80 * GB


def uuid_of(number: int) -> str:
    """UUID of the recorded GPU with a number."""
    return f"GPU-{number:08x}-0000-4000-8000-000000000000"


def device(
    number: int, processes: dict[int, int] | None = None, total: int = TOTAL, **answers: Any
) -> dict[str, Any]:
    """The answers of one GPU: processes by id with their bytes; other answers by their name."""
    held = processes or {}
    used = sum(held.values())
    return {
        "nvmlDeviceGetUUID": uuid_of(number),
        "nvmlDeviceGetName": "NVIDIA A100-SXM4-80GB",
        "nvmlDeviceGetMemoryInfo": {"total": total, "free": total - used, "used": used},
        "nvmlDeviceGetMigMode": [0, 0],
        "nvmlDeviceGetComputeRunningProcesses": [
            {"pid": pid, "usedGpuMemory": count} for pid, count in held.items()
        ],
        "nvmlDeviceGetGraphicsRunningProcesses": [],
        **answers,
    }


def recorded(monkeypatch: pytest.MonkeyPatch, folder: Path, devices: list[dict[str, Any]]) -> Path:
    """Give this process, and the dispatcher that it starts, these GPUs."""
    path = folder / "nvml.json"
    recording.save(str(path), devices)
    monkeypatch.setenv(library.RECORDING, str(path))
    monkeypatch.setattr(nvml, "_seen", {})
    return path
