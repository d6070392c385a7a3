"""A pool and a job, data to data: what a node adds, what the job keeps, whose slots they are."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.compute.pool import PoolTarget
from ml_jupyter.compute.record import TargetConfiguration
from ml_jupyter.compute.store import TargetStore
from ml_jupyter.config import Settings
from ml_jupyter.devices import nvml
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.testing.isolation import isolated
from tests import gpu_lab


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return WorkspaceFolder.create(tmp_path / "workspace", "lab").layout.root


def pool(root: Path, **values: Any) -> PoolTarget:
    """The pool of a workspace, on a machine of 8 slots."""
    store = TargetStore(WorkspaceLayout(root))
    store.create("pool", TargetConfiguration("amlcompute", {"max_nodes": 2, **values}))
    return PoolTarget(Settings.load(slots=8), store.get("pool"))


def test_node_gives_what_the_job_does_not_ask_for(root: Path) -> None:
    target = pool(root, vm_size="STANDARD_D3_V2")
    changed = target.launch_changes(LaunchSpec(script="a.py"))
    assert changed.slots == 4
    assert changed.memory <= 14 * 1024**3
    own = target.launch_changes(LaunchSpec(script="a.py", slots=2, memory=1024))
    assert (own.slots, own.memory) == (2, 1024)


def test_unknown_size_reserves_one_slot_and_no_memory(root: Path) -> None:
    changed = pool(root).launch_changes(LaunchSpec(script="a.py"))
    assert (changed.slots, changed.memory, changed.gpus) == (1, 0, 0)


def test_gpus_follow_the_machine_and_the_nodes_of_the_run(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = gpu_lab.device(2, nvmlDeviceGetMemoryInfo={"error": 15})
    gpu_lab.recorded(monkeypatch, tmp_path, [gpu_lab.device(0), gpu_lab.device(1), lost])
    usable = [gpu for gpu in nvml.inventory() if gpu.problem is None]
    assert len(usable) == 2
    target = pool(root, vm_size="STANDARD_NC24", max_nodes=8)
    asked = [target.launch_changes(LaunchSpec(script="a", nodes=n)).gpus for n in (1, 2, 3, 8)]
    assert asked == [2, 1, 0.5, 0.25]
    assert target.launch_changes(LaunchSpec(script="a", gpus=0.5)).gpus == 0.5


def test_second_submission_of_a_job_follows_the_changed_pool(root: Path) -> None:
    """As when a run is submitted again after ``update``."""
    target = pool(root)
    first = target.launch_changes(LaunchSpec(script="a.py"))
    TargetStore(WorkspaceLayout(root)).update("pool", {"max_nodes": 5})
    changed = PoolTarget(
        Settings.load(slots=8), TargetStore(WorkspaceLayout(root)).get("pool")
    ).launch_changes(first)
    assert first.pool is not None
    assert changed.pool == {**first.pool, "max_nodes": 5}
    assert replace(changed, pool=None) == replace(first, pool=None)


def test_copies_have_node_slots_of_their_own_and_links_the_same(root: Path, tmp_path: Path) -> None:
    target = pool(root)
    shutil.copytree(root, tmp_path / "copy")
    (tmp_path / "link").symlink_to(root)
    ids = {
        place: PoolTarget(
            Settings.load(slots=8), TargetStore(WorkspaceLayout(tmp_path / place)).get("pool")
        ).pool_id
        for place in ("copy", "link")
    }
    assert ids["link"] == target.pool_id != ids["copy"]
    assert target.pool_id.isalnum()


def test_number_of_nodes_follows_the_machine_when_it_is_left_open(root: Path) -> None:
    target = pool(root, vm_size="STANDARD_D2_V2", max_nodes=None)
    assert target.max_nodes == 4
    assert PoolTarget(Settings.load(slots=1), target.record).max_nodes == 1


@pytest.fixture(autouse=True)
def world(tmp_path: Path) -> Any:
    with isolated(tmp_path / "world") as settings:
        yield settings
