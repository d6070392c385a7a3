"""``mlj experiment …``: lists, shows, tags, archives and deletes experiments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ml_jupyter import Experiment, Workspace
from ml_jupyter.cli.main import main

Mlj = Callable[..., Any]


@pytest.fixture
def digits(workspace: Workspace) -> Experiment:
    """An experiment with one completed and one failed run."""
    made = Experiment(workspace, "digits")
    for loss in (0.5, 0.25):
        with made.start_logging(outputs=False, snapshot_directory=None) as run:
            run.log("loss", loss)
    made.start_logging(outputs=False, snapshot_directory=None).fail("no data")
    return made


def test_experiments_are_listed_and_shown_with_their_runs(mlj: Mlj, digits: Experiment) -> None:
    Experiment(digits.workspace, "empty")
    assert [item["name"] for item in mlj("experiment", "list")] == ["empty", "digits"]
    shown = mlj("experiment", "show", "-n", "digits")
    assert (shown["id"], shown["run_count"], shown["active_count"]) == (digits.id, 3, 0)
    assert shown["states"] == {"Completed": 2, "Failed": 1}
    assert shown["created_utc"] < shown["last_run_utc"]
    assert shown["last_run_utc"].endswith("Z")


def test_an_experiment_is_tagged_and_described(mlj: Mlj, digits: Experiment) -> None:
    mlj("experiment", "update", "-n", "digits", "--add-tag", "area=birds", "--add-tag", "old")
    changed = mlj("experiment", "update", "-n", "digits", "--remove-tag", "old",
                  "--description", "which digit it is")  # fmt: skip
    assert changed["tags"] == {"area": "birds"}
    assert changed["description"] == "which digit it is"


def test_an_archived_experiment_comes_back_when_restored(mlj: Mlj, digits: Experiment) -> None:
    assert mlj("experiment", "archive", "-n", "digits")["archived"]
    assert mlj("experiment", "list") == []
    assert len(mlj("experiment", "list", "--include-archived")) == 1
    assert not mlj("experiment", "restore", "-n", "digits")["archived"]
    assert len(mlj("experiment", "list")) == 1


def test_only_an_experiment_without_runs_is_deleted(
    mlj: Mlj, digits: Experiment, capsys: pytest.CaptureFixture[str]
) -> None:
    Experiment(digits.workspace, "empty")
    assert mlj("experiment", "delete", "-n", "empty")["name"] == "empty"
    assert main(["experiment", "delete", "-n", "digits", "-w", "lab"]) == 2
    assert "has runs" in capsys.readouterr().err
    assert main(["experiment", "show", "-n", "empty", "-w", "lab"]) == 3
    assert "no experiment 'empty'" in capsys.readouterr().err
