"""Runs whose environment is built: states, logs, failure, stopping, the queue meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import CondaDependencies, Environment, Experiment, Run, ScriptRunConfig
from ml_jupyter.exceptions import ActivityFailedException, EnvironmentBuildFailed
from ml_jupyter.testing.isolation import eventually, job_processes
from tests import package_lab

USES_ONE = (
    "import os, sys, one\nfrom ml_jupyter import Run\n"
    "print('one', one.VERSION, sys.prefix == os.environ['VIRTUAL_ENV'])\n"
    "Run.get_context().log('loss', 0.5)\n"
)
BEFORE_RUNNING = ["Queued", "Preparing", "Queued", "Preparing", "Starting", "Running"]


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    package_lab.wheel(tmp_path / "wheels", "one")
    return tmp_path / "wheels"


@pytest.fixture
def config(here: Path, wheels: Path) -> Callable[..., ScriptRunConfig]:
    """A script in a pip environment of packages from the folder of wheels."""

    def write(text: str, *packages: str, name: str = "lab") -> ScriptRunConfig:
        (here / "train.py").write_text(text)
        environment = Environment(name)
        made = CondaDependencies.create(pip_packages=list(packages))
        made.set_pip_option("--no-index")
        made.set_pip_option(f"--find-links {wheels}")
        environment.python.conda_dependencies = made
        return ScriptRunConfig(".", "train.py", environment=environment)

    return write


def states(run: Run) -> list[str]:
    return [name for _, name, _ in run._folder.state().history]


def build_log(run: Run) -> str:
    path = run._folder.layout.files / "system_logs" / "build_log.txt"
    return path.read_text() if path.exists() else ""


def test_a_run_is_prepared_and_the_next_one_starts_at_once(
    experiment: Experiment, config: Callable[..., ScriptRunConfig], capsys: Any
) -> None:
    first = experiment.submit(config(USES_ONE, "one", "azureml-defaults"))
    first.wait_for_completion(show_output=True)
    assert states(first) == [*BEFORE_RUNNING, "Finalizing", "Completed"]
    assert first.get_metrics() == {"loss": 0.5}
    shown = capsys.readouterr().out
    heads = ["Streaming system_logs/build_log.txt\n===", "one==1.0", "Streaming user_logs/std_log"]
    places = [shown.index(text) for text in (*heads, "one 1.0 True", "Execution Summary")]
    assert places == sorted(places)
    assert "system_logs/build_log.txt" in first.get_file_names()
    second = experiment.submit(config(USES_ONE, "one", name="another-name"))
    second.wait_for_completion(show_output=True)
    assert states(second).count("Preparing") == 1
    assert build_log(second) == ""
    assert "build_log" not in capsys.readouterr().out


def test_a_failed_build_is_the_run_s_end(
    experiment: Experiment, config: Callable[..., ScriptRunConfig]
) -> None:
    run = experiment.submit(config("", "one", "absent"))
    with pytest.raises(ActivityFailedException, match="'lab' could not be built"):
        run.wait_for_completion()
    assert states(run) == ["Queued", "Preparing", "Failed"]
    error = run._folder.state().error or {}
    assert (error["code"], error["package"]) == ("EnvironmentBuildFailed", "absent")
    assert "absent" in error["log"]
    assert "Traceback" not in build_log(run)
    found = run.get_details()["finding"]
    assert (found["kind"], found["log"]) == ("environment", "system_logs/build_log.txt")
    assert any("absent" in line for line in found["tail"])
    eventually(lambda: not run._folder.layout.launch.exists(), 5, "the end of what only it needs")


def test_stopping_a_build(
    experiment: Experiment, config: Callable[..., ScriptRunConfig], tmp_path: Path, settings: Any
) -> None:
    gate = package_lab.Gate(tmp_path)
    run = experiment.submit(config("", "slow"))
    eventually(gate.started.exists, 30, "the build to begin")
    assert run.get_status() == "Preparing"
    assert run._folder.state().reason == "Building environment 'lab'."
    begun = time.monotonic()
    run.cancel()
    assert run.get_status() in ("CancelRequested", "Canceled")
    eventually(lambda: run.get_status() == "Canceled", 5, "the run's end")
    assert time.monotonic() - begun < 1.5
    eventually(lambda: not job_processes(settings, run.id), 5, "the end of the build's processes")
    assert [path for path in (settings.cache / "environments").iterdir() if path.is_dir()] == []


def test_others_run_while_an_environment_is_built(
    experiment: Experiment, config: Callable[..., ScriptRunConfig], tmp_path: Path, here: Path
) -> None:
    gate = package_lab.Gate(tmp_path)
    slow = experiment.submit(config("import slow\n", "slow"))
    twin = experiment.submit(config("import slow\n", "slow", name="twin"))
    eventually(gate.started.exists, 30, "the build to begin")
    (here / "plain.py").write_text("print('here')\n")
    plain = [experiment.submit(ScriptRunConfig(".", "plain.py")) for _ in range(3)]
    for run in plain:
        run.wait_for_completion()
    assert slow.get_status() == "Preparing"
    assert twin.get_status() == "Queued"
    gate.go.touch()
    for run in (slow, twin):
        assert run.wait_for_completion()["status"] == "Completed"
    assert states(twin).count("Preparing") == 1


def test_a_replaced_python_is_a_warning_of_every_run(
    experiment: Experiment, config: Callable[..., ScriptRunConfig]
) -> None:
    for _ in range(2):
        script = config("", "one")
        script.run_config.environment.python.packages().set_python_version("3.6.2")
        run = experiment.submit(script)
        run.wait_for_completion()
        assert any("Python 3.6.2 is too old" in text for text in run._folder.state().warnings)


def test_packages_that_a_given_python_lacks_are_a_warning(
    experiment: Experiment, config: Callable[..., ScriptRunConfig]
) -> None:
    script = config("print('runs')\n", "no-such-thing", "pytest>=1")
    script.run_config.environment.python.user_managed_dependencies = True
    with pytest.warns(UserWarning, match="lacks: no-such-thing"):
        run = experiment.submit(script)
    run.wait_for_completion()
    assert any("lacks: no-such-thing" in text for text in run._folder.state().warnings)


def test_a_run_in_a_conda_environment(experiment: Experiment, here: Path, tmp_path: Path) -> None:
    channel = package_lab.channel(tmp_path / "channel")
    channel.add_python()
    script = 'export LIB_HOME="$CONDA_PREFIX/lib"\n'
    files = {"etc/conda/activate.d/lib.sh": script, f"{package_lab.site_packages()}/lib.py": ""}
    channel.add("lib", files=files, depends=["python"])
    environment = Environment("lab")
    made = {"channels": [channel.url], "dependencies": ["lib=1.0"]}
    environment.python.conda_dependencies = CondaDependencies(_underlying_structure=made)
    (here / "train.py").write_text(
        "import os, sys, lib\nfrom ml_jupyter import Run\n"
        "Run.get_context().log('same', os.environ['LIB_HOME'] == sys.prefix + '/lib')\n"
    )
    run = experiment.submit(ScriptRunConfig(".", "train.py", environment=environment))
    run.wait_for_completion()
    assert run.get_metrics() == {"same": True}
    assert "+ lib 1.0 0" in build_log(run)


def test_a_job_in_a_built_environment_submits_others(
    experiment: Experiment, config: Callable[..., ScriptRunConfig], here: Path
) -> None:
    (here / "child.py").write_text("print('child')\n")
    parent = (
        "import importlib.util\nfrom ml_jupyter import Run, ScriptRunConfig\n"
        "assert importlib.util.find_spec('pathspec') is None\n"
        "child = Run.get_context().submit_child(ScriptRunConfig('.', 'child.py'))\n"
        "print(child.wait_for_completion()['status'])\n"
    )
    run = experiment.submit(config(parent, "one"))
    assert run.wait_for_completion()["status"] == "Completed"
    assert len(list(run.get_children())) == 1


def test_building_ahead_in_the_background(
    experiment: Experiment, config: Callable[..., ScriptRunConfig], tmp_path: Path, capsys: Any
) -> None:
    gate = package_lab.Gate(tmp_path)
    environment = config("", "slow").run_config.environment
    workspace = experiment.workspace
    build = environment.build(workspace)
    eventually(gate.started.exists, 30, "the build to begin")
    assert build.status == "Running"
    assert environment.get_image_details(workspace).image_exists is False
    gate.go.touch()
    assert build.wait_for_completion(show_output=True) is build
    assert build.status == "Succeeded"
    assert "slow==1.0" in capsys.readouterr().out
    details = environment.get_image_details(workspace)
    assert details.image_exists is True
    assert details.size > 0
    assert environment.build(workspace).wait_for_completion().status == "Succeeded"
    failing = config("", "absent").run_config.environment.build(workspace)
    with pytest.raises(EnvironmentBuildFailed, match="absent") as caught:
        failing.wait_for_completion(show_output=False)
    assert caught.value.package == "absent"
    failing.save_logs(tmp_path / "log.txt")
    assert "absent" in (tmp_path / "log.txt").read_text()
