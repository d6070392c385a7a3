"""What jobs use is sampled while they run, and does not cost much."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ml_jupyter.history import status, system_log
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.system_use import SystemUse
from ml_jupyter.jobs.cgroup import MemoryGroup
from ml_jupyter.jobs.telemetry import Sampler
from ml_jupyter.testing.isolation import eventually
from tests.jobs_lab import JobLab

MB = 1024 * 1024
RECORDINGS = Path(__file__).resolve().parents[2] / "recordings" / "nvml"
FREE_GPU = "GPU-0e9f6c52-1b4a-4d7e-8a35-c9d1f0b24e70"
BUSY_GPU = "GPU-d41b7a96-62c8-4f0d-b5e3-7a08c3f9d112"


def values(run: RunFolder, name: str) -> list[float]:
    return system_log.read_series(run.layout, name).values


def test_a_short_job_has_a_sample_of_each_kind(lab: JobLab) -> None:
    run = lab.submit("print('hello')")
    assert lab.ends(run) == status.COMPLETED
    names = system_log.read_names(run.layout)
    assert {"cpu", "memory", "read", "write"} <= set(names.channels)
    assert names.channels["memory"].unit == "bytes"
    assert names.facts["interval_s"] == 5.0
    assert names.gpus == []
    assert values(run, "memory")
    peak = SystemUse(run.layout).refresh(run.state().started).memory_peak
    assert peak is not None
    assert peak > 5 * MB, "what lay between two samples counts too"
    assert all(value >= 0 for value in values(run, "cpu"))


BUSY = """
import os, time
held = bytearray(200 * 1024 * 1024)
for at in range(0, len(held), 4096):
    held[at] = 1
end = time.monotonic() + 1.2
while time.monotonic() < end:
    pass
print("used", sum(os.times()[:4]))
"""


def integral(run: RunFolder, name: str) -> float:
    """A rate over the time, in its unit times seconds."""
    series = system_log.read_series(run.layout, name)
    starts = [run.state().started or 0, *series.times]
    pairs = zip(series.values, series.times, starts, strict=False)
    return float(sum(value * (time - start) / 1e9 for value, time, start in pairs))


def used_s(lab: JobLab, run: RunFolder) -> float:
    """Processor time that the job says it used."""
    log: bytes = lab.log(run)
    return float(log.split(b"used ")[1].split()[0])


def test_memory_and_processor_time_are_those_of_the_job(lab: JobLab) -> None:
    run = lab.submit(BUSY)
    assert lab.ends(run, 60) == status.COMPLETED
    assert 200 * MB < max(values(run, "memory")) < 400 * MB
    assert integral(run, "cpu") / 100 == pytest.approx(used_s(lab, run), rel=0.25, abs=0.15)


FORKS = """
import os, time
held = bytearray(100 * 1024 * 1024)
for at in range(0, len(held), 4096):
    held[at] = 1
for _ in range(3):
    if os.fork() == 0:
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            pass
        os._exit(0)
for _ in range(3):
    os.wait()
print("used", sum(os.times()[:4]))
"""


def test_shared_memory_counts_once_and_children_count(lab: JobLab) -> None:
    run = lab.submit(FORKS)
    assert lab.ends(run, 60) == status.COMPLETED
    assert max(values(run, "processes")) == 4
    assert 100 * MB < max(values(run, "memory")) < 250 * MB
    assert integral(run, "cpu") / 100 == pytest.approx(used_s(lab, run), rel=0.25, abs=0.2)


HOLDS = """
import os, time
held = bytearray(b"x") * (200 << 20)
while not os.path.exists({!r}):
    time.sleep(0.05)
"""


def test_the_job_s_own_control_group_is_recorded(lab: JobLab, tmp_path: Path) -> None:
    group = MemoryGroup.create("mlj-telemetry-test", 64 * MB)
    go = tmp_path / "go"
    run = lab.submit(HOLDS.format(str(go)), memory_limit=1000 * MB)
    seen = "memory" if group is None else "memory_cgroup"
    eventually(lambda: max(values(run, seen), default=0) > 200 * MB, 60, "a sample of it all")
    go.touch()
    assert lab.ends(run, 60) == status.COMPLETED
    there = "memory_cgroup" in system_log.read_names(run.layout).channels
    assert there == (group is not None), "where the system lets us make one"
    if group is not None:
        group.remove()
        assert max(values(run, "memory_cgroup")) < 400 * MB


WRITES = """
import os, time
with open("big.bin", "wb") as stream:
    for _ in range(20):
        stream.write(os.urandom(1024 * 1024))
    stream.flush()
    os.fsync(stream.fileno())
time.sleep(0.8)
"""


def test_bytes_written_to_storage_are_counted(lab: JobLab) -> None:
    run = lab.submit(WRITES)
    assert lab.ends(run) == status.COMPLETED
    total = integral(run, "write")
    assert 15 * MB < total < 60 * MB


@pytest.mark.parametrize("isolated_settings", [{"telemetry_s": 0}], indirect=True)
def test_it_can_be_switched_off(lab: JobLab) -> None:
    run = lab.submit("print('hello')")
    assert lab.ends(run) == status.COMPLETED
    assert not system_log.folder_of(run.layout).exists()


def test_it_is_no_metric(lab: JobLab) -> None:
    run = lab.submit("import time; time.sleep(0.6)")
    eventually(lambda: values(run, "memory"), 10, "a sample while it runs")
    assert run.state().status == status.RUNNING
    assert lab.ends(run) == status.COMPLETED
    assert run.metric_names() == {}


def test_only_the_gpus_of_the_job_are_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ML_JUPYTER_NVML", str(RECORDINGS / "two_notebook.json"))
    layout = RunLayout(tmp_path / "experiment" / "run")
    layout.path.mkdir(parents=True)
    sampler = Sampler(layout, 5.0, [BUSY_GPU])
    sampler.tick()
    eventually(lambda: is_told(sampler, layout), 10, "an answer")
    names = system_log.read_names(layout)
    (gpu,) = names.gpus
    assert (gpu["label"], gpu["uuid"], gpu["memory_total"]) == ("GPU 1", BUSY_GPU, 85899345920)
    assert {item.name for item in names.channels.values() if item.gpu} == {
        "gpu.1.utilization", "gpu.1.memory", "gpu.1.temperature", "gpu.1.power",
    }  # fmt: skip
    assert names.channels["gpu.1.power"].full == 400.0
    assert set(system_log.read_series(layout, "gpu.1.memory").values) == {31205621760.0}
    assert set(system_log.read_series(layout, "gpu.1.power").values) == {62.114}


def test_a_job_with_a_gpu_records_it(lab: JobLab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ML_JUPYTER_NVML", str(RECORDINGS / "two_notebook.json"))
    run = lab.submit("import time; time.sleep(0.7)", gpus=1)
    assert lab.ends(run, 40) == status.COMPLETED
    (gpu,) = system_log.read_names(run.layout).gpus
    placed = run.state().facts["placement"]["nodes"][0]["gpus"]
    assert [gpu["uuid"]] == placed == [FREE_GPU], "the other one is held by a notebook"
    assert set(values(run, "gpu.0.memory")) == {3145728.0}
    assert len(values(run, "gpu.0.utilization")) >= 2


def test_a_gpu_that_fell_off_the_bus_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ML_JUPYTER_NVML", str(RECORDINGS / "two_lost.json"))
    layout = RunLayout(tmp_path / "experiment" / "run")
    layout.path.mkdir(parents=True)
    sampler = Sampler(layout, 5.0, [FREE_GPU, BUSY_GPU])
    sampler.tick()
    eventually(lambda: is_told(sampler, layout), 10, "an answer")
    names = system_log.read_names(layout)
    assert len(names.gpus) == 2
    assert {item.gpu for item in names.channels.values() if item.gpu} == {FREE_GPU}


def test_a_driver_that_hangs_does_not_hold_the_supervisor_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "never"
    os.mkfifo(pipe)  # reading it waits for a writer, as a question to a lost GPU may
    monkeypatch.setenv("ML_JUPYTER_NVML", str(pipe))
    layout = RunLayout(tmp_path / "experiment" / "run")
    layout.path.mkdir(parents=True)
    sampler = Sampler(layout, 5.0, [BUSY_GPU])
    sampler.tick()
    sampler.finish()
    assert sampler.cost_s < 2.0
    assert system_log.read_series(layout, "memory_free").values
    os.close(os.open(pipe, os.O_RDWR))


def read(layout: RunLayout, name: str) -> list[float]:
    return system_log.read_series(layout, name).values


def is_told(sampler: Sampler, layout: RunLayout) -> bool:
    sampler.finish()
    return bool(system_log.read_names(layout).gpus)
