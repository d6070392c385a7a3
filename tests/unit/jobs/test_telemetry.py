"""What jobs use is sampled while they run, and does not cost much."""

from __future__ import annotations

import pytest

from ml_jupyter.history import status, system_log
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.testing.isolation import eventually
from tests.jobs_lab import JobLab

MB = 1024 * 1024


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
    assert max(values(run, "memory")) > 3 * MB
    assert all(value >= 0 for value in values(run, "cpu"))


BUSY = """
import time, os
held = bytearray(200 * 1024 * 1024)
for at in range(0, len(held), 4096):
    held[at] = 1
end = time.monotonic() + 1.5
while time.monotonic() < end:
    pass
"""


def test_memory_and_processor_time_are_those_of_the_job(lab: JobLab) -> None:
    run = lab.submit(BUSY)
    assert lab.ends(run) == status.COMPLETED
    assert 200 * MB < max(values(run, "memory")) < 400 * MB
    assert 60 < max(values(run, "cpu")) < 150


FORKS = """
import os, time
held = bytearray(100 * 1024 * 1024)
for at in range(0, len(held), 4096):
    held[at] = 1
for _ in range(3):
    if os.fork() == 0:
        end = time.monotonic() + 1.2
        while time.monotonic() < end:
            pass
        os._exit(0)
for _ in range(3):
    os.wait()
"""


def test_shared_memory_counts_once_and_children_count(lab: JobLab) -> None:
    run = lab.submit(FORKS)
    assert lab.ends(run) == status.COMPLETED
    assert max(values(run, "processes")) == 4
    assert 100 * MB < max(values(run, "memory")) < 250 * MB
    assert max(values(run, "cpu")) > 60


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
    series = system_log.read_series(run.layout, "write")
    starts = [run.state().started or 0, *series.times]
    total = sum(
        v * (t - s) / 1e9 for v, t, s in zip(series.values, series.times, starts, strict=False)
    )
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
