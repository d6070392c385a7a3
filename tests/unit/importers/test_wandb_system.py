"""What runs of Weights & Biases used, and which packages they had."""

from __future__ import annotations

import json
from typing import Any

from ml_jupyter.history import system_log
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.importers import import_wandb
from ml_jupyter.sdk import views
from tests.unit.importers.test_wandb import BEGAN, ended, field, run
from tests.unit.importers.test_wandb import offline as offline

MIB = 1024 * 1024
RUN = "wandb_my-project_abc"


def sample(second: int, **values: Any) -> bytes:
    items = [
        field(3, field(1, name.replace("__", ".")) + field(16, json.dumps(value)))
        for name, value in values.items()
    ]
    return field(7, field(2, field(1, BEGAN + second) + field(2, 500)) + b"".join(items))


def machine(python: str = "CPython 3.11.7", cores: int = 8) -> bytes:
    gpu = field(1, "NVIDIA H200") + field(2, 150_000 * MIB) + field(5, "GPU-1234")
    memory = field(21, field(1, 64 * 1024 * MIB))
    facts = [field(2, python), field(16, cores // 2), field(17, cores), memory, field(24, gpu)]
    return field(26, b"".join(facts))


def system(workspace: WorkspaceFolder) -> dict[str, Any]:
    return views.system_json(workspace.run(RUN))


def test_samples_are_series_of_the_run_in_our_units(workspace, offline):
    log = offline(
        run(),
        sample(0, proc__memory__rssMB=100.0, proc__memory__availableMB=1000, network__sent=5),
        machine(),  # comes after the first sample
        sample(15, cpu=12.5, proc__memory__rssMB=200.0, gpu__0__gpu=90.0, gpu__0__temp=61,
               gpu__0__powerWatts=410.5, gpu__0__memoryAllocatedBytes=3.0e9,
               gpu__process__0__gpu=1.0, disk__vda__in=7.0),
        sample(30, cpu=25, proc__memory__rssMB=150.0, gpu__0__gpu=80.0),
        ended(),
    )  # fmt: skip
    import_wandb(log, workspace)
    used = system(workspace)
    series = {item["name"]: item for item in used["series"]}
    assert {name: item["values"] for name, item in series.items()} == {
        "cpu": [100.0, 200.0],  # of eight cores
        "memory": [100.0 * MIB, 200.0 * MIB, 150.0 * MIB],
        "memory_free": [1000.0 * MIB],
        "gpu.0.utilization": [90.0, 80.0],
        "gpu.0.temperature": [61.0],
        "gpu.0.power": [410.5],
        "gpu.0.memory": [3.0e9],
    }
    assert series["memory"]["times_ms"][0] == BEGAN * 1000 + 0.0005
    assert {name: item["unit"] for name, item in series.items()} == {
        "cpu": "%", "memory": "bytes", "memory_free": "bytes", "gpu.0.utilization": "%",
        "gpu.0.temperature": "°C", "gpu.0.power": "W", "gpu.0.memory": "bytes",
    }  # fmt: skip
    assert used["interval_s"] == 15
    (gpu,) = used["gpus"]
    assert (gpu["name"], gpu["uuid"], gpu["memory_total"]) == (
        "NVIDIA H200",
        "GPU-1234",
        150_000 * MIB,
    )
    assert used["summary"]["memory"]["peak"] == 200.0 * MIB
    assert used["summary"]["cpu"]["peak"] == 200.0
    assert workspace.run(RUN).metric_names() == {}


def test_a_share_of_an_unknown_number_of_cores_is_left_out(workspace, offline):
    log = offline(run(), sample(0, cpu=50, proc__memory__rssMB=1), sample(15, cpu=50), ended())
    import_wandb(log, workspace)
    assert [item["name"] for item in system(workspace)["series"]] == ["memory"]


def test_a_run_without_samples_has_no_use(workspace, offline):
    import_wandb(offline(run(), machine(), ended()), workspace)
    assert views.run_detail(workspace, workspace.run(RUN))["resources"] is None
    assert not (workspace.run(RUN).layout.path / "system").exists()


def test_many_samples_all_come(workspace, offline):
    samples = [sample(at, proc__memory__rssMB=at) for at in range(70_000)]
    import_wandb(offline(run(), *samples, ended()), workspace)
    found = system_log.read_series(workspace.run(RUN).layout, "memory")
    assert (len(found.values), found.values[-1]) == (70_000, 69_999.0 * MIB)


def test_the_packages_of_a_run_come_too(workspace, offline):
    log = offline(run(), machine(), ended())
    text = "numpy==2.1.0\nabsl-py==1\n# a comment==1\n-e git+https://host/x\nbroken==\n\xff==\xff\n"
    (log / "files" / "requirements.txt").write_bytes(text.encode("latin-1"))
    import_wandb(log, workspace)
    found = views.packages_json(workspace, workspace.run(RUN))
    assert (found["python"], found["implementation"]) == ("3.11.7", "cpython")
    assert [item["requirement"] for item in found["packages"]][:2] == ["absl-py==1", "numpy==2.1.0"]
    assert views.run_detail(workspace, workspace.run(RUN))["packages"]["count"] == 3


def test_a_run_without_a_list_has_none(workspace, offline):
    import_wandb(offline(run(), ended()), workspace)
    assert views.packages_json(workspace, workspace.run(RUN)) is None
