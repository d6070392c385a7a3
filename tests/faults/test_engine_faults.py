"""Whatever of the engine is killed, every run ends in the right state and no process is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ml_jupyter.history import records, status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import election
from ml_jupyter.jobs.submit import cancel, ensure_dispatcher, queue_entries, settle_if_lost
from ml_jupyter.testing.isolation import engine_processes, eventually, job_processes
from tests.jobs_lab import JobLab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

SLEEPS = "import os, time\nopen('outputs/a.txt', 'w').write('kept')\nprint('up')\ntime.sleep(600)\n"
WAITS = "import os, time\nprint('up')\nwhile not os.path.exists('{}'): time.sleep(0.01)\n"


def test_supervisor_killed(lab: JobLab) -> None:
    run = lab.submit(SLEEPS)
    lab.prints(run, b"up")
    lab.kill(lab.supervisors())
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == (
        "The supervisor of the job was killed; what was left of the job was ended."
    )
    assert (run.state().error or {})["code"] == "JobLost"
    assert (run.layout.files / "outputs/a.txt").read_text() == "kept"
    assert not (run.layout.files / "outputs").is_symlink()
    lab.vanishes(run)
    assert not job_processes(lab.settings)


def test_supervisor_killed_leaves_no_control_group(lab: JobLab) -> None:
    run = lab.submit(SLEEPS, memory_limit=200 * 1024 * 1024)
    lab.prints(run, b"up")
    lab.kill(lab.supervisors())
    assert lab.ends(run) == status.FAILED
    lab.vanishes(run)
    assert not list(Path("/sys/fs/cgroup").rglob(f"mlj-{run.id}-*"))


def test_supervisor_told_to_end_as_at_a_shutdown(lab: JobLab) -> None:
    run = lab.submit(SLEEPS)
    lab.prints(run, b"up")
    lab.kill(lab.supervisors(), signal.SIGTERM)
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == (
        "Stopped because the machine or the session that it ran in was shut down."
    )
    lab.vanishes(run)


def test_queue_that_cannot_work_says_so_and_recovers(lab: JobLab, tmp_path: Path) -> None:
    """The folder of the slots cannot be made; later it can."""
    blocked = tmp_path / "blocked"
    blocked.write_text("not a folder")
    lab.settings = lab.settings.with_(slot_dir=blocked / "slots")
    run = lab.shell("echo late")
    eventually(lambda: "held up" in (run.state().reason or ""), what="a reason")
    assert str(blocked) in (run.state().reason or "")
    blocked.unlink()
    assert lab.ends(run) == status.COMPLETED


def test_supervisor_killed_while_it_stops_the_job(lab: JobLab) -> None:
    deaf = "import signal, time\nsignal.signal(15, signal.SIG_IGN)\nprint('up')\ntime.sleep(600)\n"
    run = lab.submit(deaf, grace_s=60)
    lab.prints(run, b"up")
    cancel(run, lab.settings)
    lab.reaches(run, status.CANCEL_REQUESTED)
    lab.kill(lab.supervisors())
    assert lab.ends(run) == status.CANCELED
    lab.vanishes(run)


def test_dispatcher_killed_with_queued_runs(lab: JobLab, tmp_path: Path) -> None:
    """The supervisors bring it back; nothing that waited is lost or run twice."""
    go = tmp_path / "go"
    runs = [lab.submit(WAITS.format(go), name="wait.py") for _ in range(6)]
    lab.prints(runs[0], b"up")
    lab.prints(runs[1], b"up")
    first = lab.dispatcher()
    os.kill(first, signal.SIGKILL)
    eventually(lambda: lab.dispatcher() != first, 10, "another dispatcher")
    go.touch()
    assert [lab.ends(run) for run in runs] == [status.COMPLETED] * 6
    assert all(lab.log(run).count(b"up") == 1 for run in runs)


def test_engine_and_jobs_killed_like_a_reboot(lab: JobLab) -> None:
    """All processes are gone at once; then a new client comes."""
    live = [lab.submit(SLEEPS) for _ in range(2)]
    for run in live:
        lab.prints(run, b"up")
    waiting = lab.submit("print('after')\n", name="after.py")
    everything = engine_processes(lab.settings) | job_processes(lab.settings)
    lab.kill(everything, signal.SIGSTOP)
    lab.kill(everything)
    eventually(lambda: not engine_processes(lab.settings), what="the end of all processes")
    assert [run.state().status for run in live] == [status.RUNNING] * 2
    ensure_dispatcher(lab.settings)
    assert [lab.ends(run) for run in live] == [status.FAILED] * 2
    assert lab.ends(waiting) == status.COMPLETED
    assert lab.log(waiting) == b"after\n"


def test_reader_settles_a_lost_run_without_a_dispatcher(lab: JobLab) -> None:
    run = lab.submit(SLEEPS)
    lab.prints(run, b"up")
    lab.kill({lab.dispatcher()} | lab.supervisors())
    eventually(lambda: not run.is_owned(), what="a free lock")
    settle_if_lost(run, lab.settings)
    assert run.state().status == status.FAILED
    assert lab.is_gone(run)


CLIENT = """
import sys, time
from pathlib import Path
from ml_jupyter.config import Settings
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import submit
settings = Settings.load()
workspace = WorkspaceFolder(Path(sys.argv[1]))
experiment = workspace.create_experiment("digits")
command = "for i in 1 2 3 4 5 6 7 8 9; do echo line $i; sleep 0.2; done"
spec = LaunchSpec.of(settings, command=command)
print(submit(workspace, settings, experiment, spec, source=None, definition={}).id, flush=True)
time.sleep(600)
"""


def test_end_of_the_server_leaves_its_runs_alone(lab: JobLab) -> None:
    """A server and all of its session is stopped; the run that it submitted goes on."""
    server = subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(lab.workspace.layout.root)],
        stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    with server:
        assert server.stdout is not None
        run = lab.workspace.run(server.stdout.readline().decode().strip())
        lab.prints(run, b"line 1")
        os.killpg(server.pid, signal.SIGHUP)
        os.killpg(server.pid, signal.SIGKILL)
    assert lab.ends(run) == status.COMPLETED
    assert lab.log(run).endswith(b"line 9\n")


def test_two_hundred_queued_runs(lab: JobLab) -> None:
    runs = [lab.shell(f"echo {number}") for number in range(200)]
    entries = queue_entries(lab.workspace, lab.settings)
    assert [entry.position for entry in entries] == list(range(1, len(entries) + 1))
    assert [lab.ends(run, timeout_s=90) for run in runs] == [status.COMPLETED] * 200
    assert [lab.log(run) for run in runs] == [f"{number}\n".encode() for number in range(200)]
    by_start = sorted(range(200), key=lambda at: runs[at].state().started or 0)
    overtaken = max(abs(place - at) for place, at in enumerate(by_start))
    assert overtaken < 20, "they start in order, give or take what the system does to a process"
    assert queue_entries(lab.workspace, lab.settings) == []


def test_dispatcher_leaves_when_idle_and_comes_back(lab: JobLab) -> None:
    quick = lab.settings.with_(dispatcher_idle_s=0.2)
    lab.settings = quick
    assert lab.ends(lab.shell("true")) == status.COMPLETED
    eventually(lambda: not election.is_running(quick), what="the end of the dispatcher")
    eventually(lambda: not engine_processes(quick), what="the end of its process")
    assert lab.ends(lab.shell("true")) == status.COMPLETED


OWNER = """
import sys, time
from pathlib import Path
from ml_jupyter.history import lock, records
from ml_jupyter.history.workspace import WorkspaceFolder
workspace = WorkspaceFolder(Path(sys.argv[1]))
experiment = workspace.create_experiment("digits")
run = workspace.create_run(experiment, "interactive", records.INTERACTIVE, "Running")
held = lock.acquire(run.layout.lock)
facts = {"parent_id": run.id, "root_id": run.id, "lock": experiment.id + "/" + run.id}
child = workspace.create_run(experiment, "child", records.INTERACTIVE, "Running", **facts)
run.add_children([child.id])
print("up", flush=True)
time.sleep(600)
"""


def test_interactive_run_whose_process_is_killed(lab: JobLab) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(lab.workspace.layout.root)], stdout=subprocess.PIPE
    )
    with owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        run, child = lab.workspace.run("interactive"), lab.workspace.run("child")
        assert not settle_if_lost(run, lab.settings)
        assert not settle_if_lost(child, lab.settings)
        owner.kill()
    assert settle_if_lost(child, lab.settings)
    assert [item.state().status for item in (run, child)] == [status.FAILED] * 2
    assert run.state().reason == (
        "The process that it belonged to was killed before it had completed the run."
    )
    assert run.record.type == records.INTERACTIVE


def test_children_left_live_by_a_job_are_ended_with_it(lab: JobLab) -> None:
    text = (
        "import os\nfrom pathlib import Path\n"
        "from ml_jupyter.history import records\n"
        "from ml_jupyter.history.workspace import WorkspaceFolder\n"
        "ws = WorkspaceFolder(Path(os.environ['ML_JUPYTER_WORKSPACE']))\n"
        "me = ws.run(os.environ['ML_JUPYTER_RUN_ID'])\n"
        "e = ws.experiment(os.environ['ML_JUPYTER_EXPERIMENT_ID'])\n"
        "facts = dict(parent_id=me.id, root_id=me.id, lock=e.id + '/' + me.id)\n"
        "c = ws.create_run(e, me.id + '_c', records.INTERACTIVE, 'Running', **facts)\n"
        "me.add_children([c.id])\n"
        "{}\n"
    )
    for tail, expected in (("pass", status.COMPLETED), ("raise SystemExit(3)", status.FAILED)):
        run = lab.submit(text.format(tail))
        lab.ends(run)
        child: RunFolder = lab.workspace.run(run.id + "_c")
        assert child.state().status == expected
    assert run.state().reason == "The script ended with exit code 3."
    assert child.state().reason == (
        "The job that it belonged to ended: The script ended with exit code 3."
    )


def test_reader_brings_a_killed_dispatcher_back_for_a_waiting_run(
    lab: JobLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing runs, so no supervisor would notice: whoever looks at the run does."""
    monkeypatch.setattr("ml_jupyter.jobs.submit.ensure_dispatcher", lambda settings: None)
    run = lab.shell("echo up")
    assert run.state().status == status.QUEUED
    settle_if_lost(run, lab.settings)
    assert lab.ends(run) == status.COMPLETED


def test_message_to_a_dispatcher_that_is_frozen_is_not_taken(lab: JobLab) -> None:
    """No answer, no trust: the run is started by the next one as soon as the lock is free."""
    assert lab.ends(lab.shell("true")) == status.COMPLETED
    frozen = lab.dispatcher()
    os.kill(frozen, signal.SIGSTOP)
    run = lab.shell("echo up")
    os.kill(frozen, signal.SIGKILL)
    assert lab.ends(run) == status.COMPLETED
    assert lab.dispatcher() != frozen
