"""Jobs that misbehave: each ends in the right state, says why, and leaves no process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.exceptions import StorageFailed
from ml_jupyter.history import status
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import fork
from ml_jupyter.jobs.cgroup import MemoryGroup
from ml_jupyter.jobs.submit import cancel
from ml_jupyter.jobs.supervisor import Assignment, supervise
from ml_jupyter.testing.isolation import eventually, job_processes
from tests.jobs_lab import JobLab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

SLEEPS = "import os, time\nprint('pid', os.getpid())\ntime.sleep(600)\n"


def pid_in(lab: JobLab, run: RunFolder) -> int:
    """The process id that the job printed."""
    lab.prints(run, b"pid ")
    eventually(lambda: b"\n" in lab.log(run).split(b"pid ")[1], what="a whole line")
    return int(lab.log(run).split(b"pid ")[1].split()[0])


def test_job_killed_by_a_signal(lab: JobLab) -> None:
    run = lab.submit(SLEEPS)
    os.kill(pid_in(lab, run), signal.SIGKILL)
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "Killed by signal 9 (SIGKILL) from outside."
    assert run.state().exit_code == -9
    assert (run.state().error or {})["code"] == "Signal"
    lab.vanishes(run)


def test_job_that_crashes(lab: JobLab) -> None:
    run = lab.submit("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "Crashed: ended by signal 11 (SIGSEGV)."


EATS = """
import time
kept = []
for _ in range(400):
    kept.append(bytearray(b"x" * (1 << 20)))
    time.sleep(0.002)
time.sleep(60)
"""


def test_job_past_its_memory_limit(lab: JobLab) -> None:
    run = lab.submit(EATS, memory_limit=100 * 1024 * 1024)
    assert lab.ends(run) == status.FAILED
    assert re.match(r"Ran out of memory: used 1\d\d MB of 100 MB\.", run.state().reason or "")
    assert (run.state().error or {})["code"] == "OutOfMemory"
    lab.vanishes(run)


def test_a_program_that_is_not_there_leaves_no_control_group(lab: JobLab) -> None:
    run = lab.submit("pass\n", interpreter="/nowhere/python", memory_limit=100 * 1024 * 1024)
    assert lab.ends(run) == status.FAILED
    assert (run.state().error or {})["code"] == "StartFailed"
    lab.vanishes(run)
    assert not list(Path("/sys/fs/cgroup").rglob(f"mlj-{run.id}-*"))


def test_memory_limit_without_control_groups(lab: JobLab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no control group can be made, the supervisor watches, children included."""
    monkeypatch.setattr("ml_jupyter.jobs.submit.ensure_dispatcher", lambda settings: None)
    monkeypatch.setattr("ml_jupyter.jobs.election.is_running", lambda settings: True)
    monkeypatch.setattr(MemoryGroup, "create", classmethod(lambda cls, name, limit: None))
    text = f"open('eat.py', 'w').write({EATS!r})\n"
    text += "import subprocess, sys\nsubprocess.run([sys.executable, 'eat.py'])\n"
    run = lab.submit(text, memory_limit=100 * 1024 * 1024)
    root = lab.workspace.layout.root
    work = Assignment(root, run.record.experiment_id, run.id, lab.settings)
    ended = fork.detached(lambda: supervise(work), [], lambda text: None)
    assert lab.ends(run) == status.FAILED
    os.close(ended)
    assert re.match(r"Ran out of memory: used 1\d\d MB of 100 MB\.", run.state().reason or "")
    lab.vanishes(run)


IGNORES = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
"""


def test_job_that_ignores_sigterm(lab: JobLab) -> None:
    run = lab.submit(IGNORES, grace_s=0.5)
    lab.prints(run, b"deaf")
    assert cancel(run, lab.settings)
    assert run.state().status in (status.CANCEL_REQUESTED, status.CANCELED)
    assert lab.ends(run, timeout_s=0.5 + 3) == status.CANCELED
    lab.vanishes(run, 0.5)


GRANDCHILDREN = """
import os, subprocess, sys, time
def daemonise(environment):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            command = [sys.executable, "-c", "import time; time.sleep(600)"]
            os.execvpe(sys.executable, command, environment)
        os._exit(0)
    os.wait()
daemonise(dict(os.environ))
daemonise({"PATH": os.environ["PATH"]})
print("left", flush=True)
"""


def test_daemonised_grandchildren_end_with_the_job(lab: JobLab) -> None:
    before = _sleepers()
    run = lab.submit(GRANDCHILDREN)
    assert lab.ends(run) == status.COMPLETED
    lab.vanishes(run)
    assert _sleepers() <= before


def test_daemonised_grandchildren_end_with_a_cancelled_job(lab: JobLab) -> None:
    before = _sleepers()
    run = lab.submit(GRANDCHILDREN + "time.sleep(600)\n")
    lab.prints(run, b"left")
    eventually(lambda: len(_sleepers() - before) == 2, what="two daemonised grandchildren")
    cancel(run, lab.settings)
    assert lab.ends(run) == status.CANCELED
    lab.vanishes(run)
    assert _sleepers() <= before


LOADER = """
import os, signal, time
worker = os.fork()
if worker == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    while True:
        time.sleep(0.01)
print("worker", worker, "pid", os.getpid(), flush=True)
time.sleep(600)
"""


def test_loader_worker_that_outlives_its_killed_parent(lab: JobLab) -> None:
    run = lab.submit(LOADER, grace_s=0.5)
    os.kill(pid_in(lab, run), signal.SIGKILL)
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "Killed by signal 9 (SIGKILL) from outside."
    lab.vanishes(run)


def test_time_limit(lab: JobLab) -> None:
    run = lab.submit(SLEEPS, max_run_duration_s=0.5)
    assert lab.ends(run) == status.CANCELED
    assert run.state().reason == "Stopped after 0.5 s: the time limit was reached."
    assert run.state().reason in run.state().warnings
    lab.vanishes(run)


def test_invalid_utf8_and_endless_lines(lab: JobLab) -> None:
    run = lab.submit(
        "import sys\n"
        "sys.stdout.buffer.write(b'\\xff\\xfe\\x00 caf\\xe9\\r 50%\\r100%\\n')\n"
        "sys.stdout.buffer.write(b'x' * 3_000_000)\n"
        "sys.stdout.buffer.flush()\n"
        "raise ValueError('after an endless line')\n"
    )
    assert lab.ends(run) == status.FAILED
    log = lab.log(run)
    assert log.startswith(b"\xff\xfe\x00 caf\xe9\r 50%\r100%\n" + b"x" * 1000)
    assert log.count(b"x") >= 3_000_000
    assert (run.state().error or {})["message"] == "ValueError: after an endless line"


def test_burst_of_output_is_whole(lab: JobLab) -> None:
    run = lab.submit(
        "import os\nline = b'%08d ' + b'y' * 90 + b'\\n'\n"
        "for start in range(0, 300_000, 1000):\n"
        "    os.write(1, b''.join(line % n for n in range(start, start + 1000)))\n"
    )
    assert lab.ends(run, timeout_s=60) == status.COMPLETED
    lines = lab.log(run).splitlines()
    assert [int(line[:8]) for line in lines] == list(range(300_000))


@pytest.mark.full
def test_a_gigabyte_of_output(lab: JobLab) -> None:
    run = lab.shell("head -c 1073741824 /dev/zero | tr '\\0' 'z'")
    assert lab.ends(run, timeout_s=100) == status.COMPLETED
    log = run.layout.files / "user_logs/std_log.txt"
    assert log.stat().st_size == 1 << 30
    log.unlink()


def test_job_that_leaves_a_circle_of_links(lab: JobLab) -> None:
    run = lab.submit("import os\nos.symlink('loop', 'outputs/loop')\nprint('done')\n")
    assert lab.ends(run) == status.COMPLETED, run.state().reason
    assert os.readlink(run.layout.files / "outputs/loop") == "loop"


def test_job_that_removes_its_folders(lab: JobLab) -> None:
    run = lab.shell("rm -rf outputs logs && echo gone")
    assert lab.ends(run) == status.COMPLETED
    assert (run.layout.files / "outputs").is_dir()
    assert (run.layout.files / "logs").is_dir()
    assert not run.layout.work.exists()


def _sleepers() -> set[int]:
    """Processes that sleep as the grandchildren above do, whatever their environment."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().endswith(b"-c\0import time; time.sleep(600)\0"):
                found.add(int(path.parent.name))
        except OSError:
            continue
    return found


def test_processes_of_other_runs_are_left_alone(lab: JobLab) -> None:
    other = lab.submit(SLEEPS, name="other.py")
    pid_in(lab, other)
    run = lab.submit("print('done')\n")
    assert lab.ends(run) == status.COMPLETED
    assert job_processes(lab.settings, other.id)
    assert other.state().status == status.RUNNING
    cancel(other, lab.settings)
    assert lab.ends(other) == status.CANCELED


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def fill(path: Path) -> None:
    """Write until there is no room."""
    with path.open("wb", buffering=0) as stream:
        while True:
            stream.write(bytes(4096))


def tag_for_ever(run: RunFolder) -> None:
    """Write to the end of the last page that the run's events have."""
    while True:
        run.set_tags({"a": "b"})


def test_an_end_on_a_full_disk_is_written_when_there_is_room(
    isolated_settings: Settings, tmp_path: Path
) -> None:
    small, go = tmp_path / "small", tmp_path / "go"
    small.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(small)]
    if subprocess.run(command, check=False).returncode:
        pytest.skip("this machine does not allow mounting")
    try:
        lab = JobLab(isolated_settings, small)
        text = f"import os, sys, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.01)\n"
        run = lab.submit(f"{text}sys.exit(3)\n")
        lab.reaches(run, status.RUNNING)
        filler = small / "filler"
        with pytest.raises(OSError, match="No space"):
            fill(filler)
        with pytest.raises(StorageFailed):
            tag_for_ever(run)
        go.touch()
        eventually(lambda: not job_processes(lab.settings, run.id), what="the end of the job")
        assert run.is_owned()
        filler.unlink()
        assert lab.ends(run) == status.FAILED
        assert run.state().reason == "The script ended with exit code 3."
        run.close()
        lab.workspace.journal.close()
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_full_disk_costs_output_and_says_how_much(
    isolated_settings: Settings, tmp_path: Path
) -> None:
    small, go = tmp_path / "small", tmp_path / "go"
    small.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(small)]
    if subprocess.run(command, check=False).returncode:
        pytest.skip("this machine does not allow mounting")
    try:
        lab = JobLab(isolated_settings, small)
        run = lab.submit(
            "import os, time\nfor _ in range(200): print('x' * 100_000)\n"
            f"open({str(go) + '.full'!r}, 'w')\n"
            f"while not os.path.exists({str(go)!r}): time.sleep(0.01)\n"
        )
        eventually(Path(f"{go}.full").exists, 30, "the end of the output")
        os.truncate(run.layout.files / STD_LOG, 1000)
        go.touch()
        assert lab.ends(run) == status.COMPLETED
        (warning,) = run.state().warnings
        assert re.match(r"\d{8} bytes of output were lost: there was no room", warning)
        run.close()
        lab.workspace.journal.close()
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)
