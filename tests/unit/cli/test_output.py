"""Every form of output, JMESPath on it, and the defaults of ``mlj configure``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ml_jupyter import Experiment, Workspace
from ml_jupyter.cli.main import main

Mlj = Callable[..., Any]


@pytest.fixture
def tagged(experiment: Experiment) -> list[str]:
    """Three runs as seed 003 tags them; their ids."""
    ids = []
    for number in range(3):
        with experiment.start_logging(outputs=False, snapshot_directory=None) as run:
            if number == 1:
                run.tag("quality", "fantastic run")
                run.tag("worth another look")
                run.add_properties({"author": "azureml-user"})
        ids.append(run.id)
    return ids


@pytest.mark.parametrize(
    "query",
    [
        "[?properties.author=='azureml-user' && tags.quality=='fantastic run']",
        "[?tags.keys(@)[?starts_with(@, 'worth another look')]]",
        "[?properties.author=='azureml-user' && tags.keys(@)[?starts_with(@, 'worth')]]",
    ],
)
def test_the_queries_of_the_documents(mlj: Mlj, tagged: list[str], query: str) -> None:
    assert [run["run_id"] for run in mlj("run", "list", "--query", query)] == [tagged[1]]
    assert [run["run_id"] for run in mlj("run", "list", query)] == [tagged[1]]


def test_a_bare_id_for_a_shell(
    workspace: Workspace, tagged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "list", "--query", "[0].run_id", "-o", "tsv"]) == 0
    assert capsys.readouterr().out == "\n"  # no run in the default workspace: null is empty
    words = ["run", "list", "-w", "lab", "--query", "[].[run_id, error]", "-o", "tsv"]
    assert main(words) == 0
    assert capsys.readouterr().out == "".join(f"{item}\t\n" for item in reversed(tagged))


@pytest.mark.parametrize("form", ["json", "jsonc", "yaml", "yamlc"])
def test_forms_for_programs(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    assert main(["workspace", "show", "-w", "lab", "-o", form]) == 0
    shown = capsys.readouterr().out
    value = json.loads(shown) if form.startswith("json") else yaml.safe_load(shown)
    assert value["name"] == "lab"


def test_only_errors(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("job.yml").write_text("command: 'true'\nidentity: {type: managed}\n", "utf-8")
    words = ["job", "create", "-f", "job.yml", "--query", "name", "-o", "tsv"]
    assert main(words) == 0
    told = capsys.readouterr().err
    assert "no effect on this machine" in told
    assert "Run: " in told
    assert main([*words, "--only-show-errors"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert len(printed.out.splitlines()) == 1


def test_a_table_has_as_many_digits_as_a_person_reads(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    query = "[{a: `0.123456789`, b: `1234567.5`, c: `12345678`}]"
    assert main(["job", "list", "-o", "table", "--query", query]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == [
        "0.123457",
        "1.23457e+06",
        "12345678",
    ]


def test_none_prints_nothing(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["workspace", "show", "-w", "lab", "-o", "none"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("query", "said"), [("[", "Incomplete expression"), ("keys([0])", "invalid type")]
)
def test_a_bad_query_is_told(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], query: str, said: str
) -> None:
    assert main(["run", "list", "-w", "lab", "--query", query]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""


def test_configured_defaults_are_used(
    experiment: Experiment, capsys: pytest.CaptureFixture[str]
) -> None:
    with experiment.start_logging(outputs=False, snapshot_directory=None) as run:
        pass
    assert main(["configure", "--defaults", "workspace=lab", "group=any", "output=tsv"]) == 0
    capsys.readouterr()
    assert main(["run", "show", "-r", run.id, "--query", "run_id"]) == 0
    assert capsys.readouterr().out == f"{run.id}\n"
    assert main(["configure", "-d", "output=loud"]) == 2
    assert main(["configure", "-d", "colour=red"]) == 2


def test_pasted_lines_work(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["az", "ml", "workspace", "show", "-w", "lab"]) == 0
    assert main(["ml", "workspace", "show", "-w", "lab"]) == 0
    assert main(["az", "login"]) == 0
    assert "No login is needed" in capsys.readouterr().err


def test_a_job_file_is_checked_without_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("job.yml").write_text("command: echo hi\ncompute: local\n", "utf-8")
    assert main(["job", "validate", "-f", "job.yml"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "valid": True,
        "dialect": "v2",
        "type": "command",
        "warnings": [],
    }
    assert (
        main(
            [
                "job",
                "validate",
                "-f",
                "job.yml",
                "--set",
                "compute=null",
                "--set",
                "type=command",
                "--set",
                "command=",
            ]
        )
        == 2
    )
    shown = capsys.readouterr()
    assert json.loads(shown.out)[0]["message"].startswith("there is no command")
    assert shown.err.startswith("job.yml:1:1: error: ")
    assert main(["job", "validate", "-f", "nowhere.yml"]) == 2
    assert "No such file" in capsys.readouterr().err
