"""TensorBoard over runs: the real program, and events that it can read."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Experiment, Run, Workspace
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import TrainingException
from ml_jupyter.tensorboard import Tensorboard
from ml_jupyter.tensorboard.export import export_to_tensorboard
from ml_jupyter.testing.isolation import eventually, isolated


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with isolated(tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture
def run(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.chdir(tmp_path)
    experiment = Experiment(Workspace.create("lab"), "digits")
    found = experiment.start_logging(outputs=False, snapshot_directory=None, display_name="first")
    yield found
    found.complete()


def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder))
    events.Reload()
    tags = events.Tags()
    return {tag: [(e.step, e.value) for e in events.Scalars(tag)] for tag in tags["scalars"]} | {
        tag: [] for tag in tags["tensors"]
    }


def test_metrics_are_exported_with_their_steps(run: Run, tmp_path: Path) -> None:
    run.log("loss", 0.5, step=10)
    run.log("loss", 0.25, step=20)
    run.log("note", "text")
    run.log_row("row", a=1)
    with run.child_run() as child:
        child.log_list("acc", [0.5, 1])
    export_to_tensorboard(run, tmp_path / "events")
    assert scalars(tmp_path / "events") == {"loss": [(10, 0.5), (20, 0.25)], "note": []}
    assert scalars(tmp_path / "events" / child.id) == {"acc": [(0, 0.5), (1, 1.0)]}


def test_several_runs_get_a_folder_each(run: Run, tmp_path: Path) -> None:
    with run.experiment.start_logging(outputs=False, snapshot_directory=None) as other:
        other.log("loss", 1.0)
    run.log("loss", 2.0)
    export_to_tensorboard([run, other], str(tmp_path / "events"), recursive=False)
    assert scalars(tmp_path / "events" / other.id) == {"loss": [(0, 1.0)]}
    assert scalars(tmp_path / "events" / run.id) == {"loss": [(0, 2.0)]}


def asked(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


@pytest.mark.slow
def test_the_logs_of_a_live_run_are_seen(run: Run, tmp_path: Path) -> None:
    board = Tensorboard([run], port=0, use_display_name=True)
    url = board.start()
    try:
        assert board.start() == url
        assert asked(url + "data/runs") == []
        run.log("loss", 0.5)
        export_to_tensorboard(run, tmp_path / "logs")
        eventually(lambda: asked(url + "data/runs") == ["first"], 30, "TensorBoard seeing the run")
    finally:
        board.stop()
        board.stop()
    with pytest.raises(OSError, match="refused"):
        asked(url + "data/runs")


def test_no_run_is_refused() -> None:
    with pytest.raises(TrainingException, match="at least one run"):
        Tensorboard([])
