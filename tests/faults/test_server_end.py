"""A real Jupyter server is stopped, in every way there is; its runs go on, or end with a reason."""

from __future__ import annotations

import getpass
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import registry
from ml_jupyter.jobs.submit import settle_if_lost
from ml_jupyter.testing.isolation import eventually
from tests.faults.user_session import UserSession
from tests.jobs_lab import JobLab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

TOKEN = "end"
START_S = 60.0
JOB = """
import os, time
print("line 1", flush=True)
while not os.path.exists({!r}):
    time.sleep(0.02)
print("line 2", flush=True)
"""


class Server:
    """A Jupyter server over the workspace of a lab."""

    def __init__(self, lab: JobLab, place: Path) -> None:
        registry.register(lab.settings, lab.workspace)
        self.lab = lab
        self.info = place / "info"
        self.root = place / "root"
        self.root.mkdir(parents=True)
        self.address = ""
        self.variables = {
            **{key: value for key, value in os.environ.items() if key.startswith("ML_JUPYTER_")},
            "JUPYTER_RUNTIME_DIR": str(self.info),
            "HOME": str(place),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }

    @property
    def command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", "--port=0"),
            f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={self.root}",
            "--ServerApp.jpserver_extensions={'ml_jupyter': True}",
        ]

    def wait(self) -> None:
        """Wait until it answers."""

        def answers() -> bool:
            for path in self.info.glob("jpserver-*.json"):
                self.address = f"{json.loads(path.read_text())['url']}ml-jupyter/"
                self.ask("machine")
                return True
            return False

        eventually(lambda: _try(answers), START_S, "an answer of the server")

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def queue(self) -> Any:
        return self.ask(f"workspaces/{self.lab.workspace.id}/queue")

    def submit(self, go: Path) -> RunFolder:
        """Submit a job that waits for a file, over HTTP; its run, which prints by then."""
        (self.root / "job.py").write_text(JOB.format(str(go)), "utf-8")
        body = {"experiment": "digits", "source_directory": ".", "script": "job.py"}
        answer = self.ask(f"workspaces/{self.lab.workspace.id}/runs", body)
        run = self.lab.workspace.run(answer["id"])
        self.lab.prints(run, b"line 1")
        return run


def _try(call: Any) -> Any:
    try:
        return call()
    except (OSError, ValueError):
        return False


@pytest.fixture
def server(lab: JobLab, tmp_path: Path) -> Server:
    return Server(lab, tmp_path / "server")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_all_of_its_session_is_ended(server: Server, tmp_path: Path, number: int) -> None:
    """As a terminal does that is closed, and a supervisor such as the hub's that then insists."""
    lab, go = server.lab, tmp_path / "go"
    with subprocess.Popen(
        server.command, env=server.variables, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            server.wait()
            run = server.submit(go)
        finally:
            _end_session(process.pid, number)
    go.touch()
    assert lab.ends(run) == status.COMPLETED
    assert lab.log(run) == b"line 1\nline 2\n"


def _end_session(leader: int, number: int) -> None:
    """Send a signal to all descendants of a process, and to all that share its session."""
    tree = {item.pid for item in psutil.Process(leader).children(recursive=True)}
    same = {item.pid for item in psutil.process_iter() if _session(item.pid) == leader}
    for pid in {leader} | tree | same:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return -1


@pytest.fixture
def session() -> Iterator[UserSession]:
    reason = UserSession.missing()
    if reason is not None:
        pytest.skip(f"no systemd session can be made here: {reason}")
    found, before = UserSession(), Path("/proc/self/cgroup").read_text("ascii")
    if not found.start():
        pytest.skip("systemd --user does not start here")
    yield found
    found.end()
    assert Path("/proc/self/cgroup").read_text("ascii") == before, "it moved other processes"
    eventually(lambda: not found.groups(), what="the end of its control groups")


@pytest.mark.full
def test_a_lingering_users_run_outlives_the_service(
    server: Server, session: UserSession, tmp_path: Path
) -> None:
    lab, go = server.lab, tmp_path / "go"
    session.linger(getpass.getuser())
    session.start_service("mlj-server", server.command, {**server.variables, **session.variables})
    server.wait()
    in_container = any(os.path.exists(mark) for mark in ("/.dockerenv", "/run/.containerenv"))
    assert server.queue()["ends_with_server"] is in_container
    run = server.submit(go)
    session.stop_service("mlj-server")
    go.touch()
    assert lab.ends(run) == status.COMPLETED
    assert lab.log(run) == b"line 1\nline 2\n"


@pytest.mark.full
def test_without_lingering_the_service_takes_its_runs_with_it_and_says_so(
    server: Server, session: UserSession, tmp_path: Path
) -> None:
    lab = server.lab
    session.start_service("mlj-server", server.command, {**server.variables, **session.variables})
    server.wait()
    assert server.queue()["ends_with_server"] is True
    run = server.submit(tmp_path / "never")
    session.stop_service("mlj-server")
    eventually(lambda: lab.is_gone(run), what="the end of all processes")
    settle_if_lost(run, lab.settings)
    assert lab.ends(run) == status.FAILED
    assert run.state().reason in (
        "Stopped because the machine or the session that it ran in was shut down.",
        "The supervisor of the job was killed; what was left of the job was ended.",
    )
