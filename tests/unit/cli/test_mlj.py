"""``mlj`` as people and programs call it: output, filters, exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Environment, Experiment, ScriptRunConfig, Workspace
from ml_jupyter.cli.main import main
from ml_jupyter.config import Settings
from ml_jupyter.history import trash

Mlj = Callable[..., Any]


def sleeper(experiment: Experiment) -> Any:
    Path("sleep.py").write_text("import time\nprint('up', flush=True)\ntime.sleep(600)", "utf-8")
    return experiment.submit(ScriptRunConfig(".", "sleep.py"))


def test_runs_are_listed_with_filters(mlj: Mlj, experiment: Experiment) -> None:
    assert mlj("run", "list") == []
    for number in range(3):
        with experiment.start_logging(outputs=False, snapshot_directory=None) as run:
            run.tag("rank", number)
            run.log("loss", number / 10)
            child = run.child_run()
            child.complete()
    found = mlj("run", "list", "--last", "2")
    assert [item["number"] for item in found] == [5, 3]
    assert mlj("run", "list", "--tags", "rank=1")[0]["tags"] == {"rank": "1"}
    assert mlj("run", "list", "--status", "Failed") == []
    assert [i["run_id"] for i in mlj("run", "list", "--parent-run-id", run.id)] == [child.id]
    assert len(mlj("run", "list", "--experiment-name", "digits")) == 3
    good = mlj("run", "list", "--metric", "loss>0", "--metric", "loss<0.15")
    assert [item["tags"]["rank"] for item in good] == ["1"]
    run.add_properties({"param.lr": "1e-3"})
    (slow,) = mlj("run", "list", "--param", "lr<0.01")
    assert slow["run_id"] == run.id


def test_a_run_is_shown_tagged_and_downloaded(mlj: Mlj, experiment: Experiment) -> None:
    run = experiment.start_logging(snapshot_directory=None)
    Path("outputs/model.txt").write_text("model", "utf-8")
    run.complete()
    shown = mlj("run", "show", "-r", run.id)
    assert (shown["status"], shown["experiment_name"], shown["error"]) == (
        "Completed",
        "digits",
        None,
    )
    assert mlj("run", "update", "-r", run.id, "--add-tag", "quality=great")["tags"] == {
        "quality": "great"
    }
    mlj("run", "download", "-r", run.id, "-d", "copied", "--prefix", "outputs")
    assert Path("copied/outputs/model.txt").read_text("utf-8") == "model"


def test_a_job_is_streamed_and_its_end_is_the_exit_status(
    workspace: Workspace, experiment: Experiment, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("train.py").write_text("print('line one')\nraise SystemExit(3)", "utf-8")
    run = experiment.submit(ScriptRunConfig(".", "train.py"))
    assert main(["job", "stream", "-n", run.id, "-w", "lab"]) == 1
    assert "line one" in capsys.readouterr().out
    Path("train.py").write_text("print('fine')", "utf-8")
    run = experiment.submit(ScriptRunConfig(".", "train.py"))
    assert main(["job", "stream", "-n", run.id, "-w", "lab"]) == 0


def test_queue_cancel_and_stop_all(
    mlj: Mlj, experiment: Experiment, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [sleeper(experiment) for _ in range(settings.slot_count + 2)]
    entries = mlj("queue")
    assert {entry["run_id"] for entry in entries} <= {run.id for run in runs}
    assert len(entries) >= 2
    assert mlj("run", "cancel", "-r", runs[0].id)["status"] in ("CancelRequested", "Canceled")
    stopped = {item["run_id"] for item in mlj("stop", "--all")}
    assert stopped | {runs[0].id} == {run.id for run in runs}
    for run in runs:
        assert run.wait_for_completion(raise_on_error=False)["status"] == "Canceled"
    assert mlj("queue") == []


def test_gc_purges_the_trash(mlj: Mlj, experiment: Experiment) -> None:
    run = experiment.start_logging(outputs=False, snapshot_directory=None)
    run.complete()
    trash.delete_run(experiment.workspace._folder, run._folder)
    assert mlj("gc") == {"bytes_freed": 0, "environments": [], "data": []}
    assert mlj("gc", "--days", "0")["bytes_freed"] > 0


def test_gc_removes_environments_that_nobody_used(
    mlj: Mlj, experiment: Experiment, settings: Settings
) -> None:
    environment = Environment("unused")
    environment.build_local(experiment.workspace)
    (used,) = (settings.cache / "environments").glob("*.used")
    long_ago = time.time() - 40 * 86_400
    os.utime(used, (long_ago, long_ago))
    assert mlj("gc", "--environment-days", "50")["environments"] == []
    removed = mlj("gc")
    assert removed["environments"] == ["unused"]
    assert removed["bytes_freed"] > 0
    assert not environment.get_image_details(experiment.workspace).image_exists


def test_workspaces_are_listed_shown_and_merged(mlj: Mlj, experiment: Experiment) -> None:
    other = Workspace.create("other", location=Path("other-place"))
    with Experiment(other, "digits").start_logging(outputs=False, snapshot_directory=None) as run:
        run.log("x", 1)
    assert [item["name"] for item in mlj("workspace", "list")] == ["lab", "other"]
    assert mlj("workspace", "show")["name"] == "lab"
    assert mlj("workspace", "merge", "other-place")["added"] == [run.id]
    assert experiment.workspace.get_run(run.id).get_metrics() == {"x": 1}


def test_without_a_name_the_output_is_json_all_the_same(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["workspace", "show"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["name"] == "default"
    assert "default workspace" in shown.err


def test_a_table_for_people(experiment: Experiment, capsys: pytest.CaptureFixture[str]) -> None:
    with experiment.start_logging(
        outputs=False, snapshot_directory=None, display_name="two\nlines"
    ):
        pass
    assert main(["run", "list", "-w", "lab", "-o", "table"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert "two lines" in lines[1]


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["run", "show", "-r", "nothing", "-w", "lab"], 3, "There is no run 'nothing'"),
        (["run", "list", "--metric", "loss", "-w", "lab"], 2, "'loss' is no condition on a metric"),
        (["run", "list", "--param", "lr<x", "-w", "lab"], 2, "'lr<x' is no condition on a param"),
        (["run", "list", "-w", "nowhere"], 3, "There is no workspace 'nowhere'"),
        (["run", "list", "--experiment-name", "x", "-w", "lab"], 2, "There is no experiment 'x'"),
        (["run", "show"], 2, "Missing option"),
        (["stop"], 2, "--all"),
        (["fly"], 2, "There is no command 'fly'"),
        (["ques"], 2, "Did you mean 'queue'?"),
    ],
)
def test_errors_are_one_line_and_a_status(
    workspace: Workspace,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    message: str,
) -> None:
    assert main(words) == status
    shown = capsys.readouterr().err
    assert message in shown
    assert "Traceback" not in shown


def test_the_version_comes_fast_and_without_a_library() -> None:
    program = (
        "import sys; from ml_jupyter.cli.main import main; main(['--version'])\n"
        "assert not {'click', 'sqlite3', 'tornado'} & set(sys.modules)"
    )
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("mlj ")
    assert time.monotonic() - begin < 5


def test_what_was_not_foreseen_is_one_line_without_debug(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("no such luck")

    monkeypatch.setattr(Workspace, "get_runs", broken)
    assert main(["job", "list", "-w", "lab"]) == 1
    said = capsys.readouterr().err
    assert "mlj: error: ZeroDivisionError: no such luck" in said
    assert "Traceback" not in said
    for words in (["--debug", "job", "list"], ["job", "list", "--debug"]):
        assert main([*words, "-w", "lab"]) == 1
        assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_before_there_is_a_command(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("ml_jupyter.cli.main._be_printable", interrupted)
    assert main(["job", "list"]) == 130
    assert capsys.readouterr().err == "Interrupted.\n"
