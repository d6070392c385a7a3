"""Builds whose processes are killed: nothing half is used, and the run goes on by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ml_jupyter import environments
from ml_jupyter.environments import EnvironmentSpec, store
from ml_jupyter.history import lock, status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import processes
from ml_jupyter.jobs.settle import PREPARE_TRIES
from ml_jupyter.testing.isolation import eventually
from tests.jobs_lab import JobLab
from tests.package_lab import Gate

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)


def spec(folder: Path) -> EnvironmentSpec:
    options = ("--no-index", f"--find-links {folder / 'wheels'}")
    return EnvironmentSpec("lab", "pip", pip=("slow",), pip_options=options)


def begins(gate: Gate) -> int:
    """The process that builds the package, once it is at work."""
    eventually(gate.started.exists, 30, "the build to begin")
    return gate.pid


def preparer(lab: JobLab, run: RunFolder) -> int:
    """The process that sees to the run's preparation: the parent of the programs it started."""
    table = processes.table()
    marked = processes.with_variables({"ML_JUPYTER_RUN_ID": run.id})
    above = {table[pid].parent for pid in marked if pid in table} - marked
    found = above & (lab.supervisors() | {lab.dispatcher()})
    assert len(found) == 1
    return found.pop()


def submit(lab: JobLab, folder: Path) -> RunFolder:
    return lab.submit("import slow\nprint('slow', slow.VERSION)\n", build=spec(folder).to_json())


def test_a_killed_preparation_begins_again(lab: JobLab, gate: Gate, tmp_path: Path) -> None:
    run = submit(lab, tmp_path)
    first = begins(gate)
    gate.started.unlink()
    os.kill(preparer(lab, run), signal.SIGKILL)
    assert begins(gate) != first
    assert run.state().status == status.PREPARING
    gate.go.touch()
    assert lab.ends(run, 60) == status.COMPLETED
    assert b"slow 1.0" in lab.log(run)
    names = [name for _, name, _ in run.state().history]
    assert names[:5] == ["Queued", "Preparing", "Queued", "Preparing", "Queued"]


def test_a_preparation_that_is_killed_again_and_again_is_given_up(
    lab: JobLab, gate: Gate, tmp_path: Path
) -> None:
    run = submit(lab, tmp_path)
    for _ in range(PREPARE_TRIES):
        begins(gate)
        gate.started.unlink()
        os.kill(preparer(lab, run), signal.SIGKILL)
    assert lab.ends(run, 30) == status.FAILED
    assert run.state().reason == f"The preparation of the job was killed {PREPARE_TRIES} times."
    lab.vanishes(run)
    assert environments.ready(spec(tmp_path), lab.settings) is None


def test_a_killed_dispatcher_does_not_stop_a_build(lab: JobLab, gate: Gate, tmp_path: Path) -> None:
    run = submit(lab, tmp_path)
    first = begins(gate)
    os.kill(lab.dispatcher(), signal.SIGKILL)
    gate.go.touch()
    assert lab.ends(run, 60) == status.COMPLETED
    assert gate.pid == first
    assert [name for _, name, _ in run.state().history].count("Preparing") == 2


def test_cancelled_while_its_preparation_is_killed(lab: JobLab, gate: Gate, tmp_path: Path) -> None:
    run = submit(lab, tmp_path)
    begins(gate)
    pid = preparer(lab, run)
    os.kill(pid, signal.SIGSTOP)
    run.move_if((status.PREPARING,), status.CANCEL_REQUESTED)
    os.kill(pid, signal.SIGKILL)
    assert lab.ends(run, 30) == status.CANCELED
    lab.vanishes(run)


def test_a_killed_build_leaves_nothing_that_is_used(
    lab: JobLab, gate: Gate, tmp_path: Path
) -> None:
    wanted, settings = spec(tmp_path), lab.settings
    program = (
        "from ml_jupyter import environments\nfrom ml_jupyter.config import Settings\n"
        f"spec = environments.EnvironmentSpec.from_json({wanted.to_json()!r})\n"
        f"settings = Settings.load(cache={str(settings.cache)!r})\n"
        "environments.prepare(spec, settings, lambda data: None, lambda: False)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        begins(gate)
        process.kill()
    place = store.place_of(wanted, settings)
    assert place.folder.exists()
    assert environments.ready(wanted, settings) is None
    assert not lock.is_held(place.lock)
    left = gate.pid
    gate.started.unlink()
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(environments.prepare, wanted, settings, print, lambda: False)
        assert begins(gate) != left
        assert not processes.with_variables({"ML_JUPYTER_BUILD": wanted.digest}) & {left}
        gate.go.touch()
        found = waiting.result(60)
    text = subprocess.check_output([found.interpreter, "-c", "import slow; print(slow.VERSION)"])
    assert text == b"1.0\n"
