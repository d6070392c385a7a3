"""Whatever is killed, the run gets its right final state, and no container is left."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.containers import sweep
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import processes
from ml_jupyter.jobs.contained import outside, processes_of
from ml_jupyter.jobs.settle import settle_if_lost
from ml_jupyter.jobs.submit import cancel
from ml_jupyter.testing.isolation import eventually, isolated
from tests.docker import rootfs
from tests.docker.daemon import Daemon, install
from tests.docker.lab import DockerLab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

COUNTS = """
import os, time
print("up", flush=True)
for number in range(10_000):
    open("outputs/count", "w").write(str(number))
    print(number, flush=True)
    time.sleep(0.05)
"""


def started(lab: DockerLab, **values: object) -> RunFolder:
    """A run whose container prints numbers."""
    run = lab.submit(COUNTS, grace_s=1.0, **values)
    lab.prints(run, b"up\n0\n")
    return run


def test_supervisor_is_killed(lab: DockerLab) -> None:
    run = started(lab)
    lab.kill(lab.supervisors())
    assert lab.ends(run) == status.FAILED
    assert "supervisor of the job was killed" in str(run.state().reason)
    lab.removes(run)
    lab.vanishes(run)
    assert (run.layout.files / "outputs" / "count").exists()


@pytest.mark.full
def test_keeper_of_the_container_is_killed(lab: DockerLab) -> None:
    run = started(lab)
    lab.kill(outside(processes_of(run)))
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "Killed by signal 9 (SIGKILL) from outside."
    lab.removes(run)
    lab.vanishes(run)


@pytest.mark.full
def test_everything_of_ours_is_killed(lab: DockerLab) -> None:
    run = started(lab)
    lab.kill({lab.dispatcher()})
    lab.kill(outside(processes_of(run)) | lab.supervisors())
    assert lab.of(run), "the engine knows nothing of that"
    eventually(lambda: settle_if_lost(run, lab.settings), 5, "settling")
    assert run.state().status == status.FAILED
    lab.removes(run)
    lab.vanishes(run)


@pytest.mark.full
def test_container_is_removed_from_outside(lab: DockerLab) -> None:
    run = started(lab)
    client = lab.daemon.client()
    client.remove_container(lab.of(run)[0]["Id"], force=True)
    client.close()
    assert lab.ends(run) == status.FAILED
    assert "removed from outside" in str(run.state().reason)


@pytest.fixture
def own_daemon(request: pytest.FixtureRequest) -> Iterator[Daemon]:
    """A daemon that may be killed; a parameter gives options of it."""
    install()
    found = Daemon(*getattr(request, "param", ()))
    try:
        found.start()
        found.import_image(rootfs.of_this_python())
        yield found
    finally:
        found.stop()


@pytest.fixture
def own_lab(own_daemon: Daemon, tmp_path: Path) -> Iterator[DockerLab]:
    """Jobs in containers of that daemon."""
    with isolated(tmp_path / "world") as settings:
        yield DockerLab(settings, tmp_path, own_daemon)


def numbers(lab: DockerLab, run: RunFolder) -> list[int]:
    """What a run has printed."""
    return [int(line) for line in lab.log(run).split(b"\n")[1:-1]]


@pytest.mark.full
def test_engine_is_killed_and_comes_back(own_lab: DockerLab) -> None:
    run = started(own_lab)
    own_lab.daemon.kill()
    own_lab.daemon.start()
    assert own_lab.ends(run, 60) == status.FAILED
    assert "engine was stopped or restarted" in str(run.state().reason)
    own_lab.removes(run)
    own_lab.vanishes(run)


@pytest.mark.full
def test_engine_is_stopped_in_order(own_lab: DockerLab) -> None:
    run = started(own_lab)
    own_lab.daemon.end_in_order()
    assert own_lab.ends(run, 120) == status.FAILED
    assert "Docker engine" in str(run.state().reason)
    own_lab.vanishes(run)
    own_lab.daemon.start()
    assert sweep(own_lab.settings) == 0
    own_lab.removes(run)


@pytest.mark.full
@pytest.mark.parametrize("own_daemon", [("--live-restore",)], indirect=True)
@pytest.mark.parametrize("kill", [True, False])
def test_engine_that_keeps_containers_is_restarted(own_lab: DockerLab, kill: bool) -> None:
    run = started(own_lab)
    (own_lab.daemon.kill if kill else own_lab.daemon.end_in_order)()
    there = int((run.layout.work / "outputs" / "count").read_text())
    own_lab.daemon.start()
    eventually(lambda: numbers(own_lab, run)[-1] > there + 20, 60, "output after the restart")
    assert run.state().status == status.RUNNING
    found = numbers(own_lab, run)
    assert found == list(range(len(found))), "no line is lost or doubled"
    cancel(run, own_lab.settings)
    assert own_lab.ends(run, 60) == status.CANCELED
    own_lab.removes(run)


@pytest.mark.full
def test_engine_is_killed_for_good(own_lab: DockerLab, settings: Settings) -> None:
    run = started(own_lab)
    own_lab.daemon.kill()
    cancel(run, own_lab.settings)
    assert own_lab.ends(run, 60) == status.CANCELED
    eventually(lambda: not processes_of(run), 30, "the end of what the engine left")
    assert not processes.with_variables({"ML_JUPYTER_RUN_ID": run.id})
    own_lab.daemon.start()
    assert sweep(own_lab.settings) == 0
    own_lab.removes(run)


@pytest.mark.full
def test_wrong_signal_is_not_taken_for_an_end(lab: DockerLab) -> None:
    run = started(lab)
    lab.kill(outside(processes_of(run)), signal.SIGTERM)
    assert lab.ends(run) == status.FAILED
    assert run.state().exit_code == 128 + signal.SIGTERM
    lab.removes(run)
