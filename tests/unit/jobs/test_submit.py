"""Submitting, waiting, cancelling and repeating, with the real dispatcher."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from ml_jupyter.exceptions import (
    NameTaken,
    RunConfigurationException,
    SnapshotException,
    UserErrorException,
)
from ml_jupyter.history import records, status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.trash import delete_run
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import registry
from ml_jupyter.jobs.election import ensure_dispatcher
from ml_jupyter.jobs.queue_view import slot_use
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import cancel, queue_entries, rerun, settle_if_lost, submit
from ml_jupyter.testing.isolation import eventually, job_processes
from tests.jobs_lab import JobLab

WAITS = "import os, time\nprint('up')\nwhile not os.path.exists({!r}): time.sleep(0.01)\n"
SHOWS = """
import json, os, shutil, sys
print(json.dumps({
    "argv": sys.argv[1:], "tty": [sys.stdout.isatty(), sys.stderr.isatty()],
    "stdin": sys.stdin.read(), "columns": shutil.get_terminal_size().columns,
    "cwd": os.listdir(), "environ": dict(os.environ), "python": sys.executable,
}))
"""


def test_states_and_files_of_a_good_run(lab: JobLab) -> None:
    run = lab.submit("open('outputs/m.txt', 'w').write('x')\nprint('hello')\n")
    assert lab.ends(run) == status.COMPLETED
    assert [item[1] for item in run.state().history] == [
        "Queued", "Preparing", "Starting", "Running", "Finalizing", "Completed",
    ]  # fmt: skip
    files = run.layout.files
    assert (files / "outputs/m.txt").read_text() == "x"
    assert (files / "user_logs/std_log.txt").read_bytes() == b"hello\n"
    assert not (files / "outputs").is_symlink()
    assert run.state().exit_code == 0
    assert sorted(item.name for item in run.layout.path.iterdir()) == [
        "events", "files", "lock", "log.times", "run.json", "system",
    ]  # fmt: skip
    assert queue_entries(lab.workspace, lab.settings) == []
    eventually(lambda: not list(lab.workspace.layout.queue.iterdir()), what="an empty queue")


def test_what_the_job_sees(lab: JobLab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREETING", "good morning")
    of_the_server = ("JPY_API_TOKEN", "JUPYTER_TOKEN", "JUPYTERHUB_API_TOKEN", "KG_AUTH_TOKEN")
    for name in of_the_server:
        monkeypatch.setenv(name, "not for jobs")
    monkeypatch.setenv("JUPYTER_TOKENIZER", "for jobs")
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    run = lab.submit(
        SHOWS, arguments=("$GREETING", "${AZUREML_RUN_ID}", "$NOBODY", "a b; *", "é"),
        variables={"COLOUR": "blue"}, terminal_width=77,
    )  # fmt: skip
    assert lab.ends(run) == status.COMPLETED, lab.log(run)
    seen = json.loads(lab.log(run))
    assert seen["argv"] == ["good morning", run.id, "$NOBODY", "a b; *", "é"]
    assert seen["tty"] == [True, True]
    assert (seen["stdin"], seen["columns"], seen["python"]) == ("", 77, sys.executable)
    assert sorted(seen["cwd"]) == ["job.py", "logs", "outputs"]
    environ = seen["environ"]
    assert environ["COLOUR"] == "blue"
    assert environ["AZUREML_ARM_PROJECT_NAME"] == "digits"
    assert environ["AZUREML_ARM_WORKSPACE_NAME"] == "lab"
    assert environ["ML_JUPYTER_WORKSPACE"] == str(lab.workspace.layout.root)
    assert environ["ML_JUPYTER_EXPERIMENT_ID"] == lab.experiment.id
    assert environ["ML_JUPYTER_RUNTIME"] == str(lab.settings.runtime)
    assert environ["JUPYTER_TOKENIZER"] == "for jobs"
    assert not set(of_the_server) & set(environ)
    assert "MPLBACKEND" not in environ


def test_core_is_on_the_path_of_another_python(lab: JobLab, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    os.symlink(sys.executable, bare)  # outside its environment it knows no installed package
    run = lab.submit("import ml_jupyter.history.workspace as w\nprint(w.__file__)\n",
                     interpreter=str(bare))  # fmt: skip
    assert lab.ends(run) == status.COMPLETED, lab.log(run)
    assert b"python/" in lab.log(run)
    folder = Path(os.fsdecode(lab.log(run).strip())).parents[2]
    assert {item.name for item in folder.iterdir()} <= {
        "ml_jupyter",
        "ml_jupyter_mlflow-1.dist-info",  # by which MLflow in the job finds the plugin
    }


def test_failure_keeps_the_traceback(lab: JobLab) -> None:
    run = lab.submit("print('before')\nraise ValueError('bad lr')\n")
    assert lab.ends(run) == status.FAILED
    error = run.state().error or {}
    assert (error["code"], error["message"]) == ("ScriptFailed", "ValueError: bad lr")
    assert error["traceback"].startswith("Traceback (most recent call last)")
    assert (run.state().reason, run.state().exit_code) == ("ValueError: bad lr.", 1)


def test_shell_command_and_exit_code(lab: JobLab) -> None:
    run = lab.shell("echo one | cat; python -c 'import sys; print(sys.executable)'; exit 3")
    assert lab.ends(run) == status.FAILED
    assert lab.log(run).decode().splitlines()[0] == "one"
    assert run.state().reason == "The command ended with exit code 3."


def test_program_that_is_not_there(lab: JobLab) -> None:
    run = lab.submit("print(1)\n", interpreter="/nowhere/python")
    assert lab.ends(run) == status.FAILED
    assert "/nowhere/python" in (run.state().reason or "")


def test_later_edits_do_not_reach_the_run(lab: JobLab, tmp_path: Path) -> None:
    go = tmp_path / "go"
    holders = [lab.submit(WAITS.format(str(go)), name=f"w{at}.py") for at in range(2)]
    run = lab.submit("print('as submitted')\n")
    (lab.source / "job.py").write_text("print('edited')\n")
    go.touch()
    assert [lab.ends(item) for item in [*holders, run]] == [status.COMPLETED] * 3
    assert lab.log(run) == b"as submitted\n"


def test_waiting_runs_say_why_and_can_be_cancelled(lab: JobLab, tmp_path: Path) -> None:
    go = tmp_path / "go"
    text = WAITS.format(str(go))
    holders = [lab.submit(text, display_name=name) for name in ("digits-sgd", "parent")]
    for run in holders:
        lab.prints(run, b"up")
    first, second = lab.submit(text), lab.submit(text)
    expected = "Waiting for 1 CPU slot. 2 of 2 are in use by digits-sgd and parent."
    eventually(lambda: first.state().reason == expected, what="a reason")
    entries = queue_entries(lab.workspace, lab.settings)
    assert [(item.run_id, item.position) for item in entries] == [(first.id, 1), (second.id, 2)]
    assert slot_use(lab.settings) == (2, 0)
    assert cancel(first, lab.settings)
    assert first.state().status == status.CANCELED
    assert not cancel(first, lab.settings)
    assert not first.layout.launch.exists()
    go.touch()
    assert lab.ends(second) == status.COMPLETED
    assert lab.log(first) == b""


def test_cancel_of_a_running_job(lab: JobLab) -> None:
    run = lab.submit(
        "import time\nopen('outputs/a', 'w').write('1')\nprint('up')\ntime.sleep(600)\n"
    )
    lab.prints(run, b"up")
    assert cancel(run, lab.settings)
    assert lab.ends(run, timeout_s=3) == status.CANCELED
    assert run.state().reason == "Canceled by the user."
    assert (run.layout.files / "outputs/a").read_text() == "1"
    lab.vanishes(run)


def test_job_marked_failed_is_stopped(lab: JobLab) -> None:
    run = lab.submit("import time\nprint('up')\ntime.sleep(600)\n")
    lab.prints(run, b"up")
    run.set_status(status.FAILED, reason="Marked by hand.")
    lab.vanishes(run)
    eventually(lambda: not run.layout.work.exists(), what="the end of the working folder")
    assert run.state().reason == "Marked by hand."


def test_a_parent_that_waits_for_its_children_has_a_slot_for_them(lab: JobLab) -> None:
    lab.settings = lab.settings.with_(slots=1)
    os.environ["ML_JUPYTER_SLOTS"] = "1"
    text = (
        "import os, time\nfrom pathlib import Path\n"
        "from ml_jupyter.config import Settings\n"
        "from ml_jupyter.history.workspace import WorkspaceFolder\n"
        "from ml_jupyter.jobs.spec import LaunchSpec\n"
        "from ml_jupyter.jobs.submit import submit\n"
        "s = Settings.load()\n"
        "ws = WorkspaceFolder(Path(os.environ['ML_JUPYTER_WORKSPACE']))\n"
        "me = ws.run(os.environ['ML_JUPYTER_RUN_ID'])\n"
        "e = ws.experiment(me.record.experiment_id)\n"
        "spec = LaunchSpec.of(s, command='echo child')\n"
        "cs = [submit(ws, s, e, spec, source=None, definition={}, parent=me.record)\n"
        "      for _ in range(3)]\n"
        "while not all(c.state().status == 'Completed' for c in cs): time.sleep(0.01)\n"
        "print(*(c.id for c in cs))\n"
    )
    run = lab.submit(text)
    assert lab.ends(run) == status.COMPLETED, lab.log(run)
    children = lab.log(run).decode().split()
    assert run.state().children == children
    records = [lab.workspace.run(item).record for item in children]
    assert {item.parent_id for item in records} == {run.id}
    assert {item.root_id for item in records} == {run.id}


def test_rerun_has_the_same_snapshot_and_arguments(lab: JobLab) -> None:
    run = lab.submit("import sys\nprint(sys.argv[1])\n", arguments=("7",), display_name="seven")
    lab.ends(run)
    shutil.rmtree(lab.source)
    again = rerun(lab.workspace, lab.settings, run)
    assert lab.ends(again) == status.COMPLETED
    assert lab.log(again) == b"7\n"
    assert again.record.snapshot_id == run.record.snapshot_id
    assert again.state().display_name == "seven"
    assert again.id != run.id


def test_rerun_of_what_never_fits_here_is_refused(lab: JobLab) -> None:
    run = lab.submit("pass\n", slots=2)
    lab.ends(run)
    smaller = lab.settings.with_(slots=1)
    with pytest.raises(RunConfigurationException, match="slots is 2, and this machine has 1"):
        rerun(lab.workspace, smaller, run)
    assert len(list(lab.workspace.run_folders())) == 1


def test_rerun_stands_below_the_same_parent_while_there_is_one(lab: JobLab) -> None:
    parent = lab.submit("pass\n")
    child = lab.submit("pass\n", parent=parent.record)
    grandchild = lab.submit("pass\n", parent=child.record)
    for run in (parent, child, grandchild):
        lab.ends(run)
    again = rerun(lab.workspace, lab.settings, grandchild)
    assert (again.record.parent_id, again.record.root_id) == (child.id, parent.id)
    assert child.state().children == [grandchild.id, again.id]
    assert lab.ends(again) == status.COMPLETED
    delete_run(lab.workspace, child)
    alone = rerun(lab.workspace, lab.settings, again)
    assert (alone.record.parent_id, alone.record.root_id) == (None, None)
    assert lab.ends(alone) == status.COMPLETED


def test_secrets_are_not_stored(lab: JobLab) -> None:
    secret = "hunter2-very-secret"
    run = lab.submit(
        "import os, sys\nprint(len(sys.argv[2]), len(os.environ['DB_PASSWORD']))\n",
        arguments=("--api-key", secret), variables={"DB_PASSWORD": secret},
        definition={"arguments": ["--api-key", secret], "environment": {"DB_PASSWORD": secret}},
    )  # fmt: skip
    assert lab.ends(run) == status.COMPLETED
    assert lab.log(run).split() == [b"19", b"19"]
    for path in lab.workspace.layout.root.rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes(), path
    with pytest.raises(UserErrorException, match="secret"):
        rerun(lab.workspace, lab.settings, run)


def test_launch_file_is_private(lab: JobLab, tmp_path: Path) -> None:
    go = tmp_path / "go"
    holders = [lab.submit(WAITS.format(str(go))) for _ in range(2)]
    run = lab.submit("print(1)\n", name="private.py")
    assert run.layout.launch.stat().st_mode & 0o777 == 0o600
    assert "environment" not in run.record.definition["launch"]
    go.touch()
    for item in [*holders, run]:
        lab.ends(item)
    assert not run.layout.launch.exists()


def test_refused_submissions_leave_nothing(lab: JobLab) -> None:
    def send(spec: LaunchSpec, source: Path = lab.source) -> None:
        submit(lab.workspace, lab.settings, lab.experiment, spec, source=source, definition={})

    with pytest.raises(RunConfigurationException, match="exactly one"):
        send(lab.spec())
    with pytest.raises(UserErrorException, match=r"'missing\.py' is not in"):
        send(lab.spec(script="missing.py"))
    (lab.source / ".amlignore").write_text("*.py\n")
    (lab.source / "train.py").write_text("")
    with pytest.raises(UserErrorException, match="left out of the snapshot"):
        send(lab.spec(script="train.py"))
    with pytest.raises(SnapshotException, match="no source folder"):
        send(lab.spec(command="true"), Path("/nowhere"))
    with pytest.raises(RunConfigurationException, match="slots"):
        send(lab.spec(command="true", slots=3))
    assert list(lab.workspace.run_folders()) == []
    assert not list(lab.workspace.layout.queue.iterdir())


def test_an_id_in_use_is_refused(lab: JobLab) -> None:
    def send() -> RunFolder:
        spec = lab.spec(command="true")
        return submit(lab.workspace, lab.settings, lab.experiment, spec,
                      source=None, definition={}, run_id="mine")  # fmt: skip

    run = send()
    with pytest.raises(NameTaken):
        send()
    assert lab.ends(run) == status.COMPLETED


def test_copy_of_a_workspace_does_not_run_its_queue(lab: JobLab, tmp_path: Path) -> None:
    go = tmp_path / "go"
    holders = [lab.submit(WAITS.format(str(go))) for _ in range(2)]
    waiting = lab.submit("print('once')\n", name="once.py")
    for run in holders:
        lab.prints(run, b"up")
    copy = tmp_path / "copy"
    shutil.copytree(lab.workspace.layout.root, copy, symlinks=True)
    twin = WorkspaceFolder(copy)
    registry.register(lab.settings, twin)
    ensure_dispatcher(lab.settings)
    other = twin.run(waiting.id)
    eventually(lambda: other.state().status == status.CANCELED, what="the end of the copied run")
    go.touch()
    assert lab.ends(waiting) == status.COMPLETED


def test_uploads_by_hand_win_over_what_the_job_writes_later(lab: JobLab) -> None:
    text = (
        "import os, time\nfrom pathlib import Path\n"
        "from ml_jupyter.history.layout import WorkspaceLayout\n"
        "from ml_jupyter.jobs.outputs import note_upload\n"
        "w = WorkspaceLayout(Path(os.environ['ML_JUPYTER_WORKSPACE']))\n"
        "run = w.run(os.environ['ML_JUPYTER_EXPERIMENT_ID'], os.environ['ML_JUPYTER_RUN_ID'])\n"
        "for name in ('same', 'changed'):\n"
        "    (run.files / 'outputs' / name).write_text('by hand')\n"
        "    note_upload(run, 'outputs/' + name)\n"
        "Path('outputs/changed').write_text('by the job')\n"
    )
    run = lab.submit(text)
    assert lab.ends(run) == status.COMPLETED, lab.log(run)
    assert (run.layout.files / "outputs/changed").read_text() == "by hand"
    assert (run.layout.files / "outputs/same").read_text() == "by hand"
    assert run.state().warnings == [
        "outputs/changed was uploaded by hand and then changed by the job; the upload was kept."
    ]
    assert not (run.layout.path / "uploads").exists()


def test_settling_a_run_from_elsewhere_removes_nothing_outside(lab: JobLab, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("mine", "utf-8")
    experiment = lab.workspace.create_experiment("copied")
    run = lab.workspace.create_run(experiment, "copied", records.SCRIPT, status.RUNNING)
    value = json.loads(run.layout.record.read_text("utf-8"))
    value["id"] = os.path.relpath(kept, lab.workspace.layout.queue)
    run.layout.record.write_text(json.dumps(value), "utf-8")
    twin = WorkspaceFolder(lab.workspace.layout.root).run("copied")
    assert settle_if_lost(twin, lab.settings)
    assert twin.state().status == status.FAILED
    assert kept.read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["events", "work", "files"])
def test_a_run_whose_folder_leads_elsewhere_is_not_settled(
    lab: JobLab, tmp_path: Path, name: str
) -> None:
    outside = tmp_path / "outside"
    (outside / "outputs").mkdir(parents=True)
    (outside / "events").write_text("mine\n", "utf-8")
    experiment = lab.workspace.create_experiment("copied")
    run = lab.workspace.create_run(experiment, "copied", records.SCRIPT, status.RUNNING)
    place = run.layout.path / name
    place.unlink(missing_ok=True)
    place.symlink_to(outside / "events" if name == "events" else outside)
    twin = WorkspaceFolder(lab.workspace.layout.root).run("copied")
    assert twin.is_lost()
    assert not settle_if_lost(twin, lab.settings)
    assert (outside / "events").read_text("utf-8") == "mine\n"
    assert sorted(path.name for path in outside.iterdir()) == ["events", "outputs"]


def test_settling_a_copied_run_leaves_the_original_alone(lab: JobLab, tmp_path: Path) -> None:
    run = lab.submit("import time\nprint('up')\ntime.sleep(600)\n", memory_limit=2**30)
    lab.prints(run, b"up")
    copy = tmp_path / "copy"
    shutil.copytree(lab.workspace.layout.root, copy, symlinks=True)
    twin = WorkspaceFolder(copy).run(run.id)
    assert settle_if_lost(twin, lab.settings)
    assert twin.state().status == status.FAILED
    assert job_processes(lab.settings, run.id)
    assert run.state().status == status.RUNNING


def test_child_takes_over_the_slot_of_a_parent_that_ends_first(lab: JobLab, tmp_path: Path) -> None:
    lab.settings = lab.settings.with_(slots=1)
    go, stop = tmp_path / "go", tmp_path / "stop"
    parent = lab.submit(WAITS.format(str(go)), name="parent.py", display_name="parent")
    lab.prints(parent, b"up")
    child = lab.submit(WAITS.format(str(stop)), parent=parent.record, display_name="child")
    lab.prints(child, b"up")
    other = lab.submit("print('other')\n", name="other.py")
    go.touch()
    assert lab.ends(parent) == status.COMPLETED
    expected = "Waiting for 1 CPU slot. 1 of 1 is in use by child."
    eventually(lambda: other.state().reason == expected, what="the child in the parent's slot")
    stop.touch()
    assert lab.ends(child) == status.COMPLETED
    assert lab.ends(other) == status.COMPLETED
