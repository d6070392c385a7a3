"""What a run used, read back: series, mean, peak, and the sentence."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_jupyter import Experiment, ScriptRunConfig
from ml_jupyter.exceptions import ActivityFailedException
from ml_jupyter.history import records, system_log
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.system_log import Channel, SystemLog
from ml_jupyter.history.system_use import SystemUse
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk.views.system import resources_json, system_json

S = 1_000_000_000
GPU = "GPU-11111111-2222-3333-4444-555555555555"
BUSY = Channel("gpu.1.utilization", "%", "GPU 1 busy", 100.0, GPU)
HELD = Channel("gpu.1.memory", "bytes", "GPU 1 memory", 24e9, GPU)


@pytest.fixture
def run(experiment: Experiment) -> RunFolder:
    with experiment.start_logging(snapshot_directory=None) as run:
        run.log("loss", 1.0)
    return run._folder


def write(run: RunFolder, channel: Channel, *values: float) -> None:
    """A value each second from the run's start."""
    log = SystemLog(run.layout)
    log.note(
        interval_s=1.0,
        gpus=[{"label": "GPU 1", "uuid": GPU, "name": "RTX 4090", "memory_total": 24_000_000_000}],
    )
    begun = run.state().started or 0
    for number, value in enumerate(values, 1):
        log.append(channel, begun + number * S, value)
    log.close()


def test_the_sentence_names_idle_gpus(run: RunFolder) -> None:
    write(run, Channel("cpu", "%", "CPU", 1600.0), 50.0, 130.0)
    write(run, Channel("memory", "bytes", "Memory", 64e9), 1.2e9, 2.34e9)
    write(run, BUSY, 0.0, 90.0, 4.9, 100.0)
    write(run, HELD, 18.2e9)
    found = resources_json(run)
    assert found is not None
    assert found["sentence"] == (
        "Used 0.9 cores on average (1.3 at most) and 2.3 GB of memory at most. "
        "GPU 1 was idle 50% of the time and held 18.2 GB at most."
    )
    assert found["gpus"][0]["utilization"] == {"mean": pytest.approx(48.725), "peak": 100.0}
    assert found["gpus"][0]["temperature"] is None


def test_the_peak_between_two_samples_counts(run: RunFolder) -> None:
    write(run, Channel("memory", "bytes", "Memory"), 1e9)
    log = SystemLog(run.layout)
    log.note(largest_process=5_000_000_000)
    log.close()
    found = resources_json(run)
    assert found is not None
    assert found["memory"] == {"mean": 1e9, "peak": 5e9}


def test_a_run_that_was_no_job_has_none(run: RunFolder) -> None:
    assert resources_json(run) is None
    assert system_json(run)["series"] == []


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60), st.integers(1, 59))
def test_reading_on_gives_what_reading_all_gives(values: list[float], cut: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = WorkspaceFolder.create(Path(place) / "workspace", "lab")
        experiment = folder.create_experiment("digits")
        run = folder.create_run(experiment, "run-1", records.SCRIPT, "Running")
        compare(run, values, cut)


def compare(run: RunFolder, values: list[float], cut: int) -> None:
    half, begun = SystemUse(run.layout), 1_000 * S
    log = SystemLog(run.layout)
    for number, value in enumerate(values):
        if number == cut:
            half.refresh(begun)
        log.append(BUSY, begun + (number + 1) * S, value)
    log.close()
    half.refresh(begun)
    whole = SystemUse(run.layout).refresh(begun)
    one, other = half.channels[BUSY.name], whole.channels[BUSY.name]
    assert (one.samples, one.peak) == (other.samples, other.peak) == (len(values), max(values))
    assert math.isclose(one.mean, other.mean)
    assert math.isclose(one.mean, sum(values) / len(values))
    idle = 100 * sum(value < 5.0 for value in values) / len(values)
    assert math.isclose(one.idle_percent, idle, abs_tol=1e-9)


def test_series_are_thinned_and_cut(run: RunFolder) -> None:
    write(run, BUSY, *[float(at % 100) for at in range(5000)])
    begun = (run.state().started or 0) / 1e6
    (series,) = system_json(run, points=100)["series"]
    assert len(series["values"]) <= 100
    assert series["downsampled"]
    assert series["count"] == 5000
    assert (max(series["values"]), series["peak"], series["full"]) == (99.0, 99.0, 100.0)
    (part,) = system_json(run, x_min=begun + 10_500, x_max=begun + 12_500)["series"]
    assert [round(time - begun) for time in part["times_ms"]] == [10_000, 11_000, 12_000, 13_000]


def test_a_torn_record_and_line_are_passed_over(run: RunFolder) -> None:
    write(run, BUSY, 1.0, 2.0)
    folder = system_log.folder_of(run.layout)
    for path in folder.iterdir():
        with path.open("ab") as stream:
            stream.write(b'{"h": "torn' if path.name == "names" else b"\0" * 7)
    write(run, BUSY, 3.0)
    assert system_log.read_series(run.layout, BUSY.name).values == [1.0, 2.0, 3.0]


def test_the_sdk_gives_them_apart_from_metrics(experiment: Experiment) -> None:
    run = experiment.start_logging(snapshot_directory=None)
    run.log("loss", 1.0)
    write(run._folder, BUSY, 10.0, 20.0)
    run.complete()
    assert run.get_metrics() == {"loss": 1.0}
    found = run.get_system_metrics()
    assert found["gpu.1.utilization"]["values"] == [10.0, 20.0]
    assert found["gpu.1.utilization"]["unit"] == "%"
    assert run.get_system_metrics("nothing") == {}
    assert run.get_details()["resources"]["gpus"][0]["label"] == "GPU 1"


def test_who_waits_is_told_what_to_do(experiment: Experiment, here: Path) -> None:
    (here / "train.py").write_text("import skimage_that_is_not_there\n")
    run = experiment.submit(ScriptRunConfig(".", "train.py"))
    with pytest.raises(ActivityFailedException) as caught:
        run.wait_for_completion()
    assert "skimage-that-is-not-there" in str(caught.value)
    assert run.get_details()["finding"]["kind"] == "missing_module"
