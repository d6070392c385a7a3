"""Docker as users ask for it: environments, configurations, credentials, clear refusals."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

import ml_jupyter
from ml_jupyter.config import Settings
from ml_jupyter.core import Environment, Experiment, ScriptRunConfig, Workspace
from ml_jupyter.core.runconfig import DockerConfiguration
from ml_jupyter.exceptions import DockerUnavailable, RunConfigurationException
from ml_jupyter.testing.isolation import isolated
from tests.docker.daemon import IMAGE, Daemon

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

PASSWORD, USER = "correct-horse-battery", "registry-user-name"


@pytest.fixture
def experiment(settings: Settings, tmp_path: Path) -> Experiment:
    """An experiment of a workspace of its own."""
    workspace = Workspace.create("docker", location=tmp_path / "workspace")
    return Experiment(workspace, "digits")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with a script that says where it runs."""
    folder = tmp_path / "source"
    folder.mkdir()
    text = "import os, sys\nfrom ml_jupyter import Run\nRun.get_context().log('inside', 1)\n"
    (folder / "train.py").write_text(f"{text}print(os.path.exists('/usr/bin/env'), sys.argv[1:])\n")
    return folder


def in_image(image: str = IMAGE) -> Environment:
    """An environment that is an image, with nothing installed into it."""
    found = Environment("in-an-image")
    found.docker.enabled = True
    found.docker.base_image = image
    found.python.user_managed_dependencies = True
    return found


def holding(folder: Path, *words: str) -> list[Path]:
    """Files below a folder that hold one of some words."""
    marks = [word.encode() for word in words]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(mark in path.read_bytes() for mark in marks)]


def test_environment_with_docker_enabled(experiment: Experiment, source: Path) -> None:
    config = ScriptRunConfig(source, "train.py", ["--lr", 0.1], environment=in_image())
    run = experiment.submit(config)
    details = run.wait_for_completion()
    assert details["status"] == "Completed"
    assert details["runDefinition"]["environment"]["docker"]["enabled"] is True
    assert run.get_metrics() == {"inside": 1}
    log = run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"]
    assert log == "False ['--lr', '0.1']\n"


@pytest.mark.full
def test_docker_configuration_and_its_arguments(experiment: Experiment, source: Path) -> None:
    environment = in_image()
    environment.docker.enabled = False
    docker = DockerConfiguration(True, arguments=["--env", "GIVEN=yes"], shm_size="16m")
    command = ["echo $GIVEN; df -k /dev/shm 2>/dev/null; exit 0"]
    config = ScriptRunConfig(
        source, command=command, environment=environment, docker_runtime_config=docker
    )
    run = experiment.submit(config)
    run.wait_for_completion()
    log = run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"]
    assert log.startswith("yes\n")


def test_base_dockerfile(experiment: Experiment, source: Path) -> None:
    environment = in_image()
    environment.docker.base_image = None
    environment.docker.base_dockerfile = f"FROM {IMAGE}\nRUN echo built > /made-here\n"
    config = ScriptRunConfig(source, command=["cat() { read x < $1; echo $x; }; cat /made-here"])
    config.run_config.environment = environment
    run = experiment.submit(config)
    run.wait_for_completion(show_output=True)
    assert run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"] == "built\n"
    build_log = run.get_details_with_logs()["logFiles"]["system_logs/build_log.txt"]
    assert "RUN echo built" in build_log


def test_credentials_reach_no_file_of_the_workspace(
    experiment: Experiment, source: Path, tmp_path: Path, settings: Settings
) -> None:
    environment = in_image("private/image:1")
    registry = environment.docker.base_image_registry
    registry.address = "127.0.0.1:1"
    registry.username, registry.password = USER, PASSWORD
    registered = environment.register(experiment.workspace)
    run = experiment.submit(ScriptRunConfig(source, "train.py", environment=registered))
    root = tmp_path / "workspace"
    assert holding(root, PASSWORD, USER) == [], "while it waits"
    details = run.wait_for_completion(raise_on_error=False)
    assert details["status"] == "Failed"
    assert "127.0.0.1:1/private/image:1" in str(details["error"])
    assert holding(root, PASSWORD, USER) == [], "at its end"
    kept = holding(settings.state, PASSWORD)
    assert [path.stat().st_mode & 0o077 for path in kept] == [0]
    assert PASSWORD not in repr(environment.docker) + str(details)


def refusal(experiment: Experiment, source: Path) -> DockerUnavailable:
    with pytest.raises(DockerUnavailable) as caught:
        experiment.submit(ScriptRunConfig(source, "train.py", environment=in_image()))
    assert list(experiment.get_runs()) == [], "nothing was written"
    assert "ML_JUPYTER_ENVIRONMENT_MODE" in str(caught.value)
    return caught.value


def test_docker_that_is_not_running(
    experiment: Experiment, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    error = refusal(experiment, source)
    assert error.details["reason"] == "not_running"
    assert "installed but not running" in error.message


def test_docker_that_is_not_installed(
    experiment: Experiment, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("PATH", str(tmp_path))
    error = refusal(experiment, source)
    assert error.details["reason"] == "not_installed"


def test_docker_that_this_user_may_not_use(
    tmp_path: Path, source: Path, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.getuid() != 0:
        pytest.skip("needs root, to be somebody else for a moment")
    closed = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(closed))
        server.listen()
        closed.chmod(0o600)
        for folder in [tmp_path, *list(tmp_path.parents)[:-2]]:
            folder.chmod(folder.stat().st_mode | 0o055)
        monkeypatch.setenv("DOCKER_HOST", f"unix://{closed}")
        child = os.fork()
        if child == 0:
            os._exit(_is_denied(source))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _is_denied(source: Path) -> int:
    """Run as nobody; 0: refused with the reason."""
    try:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        from ml_jupyter import containers

        containers.connect()
    except DockerUnavailable as error:
        belongs = "belongs to root:root" in error.message and "group 'docker'" in str(error.hint)
        return 0 if error.details["reason"] == "access_denied" and belongs else 2
    except BaseException:
        return 3
    return 1


INSIDE = """
import sys
sys.path.insert(0, "/opt")
from pathlib import Path
from ml_jupyter import containers
from ml_jupyter.exceptions import DockerUnavailable
try:
    containers.check(containers.connect(), folders=[Path(sys.argv[1])])
    print("agreed")
except DockerUnavailable as error:
    print(error.details["reason"], error.message, error.hint)
"""


@pytest.mark.full
@pytest.mark.parametrize("same_path", [True, False])
def test_inside_a_container(tmp_path: Path, daemon: Daemon, same_path: bool) -> None:
    mounts = [
        f"{daemon.folder}:{daemon.folder}",
        f"{Path(ml_jupyter.__file__).parent}:/opt/ml_jupyter:ro",
        f"{tmp_path}:{tmp_path if same_path else '/elsewhere'}",
    ]
    variables = {"DOCKER_HOST": daemon.host}
    said = daemon.run(["python", "-c", INSIDE, f"{tmp_path}/workspace"], mounts, variables)
    if same_path:
        assert said == "agreed\n"
    else:
        assert said.startswith("paths_differ This is a container")
        assert f"docker run -v {tmp_path}/workspace:{tmp_path}/workspace" in said


def test_gpus_that_the_engine_cannot_give(daemon: Daemon) -> None:
    from ml_jupyter import containers

    with pytest.raises(DockerUnavailable, match="NVIDIA Container Toolkit"):
        containers.check(containers.connect(), folders=[], gpus=1)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--ipcc", "host"], "Did you mean --ipc"),
        (["--name", "mine"], "cannot be given for a run"),
        (["host"], "is not an option"),
        (["--cpus"], "has no value"),
    ],
)
def test_options_that_cannot_be(
    experiment: Experiment, source: Path, arguments: list[str], text: str
) -> None:
    docker = DockerConfiguration(True, arguments=arguments)
    config = ScriptRunConfig(
        source, "train.py", environment=in_image(), docker_runtime_config=docker
    )
    with pytest.raises(RunConfigurationException, match=text):
        experiment.submit(config)
    assert list(experiment.get_runs()) == []


def test_forced_mode_goes_without_docker(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with isolated(tmp_path / "world", environment_mode="user"):
        workspace = Workspace.create("plain", location=tmp_path / "workspace")
        config = ScriptRunConfig(source, "train.py", environment=in_image())
        run = Experiment(workspace, "digits").submit(config)
        assert run.wait_for_completion()["status"] == "Completed"
