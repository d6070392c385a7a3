"""``mlj model …`` and ``mlj service …``: from a terminal, with a real service behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Experiment, Workspace
from ml_jupyter.cli.main import main

Mlj = Callable[..., Any]


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "net.pt"
    path.write_text("weights")
    return path


def test_models_are_registered_changed_fetched_and_deleted(
    mlj: Mlj, workspace: Workspace, weights: Path, tmp_path: Path
) -> None:
    made = mlj("model", "create", "-n", "net", "-p", str(weights), "--framework", "PyTorch",
               "--tag", "area=birds", "--tag", "best", "--cpu", "2", "--memory", "4")  # fmt: skip
    assert (made["id"], made["tags"]) == ("net:1", {"area": "birds", "best": None})
    assert made["resourceConfiguration"]["memoryInGB"] == 4
    shown = mlj("model", "show", "-n", "net", "--label", "latest")
    assert shown["files"] == [{"path": "net.pt", "size": 7}]
    changed = mlj("model", "update", "-n", "net", "--add-tag", "new=1", "--remove-tag", "best",
                  "--description", "a net")  # fmt: skip
    assert (changed["tags"], changed["description"]) == ({"area": "birds", "new": "1"}, "a net")
    got = mlj("model", "download", "-n", "net", "-p", str(tmp_path / "got"))
    assert Path(got["path"]).read_text() == "weights"
    assert len(mlj("model", "list", "--tag", "area=birds")) == 1
    assert mlj("model", "list", "--tag", "area=fish") == []
    assert mlj("model", "delete", "-n", "net", "-v", "1", "-y") == {"name": "net", "version": 1}
    assert mlj("model", "list") == []


def test_a_file_names_files_of_a_run(mlj: Mlj, workspace: Workspace, weights: Path) -> None:
    with Experiment(workspace, "train").start_logging() as run:
        run.upload_file("outputs/net.pt", weights)
    for path in (
        f"runs:/{run.id}/outputs/net.pt",
        f"azureml://jobs/{run.id}/outputs/artifacts/paths/outputs/net.pt",
    ):
        file = weights.with_name("model.yml")
        file.write_text(
            f"name: net\nversion: 1\ntype: custom_model\npath: {path}\ntags: {{a: b}}\n"
        )
        made = mlj("model", "create", "-f", str(file))
        assert (made["runId"], made["properties"]) == (run.id, {"type": "custom_model"})
    assert len(mlj("model", "list", "-r", run.id)) == 2


def test_a_path_in_a_file_is_relative_to_it(mlj: Mlj, weights: Path) -> None:
    weights.with_name("model.yml").write_text("name: net\npath: net.pt\n")
    assert mlj("model", "create", "-f", str(weights.with_name("model.yml")))["sizeInBytes"] == 7


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["model", "show", "-n", "absent"], 3, "ModelNotFound"),
        (["model", "create", "-n", "net"], 2, "--path"),
        (["model", "create", "-n", "net", "-p", "absent.pt"], 1, "no file or folder"),
        (["service", "show", "-n", "absent"], 1, "WebserviceNotFound"),
    ],
)
def test_what_is_wrong_is_said(
    workspace: Workspace, capsys: Any, words: list[str], status: int, said: str
) -> None:
    assert main([*words, "-w", workspace.name]) == status
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_a_service_is_deployed_called_and_deleted(
    mlj: Mlj, workspace: Workspace, weights: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(weights.parent)
    Path("score.py").write_text("import json\ndef run(data):\n    return json.loads(data) * 2\n")
    mlj("model", "create", "-n", "net", "-p", "net.pt")
    made = mlj("service", "deploy", "-n", "twice", "-m", "net", "--entry-script", "score.py")
    assert (made["state"], made["models"]) == ("Healthy", ["net:1"])
    assert mlj("service", "run", "-n", "twice", "-d", "21") == 42
    assert [item["name"] for item in mlj("service", "list")] == ["twice"]
    assert len(mlj("service", "keys", "-n", "twice")["primary"]) > 20
    assert main(["service", "logs", "-n", "twice", "-w", workspace.name]) == 0
    assert "The model answers" in capsys.readouterr().out
    assert mlj("service", "restart", "-n", "twice")["scoringUri"] == made["scoringUri"]
    assert mlj("service", "delete", "-n", "twice", "-y") == {"name": "twice"}
    assert mlj("service", "list") == []
