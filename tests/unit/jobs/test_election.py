"""One dispatcher a user: elected, replaced by newer ones, found at long paths, private."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.exceptions import WorkspaceException
from ml_jupyter.history import status
from ml_jupyter.jobs import detach, election
from ml_jupyter.jobs.election import DispatcherPaths, ensure_dispatcher
from ml_jupyter.testing.isolation import engine_processes, eventually, isolated
from tests.jobs_lab import JobLab


def test_many_starts_leave_one(isolated_settings: Settings) -> None:
    for _ in range(5):
        election.start(isolated_settings)
    ensure_dispatcher(isolated_settings)
    eventually(lambda: len(engine_processes(isolated_settings)) == 1, what="a single dispatcher")
    assert election.is_running(isolated_settings)


def test_older_one_gives_way_and_its_runs_go_on(
    lab: JobLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = lab.shell("echo up; while [ ! -e logs/go ]; do sleep 0.02; done; echo done")
    lab.prints(run, b"up")
    facts_path = lab.settings.runtime / "dispatcher.json"
    first = lab.dispatcher()
    facts_path.write_text(json.dumps({**lab.dispatcher_facts(), "version": [-1]}))
    ensure_dispatcher(lab.settings)
    eventually(lambda: lab.dispatcher() != first, what="another dispatcher")
    eventually(lambda: first not in engine_processes(lab.settings), what="the end of the old one")
    (run.layout.work / "logs/go").touch()
    assert lab.ends(run) == status.COMPLETED
    assert lab.log(run).endswith(b"done\n")


def test_newer_one_is_left_alone(lab: JobLab) -> None:
    lab.ends(lab.shell("true"))
    facts_path = lab.settings.runtime / "dispatcher.json"
    first = lab.dispatcher()
    facts_path.write_text(json.dumps({**lab.dispatcher_facts(), "version": [999]}))
    assert lab.ends(lab.shell("true")) == status.COMPLETED
    eventually(lambda: engine_processes(lab.settings) == {first}, what="the first one alone")


def test_job_does_not_take_the_dispatcher_with_it(lab: JobLab) -> None:
    """A job whose dispatcher was killed submits a child and ends: the child must live."""
    text = (
        "import os, signal, time\nfrom pathlib import Path\n"
        "from ml_jupyter.config import Settings\n"
        "from ml_jupyter.history.workspace import WorkspaceFolder\n"
        "from ml_jupyter.jobs.spec import LaunchSpec\n"
        "from ml_jupyter.jobs.submit import submit\n"
        "s = Settings.load()\n"
        "ws = WorkspaceFolder(Path(os.environ['ML_JUPYTER_WORKSPACE']))\n"
        "me = ws.run(os.environ['ML_JUPYTER_RUN_ID'])\n"
        "e = ws.experiment(me.record.experiment_id)\n"
        "os.kill({}, signal.SIGKILL)\n"
        "spec = LaunchSpec.of(s, command='echo up; sleep 1; echo done')\n"
        "c = submit(ws, s, e, spec, source=None, definition={{}}, parent=me.record)\n"
        "while c.state().status != 'Running': time.sleep(0.01)\n"
        "print(c.id)\n"
    )
    lab.ends(lab.shell("true"))
    run = lab.submit(text.format(lab.dispatcher()))
    assert lab.ends(run) == status.COMPLETED, lab.log(run)
    child = lab.workspace.run(lab.log(run).decode().split()[-1])
    assert lab.ends(child) == status.COMPLETED
    assert lab.log(child) == b"up\ndone\n"


def test_long_runtime_folder(tmp_path: Path) -> None:
    long = tmp_path / ("d" * 60) / ("e" * 60)
    with isolated(tmp_path / "world", runtime=long) as settings:
        lab = JobLab(settings, tmp_path)
        assert len(str(DispatcherPaths(settings).socket)) < 100
        assert lab.ends(lab.shell("true")) == status.COMPLETED


def test_runtime_folder_of_others_is_refused(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    with pytest.raises(WorkspaceException, match="not private"):
        election.private_folder(shared)


def test_dispatchers_files_are_private(lab: JobLab) -> None:
    lab.ends(lab.shell("true"))
    paths = DispatcherPaths(lab.settings)
    assert paths.socket.stat().st_mode & 0o777 == 0o600
    assert lab.settings.runtime.stat().st_mode & 0o077 == 0
    environ = Path(f"/proc/{lab.dispatcher()}/environ").read_bytes()
    assert b"ML_JUPYTER" not in environ


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user manager as systemd leaves it in the runtime folder, without lingering."""
    (tmp_path / "run/systemd").mkdir(parents=True)
    (tmp_path / "run/systemd/private").touch()
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/systemd-run"
    program.write_text('#!/bin/sh\nwhile [ "${1#-}" != "$1" ]; do\n'
                       '  [ "$1" = --unit ] && shift\n  shift\ndone\nexec "$@"\n')  # fmt: skip
    program.chmod(0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(detach, "_LINGER", tmp_path / "linger")
    monkeypatch.setattr(detach, "_CONTAINER_MARKS", ())
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    detach._makes_scopes.cache_clear()
    yield tmp_path
    detach._makes_scopes.cache_clear()


def test_scope_of_its_own_only_where_lingering_is_on(
    systemd: Path, monkeypatch: pytest.MonkeyPatch, isolated_settings: Settings
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "me")
    assert detach.prefix() == []
    assert detach.ends_with_server()
    (systemd / "linger").mkdir()
    (systemd / "linger/me").touch()
    assert detach.prefix()[:3] == ["systemd-run", "--user", "--scope"]
    assert not detach.ends_with_server()
    ensure_dispatcher(isolated_settings)
    eventually(lambda: election.is_running(isolated_settings), what="a dispatcher in a scope")


def test_containers_end_their_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detach, "_CONTAINER_MARKS", (str(tmp_path),))
    assert detach.ends_with_server()
