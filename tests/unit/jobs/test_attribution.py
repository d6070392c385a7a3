"""Whose a process on a GPU is, and for how long it has done nothing there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import _time
from ml_jupyter.devices import nvml, owners
from ml_jupyter.devices.gpu import Gpu, GpuProcess, GpuSample, Inventory
from ml_jupyter.devices.owners import Owner
from ml_jupyter.devices.sessions import KernelSession
from ml_jupyter.jobs import attribution
from ml_jupyter.jobs.attribution import GpuActivity

RECORDINGS = Path(__file__).resolve().parents[2] / "recordings" / "nvml"
S = 1_000_000_000
PID = 4121


def machine(*pids: int) -> Inventory:
    processes = tuple(GpuProcess(pid, 1000 * at) for at, pid in enumerate(pids, 1))
    return Inventory((Gpu(0, "GPU-0", "RTX", 24_000, 2_000, processes),))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nanoseconds since the epoch, as they are told."""
    now = [1_000_000 * S]
    monkeypatch.setattr(_time, "now_ns", lambda: now[0])
    return now


@pytest.fixture
def owned(monkeypatch: pytest.MonkeyPatch) -> dict[int, Owner]:
    """Whose a process is said to be."""
    known: dict[int, Owner] = {}
    monkeypatch.setattr(owners, "of", lambda pid, sessions=None: known.get(pid, Owner(pid)))
    return known


def idle(inventory: Inventory, activity: GpuActivity, *sessions: KernelSession) -> float | None:
    known = {item.kernel_id: item for item in sessions}
    (use, *_) = attribution.processes(inventory, known, activity)
    return use.idle_s


def test_work_on_the_gpu_ends_idleness(clock: list[int], owned: dict[int, Owner]) -> None:
    inventory, activity = machine(PID), GpuActivity()
    activity.note(inventory, {}, lambda uuid, since: {PID: clock[0] - 3 * S})
    assert idle(inventory, activity) == 3
    clock[0] += 60 * S
    activity.note(inventory, {}, lambda uuid, since: {})
    assert idle(inventory, activity) == 63
    activity.note(inventory, {}, lambda uuid, since: {PID: clock[0]})
    assert idle(inventory, activity) == 0


def test_who_never_worked_is_idle_since_it_was_first_seen(
    clock: list[int], owned: dict[int, Owner]
) -> None:
    inventory, activity = machine(PID), GpuActivity()
    activity.note(inventory, {}, lambda uuid, since: {})
    assert idle(inventory, activity) is None, "one look proves nothing"
    clock[0] += 600 * S
    activity.note(inventory, {}, lambda uuid, since: {})
    assert idle(inventory, activity) == 600
    activity.note(machine(), {}, lambda uuid, since: {})
    activity.note(inventory, {}, lambda uuid, since: {})
    assert idle(inventory, activity) is None, "the number was given to another process"


def test_a_busy_gpu_whose_driver_tells_no_processes(
    clock: list[int], owned: dict[int, Owner]
) -> None:
    inventory, activity = machine(PID), GpuActivity()
    busy = {"GPU-0": GpuSample(utilization=97.0)}
    activity.note(inventory, {}, lambda uuid, since: {})
    clock[0] += 100 * S
    activity.note(inventory, busy, lambda uuid, since: {})
    assert idle(inventory, activity) == 0


def test_a_notebook_is_idle_since_its_last_cell_or_work(
    clock: list[int], owned: dict[int, Owner]
) -> None:
    owned[PID] = Owner(PID, "notebook", mine=True, kernel_id="k", notebook="eda.ipynb")
    inventory, activity = machine(PID), GpuActivity()
    activity.note(inventory, {}, lambda uuid, since: {})
    clock[0] += 100 * S
    session = KernelSession("k", "eda.ipynb", clock[0] - 3 * 3600 * S)
    assert idle(inventory, activity, session) == 3 * 3600
    (use,) = attribution.processes(inventory, {"k": session}, activity)
    assert use.sentence == "Notebook eda.ipynb, idle 3 h"
    activity.note(inventory, {}, lambda uuid, since: {PID: clock[0] - 20 * S})
    assert idle(inventory, activity, session) == 20, "a thread of it works on"
    running = KernelSession("k", "eda.ipynb", clock[0], busy=True)
    assert idle(inventory, activity, running) is None


def test_of_other_users_nothing_private_is_told(owned: dict[int, Owner]) -> None:
    secret: dict[str, Any] = {
        "run_id": "r",
        "workspace": "/w",
        "kernel_id": "k",
        "notebook": "secret.ipynb",
    }
    owned[1] = Owner(1, "run", program="python", user="ann", **secret)
    owned[2] = Owner(2, "notebook", program="python", user="ann", **secret)
    owned[3] = Owner(3, "user", program="python", user="ann")
    uses = attribution.processes(machine(3, 2, 1), {})
    assert [use.sentence for use in uses] == [
        "A job of ann", "A notebook of ann", "python of ann",
    ]  # fmt: skip
    for use in uses:
        assert (use.owner.run_id, use.owner.notebook, use.owner.kernel_id) == ("", "", "")
        assert "secret" not in repr(use)


def test_the_holder_is_the_one_with_the_most_memory(owned: dict[int, Owner]) -> None:
    owned[1] = Owner(1, "user", program="python", user="ann")
    owned[2] = Owner(2, "notebook", user="mara", mine=True, notebook="eda.ipynb")
    inventory = machine(1, 2)
    uses = attribution.processes(inventory, {})
    assert attribution.holder_of(inventory.gpus[0], uses) == "Notebook eda.ipynb and 1 more"
    assert attribution.holder_of(Gpu(1, "GPU-1", "RTX"), uses) is None


def test_a_process_of_this_user_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    (use,) = attribution.processes(machine(os.getpid()), {})
    assert use.owner.mine
    assert use.owner.program


@pytest.mark.parametrize("name", sorted(path.name for path in RECORDINGS.glob("*.json")))
def test_every_recording_can_be_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ML_JUPYTER_NVML", str(RECORDINGS / name))
    inventory = nvml.look()
    activity = GpuActivity()
    activity.note(inventory, nvml.sample([gpu.uuid for gpu in inventory.gpus]))
    uses = attribution.processes(inventory, {}, activity)
    assert len(uses) == sum(len(gpu.processes) for gpu in inventory.gpus)
    assert all(use.sentence for use in uses)
