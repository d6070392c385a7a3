"""``DockerCompute`` as users have it: a target whose jobs run in containers by default."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_jupyter import Environment, Experiment, ScriptRunConfig, Workspace
from ml_jupyter.config import Settings
from ml_jupyter.core.compute import DockerCompute
from ml_jupyter.exceptions import DockerUnavailable
from tests.docker.daemon import IMAGE

pytestmark = [pytest.mark.full, pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def experiment(settings: Settings, tmp_path: Path) -> Experiment:
    workspace = Workspace.create("docker", location=tmp_path / "workspace")
    return Experiment(workspace, "digits")


@pytest.fixture
def config(tmp_path: Path) -> ScriptRunConfig:
    """A script that tells whether it is in a container, and how large its shared memory is."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "train.py").write_text(
        "import os\nfrom ml_jupyter import Run\nRun.get_context().log('seen', 1)\n"
        "size = os.statvfs('/dev/shm')\n"
        "print(os.path.exists('/.dockerenv'), size.f_blocks * size.f_frsize >> 20)\n"
    )
    environment = Environment("as-it-is")
    environment.python.user_managed_dependencies = True
    return ScriptRunConfig(folder, "train.py", environment=environment, compute_target="boxes")


def test_jobs_run_in_the_targets_image_by_default(
    experiment: Experiment, config: ScriptRunConfig
) -> None:
    configuration = DockerCompute.provisioning_configuration(image=IMAGE, shm_size="32m")
    target = DockerCompute.create(experiment.workspace, "boxes", configuration)
    assert target.get_status().state == "Running"
    run = experiment.submit(config)
    run.wait_for_completion()
    assert run.get_details()["target"] == "boxes"
    assert run.get_metrics() == {"seen": 1}
    log = run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"]
    assert log == "True 32\n"


def test_without_an_engine_its_jobs_are_refused_and_leave_no_run(
    experiment: Experiment,
    config: ScriptRunConfig,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    configuration = DockerCompute.provisioning_configuration(image=IMAGE)
    DockerCompute.create(experiment.workspace, "boxes", configuration)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nowhere.sock")
    with pytest.raises(DockerUnavailable):
        experiment.submit(config)
    assert list(experiment.get_runs()) == []
