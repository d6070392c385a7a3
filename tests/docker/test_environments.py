"""Environments in images: packages put into a base image, Dockerfiles, what is said on failure."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.core import Environment, Experiment, Run, ScriptRunConfig, Workspace
from ml_jupyter.core.environment import CondaDependencies, DockerBuildContext
from tests import package_lab
from tests.docker.daemon import IMAGE, Daemon

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def experiment(settings: Settings, tmp_path: Path) -> Experiment:
    workspace = Workspace.create("docker", location=tmp_path / "workspace")
    return Experiment(workspace, "digits")


def submit(experiment: Experiment, folder: Path, environment: Environment, text: str) -> Run:
    (folder / "source").mkdir(exist_ok=True)
    (folder / "source" / "train.py").write_text(text)
    config = ScriptRunConfig(folder / "source", "train.py", environment=environment)
    return experiment.submit(config)


def log(run: Run) -> str:
    found: str = run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"]
    return found


def with_wheels(environment: Environment, folder: Path, *packages: str) -> Environment:
    made = CondaDependencies.create(pip_packages=list(packages))
    made.set_pip_option("--no-index")
    made.set_pip_option(f"--find-links {folder}")
    environment.python.user_managed_dependencies = False
    environment.python.conda_dependencies = made
    return environment


def test_pip_packages_are_copied_into_the_image(experiment: Experiment, tmp_path: Path) -> None:
    package_lab.wheel(tmp_path / "wheels", "one", requires=["two"])
    package_lab.wheel(tmp_path / "wheels", "two")
    environment = Environment.from_docker_image("filled", IMAGE)
    with_wheels(environment, tmp_path / "wheels", "one")
    text = (
        "import subprocess, one, two\nfrom ml_jupyter import Run\n"
        "print(one.__file__)\nRun.get_context().log('inside', 1)\n"
        "print(subprocess.check_output(['one'], text=True).strip())\n"
    )
    run = submit(experiment, tmp_path, environment, text)
    assert run.wait_for_completion()["status"] == "Completed"
    assert log(run) == "/opt/ml_jupyter/packages/one.py\none 1.0\n"
    assert run.get_metrics() == {"inside": 1}
    installed = run.get_details_with_logs()["packages"]["installed"]
    assert {"one==1.0", "two==1.0"} <= set(installed)
    assert not [line for line in installed if line.lower().startswith(("ml-jupyter", "ml_jupyter"))]
    again = submit(experiment, tmp_path, environment, "print('short')")
    assert again.wait_for_completion()["status"] == "Completed"
    assert again.get_details()["packages"] == run.get_details()["packages"]
    again = submit(experiment, tmp_path, environment, text)
    again.wait_for_completion()
    names = [name for _, name, _ in again._folder.state().history]
    assert names.count("Preparing") == 1


def test_a_removed_image_is_made_again(
    experiment: Experiment, tmp_path: Path, daemon: Daemon
) -> None:
    package_lab.wheel(tmp_path / "wheels", "one")
    environment = Environment.from_docker_image("filled", IMAGE)
    with_wheels(environment, tmp_path / "wheels", "one")
    for _ in range(2):
        run = submit(experiment, tmp_path, environment, "import one\nprint(one.VERSION)\n")
        assert run.wait_for_completion()["status"] == "Completed"
        names = [name for _, name, _ in run._folder.state().history]
        assert names.count("Preparing") == 2
        image = environment.get_image_details(experiment.workspace).image
        with closing(daemon.client()) as client:
            client.remove_image(image, force=True)


def test_a_dockerfile_with_its_folder_and_packages(experiment: Experiment, tmp_path: Path) -> None:
    package_lab.wheel(tmp_path / "wheels", "one")
    context = tmp_path / "context"
    context.mkdir()
    (context / "Dockerfile").write_text(f"FROM {IMAGE}\nCOPY hello.txt /hello.txt\n")
    (context / "hello.txt").write_text("from the folder")
    found = DockerBuildContext.from_local_directory(None, context)
    environment = Environment.from_docker_build_context("made", found)
    with_wheels(environment, tmp_path / "wheels", "one")
    text = "import one\nprint(open('/hello.txt').read(), one.VERSION)\n"
    run = submit(experiment, tmp_path, environment, text)
    assert run.wait_for_completion()["status"] == "Completed"
    assert log(run) == "from the folder 1.0\n"


def test_conda_packages_are_an_environment_of_the_image(
    experiment: Experiment, tmp_path: Path
) -> None:
    channel = package_lab.channel(tmp_path / "channel")
    channel.add_python(f"/usr/local/bin/python{sys.version_info[0]}.{sys.version_info[1]}")
    site = package_lab.site_packages()
    channel.add("lib", "2.0", {f"{site}/lib.py": "NAME = 'lib'\n"}, depends=["python"])
    environment = Environment.from_docker_image("conda", IMAGE)
    environment.python.user_managed_dependencies = False
    made = CondaDependencies(
        _underlying_structure={"channels": [channel.url], "dependencies": ["lib=2"]}
    )
    environment.python.conda_dependencies = made
    text = "import sys, lib\nprint(sys.executable, lib.NAME)\n"
    run = submit(experiment, tmp_path, environment, text)
    assert run.wait_for_completion()["status"] == "Completed"
    assert log(run) == "/opt/ml_jupyter/env/bin/python lib\n"


def test_an_image_that_cannot_be_had_fails_under_preparing(
    experiment: Experiment, tmp_path: Path
) -> None:
    environment = Environment.from_docker_image("gone", "127.0.0.1:9/nobody/nothing:1")
    run = submit(experiment, tmp_path, environment, "")
    details = run.wait_for_completion(raise_on_error=False)
    assert details["status"] == "Failed"
    names = [name for _, name, _ in run._folder.state().history]
    assert names == ["Queued", "Preparing", "Failed"]
    error = run._folder.state().error or {}
    assert error["code"] == "EnvironmentBuildFailed"
    assert "127.0.0.1:9/nobody/nothing:1" in error["message"]


def test_a_dockerfile_that_fails_names_its_line(experiment: Experiment, tmp_path: Path) -> None:
    environment = Environment.from_dockerfile("bad", f"FROM {IMAGE}\nCOPY nothing /x\n")
    run = submit(experiment, tmp_path, environment, "")
    run.wait_for_completion(raise_on_error=False)
    error = run._folder.state().error or {}
    assert "COPY nothing /x" in error["message"]
    assert "Traceback" not in error["message"] + error["log"]
