"""``mlj queue``: what waits, and changing its order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Experiment, ScriptRunConfig
from ml_jupyter.cli.main import main
from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import eventually

Mlj = Callable[..., Any]


@pytest.fixture
def runs(experiment: Experiment, settings: Settings, tmp_path: Path) -> list[Any]:
    """As many that run as there are slots, and three that wait."""
    text = "import os, time\nwhile not os.path.exists({!r}): time.sleep(0.02)\n"
    Path("wait.py").write_text(text.format(str(tmp_path / "go")), "utf-8")
    Path("done.py").write_text("print('done')\n", "utf-8")
    count = settings.slot_count
    busy = [experiment.submit(ScriptRunConfig(".", "wait.py")) for _ in range(count)]
    for run in busy:
        eventually(lambda run=run: run.get_status() == "Running", 20, "a running job")
    return [experiment.submit(ScriptRunConfig(".", "done.py")) for _ in range(3)]


def order(entries: list[dict[str, Any]], runs: list[Any]) -> list[int]:
    ids = [run.id for run in runs]
    return [ids.index(entry["run_id"]) for entry in entries]


def test_waiting_runs_are_moved_held_and_released(
    mlj: Mlj, runs: list[Any], tmp_path: Path
) -> None:
    assert order(mlj("queue"), runs) == [0, 1, 2]
    assert mlj("queue")[0]["needs"] == "1 CPU slot"
    assert order(mlj("queue", "--priority", runs[2].id, "5"), runs) == [2, 0, 1]
    assert order(mlj("queue", "--move", runs[0].id, "last"), runs) == [2, 1, 0]
    assert order(mlj("queue", "--move", runs[0].id, runs[1].id), runs) == [2, 0, 1]
    held = mlj("queue", "--hold", runs[0].id)
    assert [entry["held"] for entry in held] == [False, True, False]

    def says() -> bool:
        reason = mlj("queue")[1]["reason"]
        return bool(reason == "Held by its user; it waits until it is released.")

    eventually(says, what="the reason of a held run")
    (tmp_path / "go").touch()
    for run in runs[1:]:
        assert run.wait_for_completion()["status"] == "Completed"
    assert runs[0].get_status() == "Queued"
    mlj("queue", "--release", runs[0].id)
    assert runs[0].wait_for_completion()["status"] == "Completed"
    times = [run.get_details()["startTimeUtc"] for run in runs]
    assert times[0] == max(times)


def test_a_run_that_waits_no_more_is_refused(
    runs: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "go").touch()
    runs[0].wait_for_completion()
    assert main(["queue", "--hold", runs[0].id, "-w", "lab"]) == 2
    assert "does not wait in the queue: it is Completed" in capsys.readouterr().err
    assert main(["queue", "--move", runs[0].id, "last", "-w", "lab"]) == 2
    assert "does not wait in the queue: it is Completed" in capsys.readouterr().err
    assert main(["queue", "--release", "nobody", "-w", "lab"]) == 3
