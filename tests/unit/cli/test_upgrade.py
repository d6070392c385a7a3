"""``mlj workspace upgrade``: the format version, when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Experiment, Workspace
from ml_jupyter.cli.main import main
from ml_jupyter.history import records

Mlj = Callable[..., Any]


def record(workspace: Workspace) -> Path:
    return Path(workspace.get_details()["folder"]) / "workspace.json"


def test_a_current_workspace_stays_as_it_is(mlj: Mlj, workspace: Workspace) -> None:
    before = record(workspace).read_bytes()
    made = mlj("workspace", "upgrade")
    assert [(item["name"], item["changed"]) for item in made] == [("lab", False)]
    assert record(workspace).read_bytes() == before


def test_an_older_minor_version_is_raised_and_nothing_else(
    mlj: Mlj, workspace: Workspace, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with experiment.start_logging(outputs=False, snapshot_directory=None) as run:
        run.log("loss", 0.5)
    before = json.loads(record(workspace).read_text("utf-8"))
    monkeypatch.setattr(records, "FORMAT_MINOR", 7)
    made = mlj("workspace", "upgrade", "--all")
    assert [(item["before"], item["after"]) for item in made] == [("1.0", "1.7")]
    after = json.loads(record(workspace).read_text("utf-8"))
    assert after == {**before, "format": "1.7"}
    monkeypatch.undo()
    assert mlj("workspace", "upgrade")[0]["changed"] is False  # never lowered
    assert mlj("run", "show", "-r", run.id)["status"] == "Completed"


@pytest.mark.parametrize(
    ("version", "words"), [("0.9", "no way to 1."), ("9.0", "reads up to 1.x")]
)
def test_other_major_versions_are_refused(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], version: str, words: str
) -> None:
    value = json.loads(record(workspace).read_text("utf-8"))
    record(workspace).write_text(json.dumps({**value, "format": version}), "utf-8")
    assert main(["workspace", "upgrade", "-w", "lab"]) == 1
    assert words in capsys.readouterr().err
