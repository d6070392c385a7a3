"""Sweeps whose processes are killed: no trial is lost, none is run twice."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ml_jupyter import Experiment, HyperDriveConfig, Run, ScriptRunConfig, Workspace
from ml_jupyter.cli.main import main
from ml_jupyter.jobs.settle import RESUME_TRIES, job_processes
from ml_jupyter.jobs.submit import cancel
from ml_jupyter.testing.isolation import end_all, engine_processes, eventually, isolated
from ml_jupyter.train.hyperdrive import RandomParameterSampling, uniform

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

SCRIPT = """
import os, sys, time
from ml_jupyter import Run
run = Run.get_context()
with open(os.path.join({place!r}, run.id), "a") as file:
    file.write("started\\n")
run.log("loss", float(sys.argv[-1]))
time.sleep({seconds})
"""


@pytest.fixture
def experiment(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Experiment]:
    with isolated(tmp_path_factory.mktemp("world")):
        monkeypatch.chdir(tmp_path)
        yield Experiment(Workspace.create("lab"), "sweeps")


def sweep(experiment: Experiment, total: int, seconds: float) -> Run:
    """A sweep whose trials say in ``started/<run id>`` each time that they are started."""
    place = Path("started").absolute()
    place.mkdir()
    source = Path("source")
    source.mkdir()
    text = SCRIPT.format(place=str(place), seconds=seconds)
    (source / "train.py").write_text(text, "utf-8")
    return experiment.submit(
        HyperDriveConfig(
            RandomParameterSampling({"lr": uniform(0, 1)}),
            "loss",
            "minimize",
            total,
            2,
            run_config=ScriptRunConfig("source", "train.py"),
        )
    )


def controller(run: Run) -> int:
    """Process id of the controller that works now."""

    def find() -> int:
        for process in psutil.process_iter(["cmdline"]):
            words = process.info["cmdline"] or []
            if "ml_jupyter.sweeps.controller" in words and _is_of(process, run):
                return int(process.pid)
        return 0

    eventually(lambda: find() > 0, what="a controller")
    return find()


def _is_of(process: psutil.Process, run: Run) -> bool:
    try:
        return bool(process.environ().get("ML_JUPYTER_RUN_ID") == run.id)
    except psutil.Error:
        return False


def started(run: Run) -> dict[str, int]:
    """How often each trial was started."""
    return {path.name: len(path.read_text().splitlines()) for path in Path("started").iterdir()}


def test_a_killed_controller_goes_on_where_it_was(experiment: Experiment) -> None:
    run = sweep(experiment, 6, 0.5)
    for goal in (1, 3):
        eventually(lambda goal=goal: len(started(run)) >= goal, what=f"{goal} trials")
        os.kill(controller(run), signal.SIGKILL)
    details = run.wait_for_completion()
    assert details["status"] == "Completed"
    assert started(run) == {f"{run.id}_{number}": 1 for number in range(6)}
    assert [child.get_status() for child in run.get_children()] == ["Completed"] * 6
    assert run.get_diagnostics()["completed"] == 6


def supervisor(run: Run) -> int:
    """Process id of the supervisor that looks after the controller now."""

    def find() -> int:
        with contextlib.suppress(psutil.Error):
            parent = psutil.Process(controller(run)).ppid()
            return parent if parent in engine_processes(run._workspace._settings) else 0
        return 0

    return int(eventually(find, what="a supervisor"))


def test_a_sweep_goes_on_when_its_supervisor_is_killed(experiment: Experiment) -> None:
    run = sweep(experiment, 6, 0.5)
    for goal in (1, 3):
        eventually(lambda goal=goal: len(started(run)) >= goal, what=f"{goal} trials")
        os.kill(supervisor(run), signal.SIGKILL)
    details = run.wait_for_completion()
    assert details["status"] == "Completed"
    assert started(run) == {f"{run.id}_{number}": 1 for number in range(6)}
    assert [child.get_status() for child in run.get_children()] == ["Completed"] * 6
    assert [name for _, name, _ in run._folder.state().history].count("NotResponding") == 2
    assert not (run._folder.layout.path / "launch.json").exists()


def test_a_sweep_goes_on_when_everything_of_the_queue_is_killed(experiment: Experiment) -> None:
    run = sweep(experiment, 4, 1)
    eventually(lambda: len(started(run)) >= 1, what="a trial")
    settings = run._workspace._settings
    for pid in [supervisor(run), controller(run), *engine_processes(settings)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert run.wait_for_completion()["status"] == "Completed"
    assert set(started(run)) == {f"{run.id}_{number}" for number in range(4)}
    assert set(started(run).values()) == {1}


def test_a_sweep_that_nobody_is_left_of_goes_on_at_the_next_list(experiment: Experiment) -> None:
    run = sweep(experiment, 4, 1)
    eventually(lambda: len(started(run)) >= 1, what="a trial")
    end_all(run._workspace._settings)
    assert run._folder.state().status == "Running"
    assert main(["job", "list", "--tag", "that no run has", "-w", "lab"]) == 0
    eventually(lambda: run._folder.state().status == "Completed", 60, "the end of the sweep")
    trials = {child.id: child.get_status() for child in run.get_children()}
    assert set(trials) == {f"{run.id}_{number}" for number in range(4)}
    assert set(trials.values()) == {"Failed", "Completed"}  # those that were at work, and the rest
    assert max(started(run).values()) == 1


def test_a_sweep_that_loses_every_supervisor_fails_with_its_trials(experiment: Experiment) -> None:
    run = sweep(experiment, 4, 600)
    for _ in range(RESUME_TRIES + 1):
        os.kill(supervisor(run), signal.SIGKILL)
    eventually(lambda: run.get_status() == "Failed", 30, "the end of the sweep")
    eventually(
        lambda: {child.get_status() for child in run.get_children()} <= {"Canceled"},
        what="the end of the trials",
    )


def test_a_canceled_sweep_ends_its_trials(experiment: Experiment) -> None:
    run = sweep(experiment, 50, 600)
    eventually(lambda: len(started(run)) == 2, what="two trials")
    run.cancel()
    assert run.wait_for_completion()["status"] == "Canceled"
    eventually(
        lambda: {child.get_status() for child in run.get_children()} == {"Canceled"},
        what="the end of the trials",
    )
    assert len(started(run)) == 2
    for child in run.get_children():
        eventually(lambda child=child: not job_processes(child._folder), what="no process left")


def test_a_sweep_that_cannot_go_on_ends_its_trials(experiment: Experiment) -> None:
    run = sweep(experiment, 5, 600)
    eventually(lambda: len(started(run)) == 2, what="two trials")
    record = run._folder.layout.path.parents[2] / "experiments" / f"{experiment.id}.json"
    hidden = record.rename(record.with_suffix(".hidden"))
    first, second = (run._workspace._folder.run(f"{run.id}_{number}") for number in (0, 1))
    cancel(first, run._workspace._settings)  # in its place a third trial would come
    eventually(lambda: run._folder.state().status == "Failed", what="the end of the sweep")
    hidden.rename(record)
    eventually(lambda: second.state().status == "Canceled", what="the end of the other trial")
    eventually(lambda: not job_processes(second), what="no process left")


def test_the_private_plan_is_gone_at_the_end(experiment: Experiment) -> None:
    os.environ["HUSH_TOKEN"] = "hf_abcdefghijklmnopqrstuvwxyz"
    try:
        run = sweep(experiment, 1, 0)
        run.wait_for_completion()
    finally:
        del os.environ["HUSH_TOKEN"]
    folder = run._folder.layout.path
    assert not (folder / "payload.json").exists()
    found = [
        path
        for path in folder.parent.rglob("*")
        if path.is_file() and b"hf_abcdefghijklmnop" in path.read_bytes()
    ]
    assert found == []
