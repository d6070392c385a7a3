"""Tracking never ends a training: what cannot be written is kept, told once, and tried again."""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ml_jupyter import Experiment, Run
from ml_jupyter._files import storage_failed
from ml_jupyter.history.append import Appender
from ml_jupyter.sdk import metric_writer
from ml_jupyter.sdk.ownership import OWNERSHIP

Disk = Callable[[bool], None]


@pytest.fixture
def run(experiment: Experiment) -> Run:
    return experiment.start_logging(outputs=False, snapshot_directory=None)


@pytest.fixture
def full(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """Switches between a disk that is full and one that is not.

    ``/dev/full`` answers every write as a full disk does.
    """
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    folder = run._folder.layout.metrics
    kept = folder.with_name("metrics.kept")

    def switch(on: bool) -> None:
        run._folder.metric_log.close()
        if on:
            folder.rename(kept)
            folder.mkdir()
            for path in kept.iterdir():
                os.symlink("/dev/full", folder / path.name)
        elif kept.exists():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
            kept.rename(folder)

    yield switch
    switch(False)
    run._folder.metric_log.close()


def test_points_are_kept_and_written_later_in_order(run: Run, full: Disk) -> None:
    run.log("loss", 1.0)
    full(True)
    with pytest.warns(RuntimeWarning, match="cannot be written now"):
        run.log("loss", 2.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run.log("loss", 3.0)
        run.log_list("loss", [4.0, 5.0])
    full(False)
    assert run.get_metrics() == {"loss": 1.0}
    run.flush()
    assert run.get_metrics() == {"loss": [1.0, 2.0, 3.0, 4.0, 5.0]}
    run.complete()
    assert "warnings" not in run.get_details()


def test_what_is_lost_is_said_at_the_end(
    run: Run, full: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metric_writer, "MOST_KEPT", 3)
    run.log("loss", 0.0)
    full(True)
    with pytest.warns(RuntimeWarning, match="cannot be written now"):
        run.log("loss", 0.0)
    for value in range(1, 10):
        run.log("loss", float(value))
    with pytest.warns(RuntimeWarning, match="10 metric points"):
        run.complete()
    assert run.get_status() == "Completed"
    assert "10 metric points" in run.get_details()["warnings"][0]["message"]


def test_wrong_arguments_still_raise_at_once(run: Run, full: Disk) -> None:
    run.log("loss", 1.0)
    full(True)
    with pytest.warns(RuntimeWarning):
        run.log("loss", 2.0)
    with pytest.raises(ValueError, match="log_list"):
        run.log("loss", [1, 2])
    full(False)
    run.complete()
    assert run.get_metrics() == {"loss": [1.0, 2.0]}


@contextmanager
def no_room_for(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As long as this lasts, a file or the files of a folder cannot be appended to."""
    real = Appender.append

    def refuse(appender: Appender, data: bytes) -> None:
        if place in (appender.path, appender.path.parent):
            error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            raise storage_failed(error, appender.path)
        real(appender, data)

    with monkeypatch.context() as patch:
        patch.setattr(Appender, "append", refuse)
        yield


def test_an_end_that_cannot_be_recorded_hides_no_error_and_is_tried_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def train() -> None:
        with run:
            raise ValueError("diverged")

    with no_room_for(run._folder.layout.events, monkeypatch):
        told = pytest.warns(RuntimeWarning, match="could not be recorded")
        with told, pytest.raises(ValueError, match="diverged"):
            train()
    assert run.get_status() == "Running"
    OWNERSHIP.end_all()
    assert run.get_status() == "Failed"
    assert run.get_details()["error"]["error"]["message"] == "ValueError: diverged"


def test_points_of_a_name_that_got_another_shape_meanwhile_block_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.log("other", 1.0)
    with no_room_for(run._folder.layout.metrics, monkeypatch):
        with pytest.warns(RuntimeWarning, match="cannot be written now"):
            run.log("loss", 2.0)
        run.log("other", 3.0)
    Run.get(run._workspace, run.id).log_row("loss", x=1)
    run.flush()
    assert run.get_metrics() == {"other": [1.0, 3.0], "loss": {"x": 1}}
    with pytest.warns(RuntimeWarning, match="1 metric points"):
        run.complete()
