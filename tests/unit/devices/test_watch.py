"""The process that looks at the GPUs for the dispatcher."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter import _time
from ml_jupyter.devices import library, nvml, recording
from ml_jupyter.devices.gpu import Inventory
from ml_jupyter.devices.watch import HANGS, NO_ANSWER, PATIENCE_S, GpuWatch
from ml_jupyter.testing.isolation import eventually
from tests.gpu_lab import device, recorded


@pytest.fixture
def watch() -> Iterator[GpuWatch]:
    made = GpuWatch()
    yield made
    made.close()


def answer(watch: GpuWatch) -> Inventory:
    """The answer to a question asked now."""
    watch.expire()
    watch.ask()
    eventually(lambda: watch.take() and watch.age() < 5, what="an answer")
    found = watch.take()
    assert found is not None
    return found


def test_it_tells_what_is_there_now(
    watch: GpuWatch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = recorded(monkeypatch, tmp_path, [device(0), device(1, {4121: 5})])
    assert watch.take() is None
    assert answer(watch) == Inventory(tuple(nvml.inventory()))
    recording.save(str(path), [device(0), {"error": recording.GPU_IS_LOST}])
    lost = answer(watch).gpus[1]
    assert lost.problem == "has fallen off the bus; restart the machine"


def test_nothing_is_started_without_a_driver(
    watch: GpuWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "is_present", lambda: False)
    watch.ask()
    assert watch.take() == Inventory(note=nvml.NO_GPU)
    assert watch.fileno is None


def test_an_answer_from_before_a_run_ended_does_not_count(
    watch: GpuWatch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recorded(monkeypatch, tmp_path, [device(0)])
    answer(watch)
    watch.ask()
    watch.expire()
    assert watch.age() == float("inf")
    eventually(lambda: watch.take() and watch.age() < 5, what="the answer to a second question")


def test_a_driver_that_hangs_is_told(
    watch: GpuWatch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recorded(monkeypatch, tmp_path, [device(0)])
    answer(watch)
    assert watch._process is not None
    os.kill(watch._process.pid, signal.SIGSTOP)
    watch.ask()
    later = _time.monotonic() + PATIENCE_S + 1
    monkeypatch.setattr(_time, "monotonic", lambda: later)
    assert watch.take() == Inventory(note=HANGS)


def test_a_watch_that_was_killed_is_started_again(
    watch: GpuWatch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recorded(monkeypatch, tmp_path, [device(0)])
    good = answer(watch)
    assert watch._process is not None
    os.kill(watch._process.pid, signal.SIGKILL)
    watch._process.wait()
    assert answer(watch) == Inventory(note=NO_ANSWER)
    assert answer(watch) == good


def test_it_ends_with_the_one_who_asks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    recorded(monkeypatch, tmp_path, [device(0)])
    watch = GpuWatch()
    answer(watch)
    process = watch._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(5) == 0
    process.stdin = None
    watch.close()
