"""What runs tell of the packages that were installed where they ran."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from ml_jupyter import (
    CondaDependencies,
    Environment,
    Experiment,
    HyperDriveConfig,
    Run,
    ScriptRunConfig,
)
from ml_jupyter.testing.isolation import eventually
from ml_jupyter.train.hyperdrive import GridParameterSampling, PrimaryMetricGoal, choice
from tests import package_lab
from tests.unit.history.test_inventory import install


def installed(run: Run) -> list[str]:
    eventually(lambda: "packages" in run.get_details(), 20.0, "the packages being noted")
    found: list[str] = run.get_details_with_logs()["packages"]["installed"]
    return found


def test_an_interactive_run_tells_what_its_process_finds(experiment: Experiment) -> None:
    run = experiment.start_logging(outputs=None, snapshot_directory=None)
    run.complete()
    told = installed(run)
    found = run.get_details()["packages"]
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert f"pytest=={metadata.version('pytest')}" in told
    assert found["count"] == len(told)
    assert json.loads(Path(found["file"]).read_bytes())["python"] == found["python"]


def test_children_of_a_process_tell_what_it_found(experiment: Experiment) -> None:
    run = experiment.start_logging(outputs=None, snapshot_directory=None)
    children = run.create_children(3)
    assert all(installed(child) == installed(run) for child in children)
    assert all("packages" not in child._folder.state().facts for child in children)
    run.complete()


def test_a_process_that_ends_at_once_has_noted_them(experiment: Experiment, here: Path) -> None:
    install(here / "site", "only-here", "1.0")
    (here / "short.py").write_text(
        "from ml_jupyter import Experiment, Workspace\n"
        "experiment = Experiment(Workspace.from_config(), 'short')\n"
        "run = experiment.start_logging(snapshot_directory=None)\n"
        "print(run.id)\nrun.complete()\n"
    )
    experiment.workspace.write_config(here)
    path = os.pathsep.join([str(here / "site"), str(Path(__file__).parents[3])])
    done = subprocess.run(
        [sys.executable, "short.py"], env={**os.environ, "PYTHONPATH": path},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    run = Run.get(experiment.workspace, done.stdout.split()[-1])
    assert run.get_status() == "Completed"
    assert "only-here==1.0" in run.get_details_with_logs()["packages"]["installed"]


def test_a_built_environment_tells_what_was_built(
    experiment: Experiment, here: Path, tmp_path: Path
) -> None:
    package_lab.wheel(tmp_path / "wheels", "one")
    (here / "train.py").write_text("import one\n")
    environment = Environment("lab")
    made = CondaDependencies.create(pip_packages=["one"])
    made.set_pip_option("--no-index")
    made.set_pip_option(f"--find-links {tmp_path / 'wheels'}")
    environment.python.conda_dependencies = made
    run = experiment.submit(ScriptRunConfig(".", "train.py", environment=environment))
    assert run.wait_for_completion()["status"] == "Completed"
    found = installed(run)
    assert "one==1.0" in found
    assert not any(line.startswith("pytest==") for line in found)


def test_a_sweep_has_no_program_of_its_own_but_its_trials_tell(
    experiment: Experiment, here: Path
) -> None:
    (here / "trial.py").write_text("from ml_jupyter import Run\nRun.get_context().log('x', 1.0)\n")
    sampling = GridParameterSampling({"--lr": choice(1, 2)})
    job = ScriptRunConfig(".", "trial.py")
    config = HyperDriveConfig(sampling, "x", PrimaryMetricGoal.MAXIMIZE, 2, run_config=job)
    sweep = experiment.submit(config)
    sweep.wait_for_completion()
    trials = list(sweep.get_children())
    assert len(trials) == 2
    assert {tuple(installed(trial)) for trial in trials} == {tuple(installed(trials[0]))}
    assert "packages" not in sweep.get_details()


def test_a_run_of_an_older_version_has_none(experiment: Experiment) -> None:
    folder = experiment.workspace._folder
    made = folder.create_run(experiment._record, "old", "azureml.scriptrun", "Running")
    made.set_status("Completed")
    run = Run.get(experiment.workspace, "old")
    assert "packages" not in run.get_details()
    assert "packages" not in run.get_details_with_logs()
