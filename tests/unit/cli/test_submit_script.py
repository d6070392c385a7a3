"""The lines of the Azure ML CLI v1 that its documents show, as they are typed there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import RunConfiguration, Workspace
from ml_jupyter.cli.main import main

Mlj = Callable[..., Any]
TRAIN = (
    "import sys\nfrom ml_jupyter import Run\nprint(sys.argv[1:])\nRun.get_context().log('a', 1)\n"
)


@pytest.fixture
def attached(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["ml", "folder", "attach", "-w", "lab", "-g", "myresourcegroup"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["written"] == [
        "conda_dependencies.yml",
        "config.json",
        "docker.runconfig",
        "local.runconfig",
        "sklearn.runconfig",
    ]
    Path("train.py").write_text(TRAIN, "utf-8")
    return Path(".azureml")


def test_attached_configurations_are_good_and_stay(
    attached: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("local", "sklearn", "docker"):
        assert main(["runconfig", "validate", f".azureml/{name}.runconfig"]) == 0
    assert RunConfiguration.load(attached / "docker.runconfig").docker.use_docker
    (attached / "local.runconfig").write_text("script: mine.py\n", "utf-8")
    capsys.readouterr()
    assert main(["folder", "attach", "--query", "written"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert (attached / "local.runconfig").read_text("utf-8") == "script: mine.py\n"


def test_a_script_is_submitted_followed_and_found(
    attached: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["run", "submit-script", "-c", "local", "-e", "testexperiment", "train.py", "--lr", "1"]
    assert main(words) == 0
    shown = capsys.readouterr()
    run = json.loads(shown.out)
    assert run["experiment_name"] == "testexperiment"
    assert "['--lr', '1']" in shown.err
    assert main(["run", "list", "--experiment-name", "testexperiment"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["run_id"], listed["status"]) == (run["run_id"], "Completed")
    one = ["-r", run["run_id"], "-w", "lab", "-e", "testexperiment"]
    assert main(["run", "update", *one, "--add-tag", "quality='fantastic run'"]) == 0
    assert main(["run", "cancel", *one]) == 0
    assert main(["run", "show", "-r", run["run_id"], "-e", "other"]) == 3


def test_what_follows_a_script_is_the_scripts(
    attached: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["run", "submit-script", "-c", "local", "train.py", "--set", "lr=1", "momentum=2"]
    for flags in ([], ["--debug"], ["ml"]):
        assert main([*flags, *words]) == 0
        assert "['--set', 'lr=1', 'momentum=2']" in capsys.readouterr().err


def test_a_failing_script_is_exit_status_1(
    attached: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("train.py").write_text("raise SystemExit(3)\n", "utf-8")
    assert main(["run", "submit-script", "-c", "local", "train.py"]) == 1
    assert json.loads(capsys.readouterr().out)["status"] == "Failed"


def test_in_the_background_with_a_file(attached: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", "submit-script", "-c", "local", "--async", "-t", "run.json", "train.py"]
    assert main(words) == 0
    assert json.loads(Path("run.json").read_text("utf-8"))["run_id"] == json.loads(
        capsys.readouterr().out
    )["run_id"]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["run", "submit-script", "-c", "nothing", "train.py"], 2, "There are: docker, local"),
        (["run", "submit-script", "-c", "local"], 2, "Say which script"),
        (["run", "submit-script", "-c", "local", "none.py"], 2, "'none.py'"),
        (["run", "submit-script", "--ct", "moon", "train.py"], 3, "moon"),
        (["folder", "attach", "-w", "nowhere"], 3, "--create"),
        (["runconfig", "validate", "none.runconfig"], 2, "No such file"),
    ],
)
def test_what_is_wrong_is_told(
    attached: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    said: str,
) -> None:
    assert main(words) == status
    assert said in capsys.readouterr().err


def test_a_workspace_is_made_on_request(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["folder", "attach", "-w", "fresh", "--create", "-p", "project"]) == 0
    config = json.loads(Path("project/.azureml/config.json").read_text("utf-8"))
    assert config["workspace_name"] == "fresh"
