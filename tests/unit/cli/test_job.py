"""Job files from the shell, with real jobs: create, follow, look, change, download."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Dataset, Run, Workspace
from ml_jupyter.cli.main import main

Mlj = Callable[..., Any]
TRAIN = """
import argparse, os
from ml_jupyter import Run
parser = argparse.ArgumentParser()
for name in ("--csv", "--lr", "--out", "--extra"):
    parser.add_argument(name)
given = parser.parse_args()
print(len(open(given.csv).read().splitlines()), "lines")
assert os.environ["AZURE_ML_INPUT_table"] == given.csv
assert os.environ["COLOUR"] == "true"
try:
    open(given.csv, "r+").close()
    writable = os.geteuid() != 0
except PermissionError:
    writable = False
assert not writable
if given.out:
    open(os.path.join(given.out, "model.txt"), "w").write("model")
Run.get_context().log("loss", float(given.lr))
"""
OLD = """
    code: {local_path: src}
    command: python train.py --csv {inputs.table} --lr 0.5
    inputs:
      table:
        data: {local_path: table.csv}
        mode: mount
    compute: {target: "azureml:cpu-cluster"}
    environment_variables: {COLOUR: true}
    experiment_name: iris
    tags: {dialect: preview}
"""
NEW = """
    type: command
    code: src
    command: >-
      python train.py --csv ${{inputs.table}} --lr ${{inputs.lr}} --out ${{outputs.model}}
      $[[--extra ${{inputs.extra}}]]
    inputs:
      table: {type: uri_file, path: table.csv}
      lr: 0.25
      extra: {type: string, optional: true}
    outputs:
      model:
    environment_variables: {COLOUR: true}
    compute: local
    display_name: the new one
    description: of today
"""
SWEEP = """
    type: sweep
    trial:
      code: src
      command: python train.py --csv ${{inputs.table}} --lr ${{search_space.lr}}
      environment_variables: {COLOUR: true}
    inputs:
      table: {type: uri_file, path: table.csv}
    sampling_algorithm: grid
    search_space:
      lr: {type: choice, values: [0.1, 0.2]}
    objective: {primary_metric: loss, goal: minimize}
    limits: {max_concurrent_trials: 2}
    experiment_name: search
"""


@pytest.fixture
def project(workspace: Workspace) -> Path:
    """The current folder with sources, data and three job files; ``lab`` is its workspace."""
    Path("src").mkdir()
    Path("src/train.py").write_text(TRAIN, "utf-8")
    Path("table.csv").write_text("a,b\n1,2\n3,4\n", "utf-8")
    for name, text in (("old", OLD), ("new", NEW), ("sweep", SWEEP)):
        Path(f"{name}.yml").write_text(textwrap.dedent(text), "utf-8")
    workspace.write_config()
    return Path.cwd()


def test_a_file_of_2021_runs_with_its_target_changed(
    project: Path, mlj: Mlj, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["job", "create", "-f", "old.yml"]) == 3
    assert "cpu-cluster" in capsys.readouterr().err
    job = mlj("job", "create", "-f", "old.yml", "--set", "compute.target=local", "--stream")
    assert (job["status"], job["experiment_name"], job["type"]) == ("Completed", "iris", "command")
    assert job["tags"] == {"dialect": "preview"}
    assert mlj("job", "show", "-n", job["name"])["inputs"]["table"]["file"] == "table.csv"
    assert [item["name"] for item in mlj("job", "list", "--tag", "dialect=preview")] == [
        job["name"]
    ]


def test_a_file_of_today_runs_and_its_results_are_downloaded(project: Path, mlj: Mlj) -> None:
    job = mlj("job", "create", "-f", "new.yml", "-n", "my-job", "--stream", "-a", "saved.yml")
    assert (job["name"], job["status"], job["description"]) == ("my-job", "Completed", "of today")
    assert "my-job" in Path("saved.yml").read_text("utf-8")
    mlj("job", "download", "-n", "my-job", "-p", "results")
    assert Path("results/my-job/outputs/model/model.txt").read_text("utf-8") == "model"
    assert "3 lines" in Path("results/my-job/user_logs/std_log.txt").read_text("utf-8")
    only = mlj("job", "download", "-n", "my-job", "--output-name", "model", "-p", "only")
    assert [Path(item["file"]).name for item in only] == ["model.txt"]


def test_data_is_as_it_was_at_submission(project: Path, mlj: Mlj) -> None:
    words = ("--set", "command=sleep 0.5 && cat ${{inputs.table}}", "--set", "outputs=null")
    job = mlj("job", "create", "-f", "new.yml", *words)
    Path("table.csv").write_text("changed", "utf-8")
    assert main(["job", "stream", "-n", job["name"]]) == 0
    mlj("job", "download", "-n", job["name"], "-p", "results")
    log = Path("results", job["name"], "user_logs/std_log.txt").read_text("utf-8")
    assert "1,2" in log
    assert "changed" not in log


def test_a_sweep_of_a_file(project: Path, mlj: Mlj, capsys: pytest.CaptureFixture[str]) -> None:
    job = mlj("job", "create", "-f", "sweep.yml", "--stream")
    assert (job["type"], job["status"]) == ("sweep", "Completed")
    assert job["trials"]["best"]["parameters"] == {"lr": 0.1}
    trials = mlj("job", "list", "-p", job["name"])
    assert {item["name"] for item in trials} == {f"{job['name']}_0", f"{job['name']}_1"}
    ranked = mlj("job", "trials", "-n", job["name"])
    assert [(row["best_loss"], row["lr"], row["status"]) for row in ranked] == [
        (0.1, 0.1, "Completed"),
        (0.2, 0.2, "Completed"),
    ]
    assert mlj("job", "trials", "-n", job["name"], "--top", "1") == ranked[:1]
    assert mlj("job", "trials", "-n", job["name"], "--importance") == []
    assert main(["job", "trials", "-n", job["name"], "-o", "table"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["trial", "status", "best", "loss", "lr", "duration", "s", "name"]
    assert len(lines) == 2
    assert main(["job", "trials", "-n", ranked[0]["name"]]) != 0
    assert "is no sweep" in capsys.readouterr().err


def test_registered_data_by_name(project: Path, mlj: Mlj, workspace: Workspace) -> None:
    Dataset.File.from_files("table.csv").register(workspace, "iris")
    for name in ("azureml:iris:1", "azureml:iris@latest"):
        words = ("--set", f"inputs.table.path={name}", "--set", "inputs.table.mode=download")
        job = mlj("job", "create", "-f", "new.yml", "--stream", *words)
        assert job["status"] == "Completed"
        assert job["inputs"]["table"]["dataset"] == "iris:1"


def test_results_become_data_and_data_becomes_an_input(
    project: Path, mlj: Mlj, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("make.yml").write_text(
        textwrap.dedent("""
            command: >-
              echo features > ${{outputs.table}}/a.csv; echo one > ${{outputs.one}};
              echo kept > ${{outputs.kept}}/k.txt; echo best > ${{outputs.best}}/b.txt
            outputs:
              table: {name: features}
              one: {type: uri_file, name: single}
              kept: {path: "azureml://datastores/workspaceblobstore/paths/made/${{name}}"}
              best:
            name: maker
        """),
        "utf-8",
    )
    job = mlj("job", "create", "-f", "make.yml", "--stream")
    assert job["status"] == "Completed"
    assert {item["name"] for item in mlj("data", "list")} == {"features", "single"}
    for output, said in (("table", "mlj data download -n features"), ("kept", "made/maker")):
        assert main(["job", "download", "-n", "maker", "--output-name", output]) == 2
        assert said in capsys.readouterr().err
    Path("use.yml").write_text("command: cat ${{inputs.x}}\ninputs: {x: {path: here}}\n", "utf-8")
    for number, (address, text) in enumerate(
        (
            ("azureml:features:1", "features"),
            ("azureml:single@latest", "one"),
            ("azureml://datastores/workspaceblobstore/paths/made/maker/k.txt", "kept"),
            ("azureml://jobs/maker/outputs/best/paths/b.txt", "best"),
            ("azureml://jobs/maker/outputs/table/paths/a.csv", "features"),
            ("azureml://jobs/maker/outputs/artifacts/paths/outputs/best/b.txt", "best"),
            ("runs:/maker/outputs/best/b.txt", "best"),
        )
    ):
        words = ("--set", f"inputs.x.path={address}", f"name=user-{number}")
        assert mlj("job", "create", "-f", "use.yml", *words, "--stream")["status"] == "Completed"
        log = Run.get(Workspace.from_config(), f"user-{number}").get_all_logs()
        assert text in "".join(Path(item).read_text("utf-8") for item in log)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("inputs.table.path=azureml://jobs/nobody/outputs/x", "no run 'nobody'"),
        ("inputs.table.path=runs:/nobody/x", "no run 'nobody'"),
        ("inputs.table.path=azureml://registries/r/data/d/versions/1", "cannot be reached"),
        ("inputs.table.path=azureml://datastores/none/paths/x", "datastore"),
        ("outputs.model.path=somewhere/else", "is no place for results"),
    ],
)
def test_places_that_are_not_there(
    project: Path, capsys: pytest.CaptureFixture[str], setting: str, said: str
) -> None:
    assert main(["job", "create", "-f", "new.yml", "--set", setting]) == 2
    assert said in capsys.readouterr().err


def test_a_job_is_changed_canceled_hidden_and_shown(
    project: Path, mlj: Mlj, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("long.yml").write_text("command: sleep 600\nexperiment_name: x\n", "utf-8")
    name = mlj("job", "create", "-f", "long.yml")["name"]
    changed = mlj("job", "update", "-n", name, "--set", "tags.a=b", "display_name=nap")
    assert (changed["tags"], changed["display_name"]) == ({"a": "b"}, "nap")
    words = ("--set=tags.c=1", "tags.c=2", "-n", name, "--set", "tags.a=d", "--set", "tags.a=e")
    assert mlj("job", "update", *words)["tags"] == {"a": "e", "c": "2"}
    assert main(["job", "update", "-n", name, "--set", "status=Completed"]) == 2
    for _ in range(2):
        assert main(["job", "cancel", "-n", name]) == 0
    assert main(["job", "stream", "-n", name]) == 1
    assert main(["job", "archive", "-n", name]) == 0
    capsys.readouterr()
    assert mlj("job", "list") == []
    assert [item["name"] for item in mlj("job", "list", "--archived-only")] == [name]
    assert main(["job", "restore", "-n", name]) == 0
    assert [item["name"] for item in mlj("job", "list")] == [name]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--set", "inputs.table.path=azureml:iris:1"], 2, "There is no dataset 'iris, version 1'"),
        (["--set", "environment=azureml:none:1"], 2, "none"),
        (["--set", "inputs.table.path=none.csv"], 2, "there is no file or folder"),
        (["--set", "code=git+https://example.invalid/x"], 2, "cannot be fetched"),
        (["--set", "distribution.type=mpi", "--set", "resources.instance_count=0"], 2, "0 is out"),
    ],
)
def test_what_is_refused_leaves_no_run(
    project: Path,
    mlj: Mlj,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    said: str,
) -> None:
    assert main(["job", "create", "-f", "new.yml", *words]) == status
    assert said in capsys.readouterr().err
    assert mlj("job", "list") == []


def test_a_failing_job_is_exit_status_1(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.yml").write_text("command: exit 4\nexperiment_name: x\n", "utf-8")
    assert main(["job", "create", "-f", "bad.yml", "--stream"]) == 1
    assert json.loads(capsys.readouterr().out)["status"] == "Failed"
