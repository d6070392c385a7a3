"""What "Train PyTorch models at scale" (Azure ML, SDK v1, 2020-09-28) shows and claims.

Source: https://learn.microsoft.com/azure/machine-learning/v1/how-to-train-pytorch.
The programs are our own; each test names the section it holds us to. What needs PyTorch itself is
in test_frameworks_themselves.py.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ml_jupyter.core import Environment, Experiment, Model, Run, ScriptRunConfig
from ml_jupyter.core.compute import AmlCompute, ComputeTarget
from ml_jupyter.core.compute_target import ComputeTargetException
from ml_jupyter.core.runconfig import MpiConfiguration, PyTorchConfiguration
from ml_jupyter.core.workspace import Workspace
from ml_jupyter.exceptions import (
    DockerUnavailable,
    ModelPathNotFoundException,
    UserErrorException,
)
from tests import package_lab

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:Compute target 'gpu-cluster'"),  # this machine is smaller
]

CONDA = """\
channels:
- conda-forge
dependencies:
- python=3.6.2
- pip:
  - azureml-defaults
  - {packages}
"""
TRAIN = """\
import os, sys
print("arguments", sys.argv[1:])
print("beside the script:", sorted(os.listdir(".")))
folder = sys.argv[sys.argv.index("--output_dir") + 1]
with open(os.path.join(folder, "model.pt"), "w") as file:
    file.write("weights")
with open("logs/progress.txt", "w") as file:
    file.write("epoch 30")
"""
RANK = """\
import os, sys
from urllib.parse import urlparse
argument = dict(zip(sys.argv[1::2], sys.argv[2::2]))
assert argument["--rank"] == os.environ["AZ_BATCHAI_TASK_INDEX"]
assert argument["--dist-url"] == os.environ["AZ_BATCHAI_PYTORCH_INIT_METHOD"]
shared = urlparse(argument["--dist-url"])
assert shared.scheme == "file" and os.path.isdir(os.path.dirname(shared.path)), shared
print("rank", argument["--rank"], "of", argument["--world-size"], argument["--dist-backend"])
"""


@pytest.fixture
def user_managed() -> Environment:
    made = Environment("here")
    made.python.user_managed_dependencies = True
    return made


@pytest.fixture
def project_folder(project: Path) -> str:
    """Section "Prepare training script"."""
    folder = "./pytorch-birds"
    Path(folder).mkdir()
    (project / "pytorch_train.py").write_text(TRAIN)
    shutil.copy("pytorch_train.py", folder)
    return folder


@pytest.fixture
def compute_target(ws: Workspace) -> ComputeTarget:
    """Section "Create a compute target", where there may be no GPU and fewer nodes."""
    made = AmlCompute.provisioning_configuration(vm_size="STANDARD_NC6", max_nodes=4)
    return ComputeTarget.create(ws, "gpu-cluster", made)


@pytest.fixture
def run(ws: Workspace, project_folder: str, user_managed: Environment) -> Run:
    """Section "Submit your run"."""
    src = ScriptRunConfig(
        source_directory=project_folder,
        script="pytorch_train.py",
        arguments=["--num_epochs", 30, "--output_dir", "./outputs"],
        environment=user_managed,
    )
    run = Experiment(ws, name="pytorch-birds").submit(src)
    run.wait_for_completion()
    return run


def log_of(run: Run) -> str:
    text: str = (run._folder.layout.files / "user_logs" / "std_log.txt").read_text()
    return text


def test_a_cluster_is_found_or_made(ws: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """Section "Create a compute target"."""
    with pytest.raises(ComputeTargetException, match="gpu-cluster"):
        ComputeTarget(workspace=ws, name="gpu-cluster")
    made = AmlCompute.provisioning_configuration(vm_size="STANDARD_NC6", max_nodes=4)
    target = ComputeTarget.create(ws, "gpu-cluster", made)
    target.wait_for_completion(show_output=True, min_node_count=None, timeout_in_minutes=20)
    assert "Succeeded" in capsys.readouterr().out
    assert ComputeTarget(workspace=ws, name="gpu-cluster").provisioning_state == "Succeeded"


def test_a_curated_environment_is_read_written_and_copied(ws: Workspace, project: Path) -> None:
    """Section "Use a curated environment"."""
    name = "AzureML-PyTorch-1.6-GPU"
    curated = Environment.get(workspace=ws, name=name)
    curated.save_to_directory(path=name)
    packages = project / name / "conda_dependencies.yml"
    assert "torch==" in packages.read_text()
    with pytest.raises(UserErrorException, match="is reserved"):
        curated.register(ws)
    packages.write_text(packages.read_text().replace("- tqdm", "- tqdm\n  - einops"))
    changed = Environment.from_conda_specification(name="pytorch-1.6-gpu", file_path=str(packages))
    assert "einops" in list(changed.python.conda_dependencies.pip_packages)
    copied = curated.clone(new_name="pytorch-1.6-gpu")
    copied.python.conda_dependencies.add_pip_package("einops")
    assert copied.register(ws).version == "1"
    assert "einops" not in list(Environment.get(ws, name).python.conda_dependencies.pip_packages)


def test_a_specification_of_then_is_built_with_the_python_there_is(
    ws: Workspace, project_folder: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Section "Create a custom environment", without Docker: jobs cannot run in Python 3.6.2."""
    package_lab.wheel(project / "wheels", "birds", "1.6.0")
    (project / "empty-index").mkdir()
    monkeypatch.setenv("UV_DEFAULT_INDEX", (project / "empty-index").as_uri())
    monkeypatch.setenv("UV_FIND_LINKS", str(project / "wheels"))
    file = project / "conda_dependencies.yml"
    file.write_text(CONDA.format(packages="birds==1.6.0"))
    environment = Environment.from_conda_specification(
        "pytorch-1.6-gpu", "./conda_dependencies.yml"
    )
    (project / project_folder / "uses.py").write_text(
        "import birds, sys\nprint(sys.version_info)\n"
    )
    src = ScriptRunConfig(project_folder, "uses.py", environment=environment)
    run = Experiment(ws, name="pytorch-birds").submit(src)
    assert run.wait_for_completion()["status"] == "Completed"
    log = (run._folder.layout.files / "system_logs" / "build_log.txt").read_text()
    assert "birds==1.6.0" in log
    assert "Python 3.6.2 is too old to run jobs" in log


def test_an_image_is_refused_in_words_where_docker_does_not_run(
    ws: Workspace, project_folder: str, monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    """Section "Create a custom environment", the GPU base image; tests/docker has the rest."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{project}/absent.sock")
    environment = Environment("pytorch-1.6-gpu")
    environment.docker.enabled = True
    environment.docker.base_image = "registry.example.org/openmpi-cuda:ubuntu18.04"
    src = ScriptRunConfig(project_folder, "pytorch_train.py", environment=environment)
    with pytest.raises(DockerUnavailable, match="ML_JUPYTER_ENVIRONMENT_MODE"):
        Experiment(ws, name="pytorch-birds").submit(src)
    assert list(ws.get_runs()) == []


def test_a_run_on_the_cluster_with_its_whole_folder(
    ws: Workspace,
    compute_target: ComputeTarget,
    project_folder: str,
    user_managed: Environment,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Sections "Create a ScriptRunConfig", "Submit your run" and what happens during it."""
    for name, text in (("network.py", ""), ("secret.key", "x"), (".amlignore", "*.key\n")):
        Path(project_folder, name).write_text(text)
    src = ScriptRunConfig(
        source_directory=project_folder,
        script="pytorch_train.py",
        arguments=["--num_epochs", 30, "--output_dir", "./outputs"],
        compute_target=compute_target,
        environment=user_managed,
    )
    run = Experiment(ws, name="pytorch-birds").submit(src)
    run.wait_for_completion(show_output=True)
    shown = capfd.readouterr().out
    assert "arguments ['--num_epochs', '30', '--output_dir', './outputs']" in shown
    assert "network.py" in shown
    assert "secret.key" not in shown
    assert (run.get_status(), run.get_details()["target"]) == ("Completed", "gpu-cluster")
    assert {"outputs/model.pt", "logs/progress.txt"} <= set(run.get_file_names())


def test_the_model_is_registered_and_downloaded(run: Run, ws: Workspace) -> None:
    """Section "Register or download a model"."""
    model = run.register_model(model_name="pytorch-birds", model_path="outputs/model.pt")
    again = run.register_model(model_name="pytorch-birds", model_path="outputs/model.pt")
    assert (model.version, again.version, model.run_id) == (1, 2, run.id)
    assert Model(ws, "pytorch-birds").id == "pytorch-birds:2"
    Path("./model").mkdir()
    run.download_file(name="outputs/model.pt", output_file_path="./model/model.pt")
    assert Path("model/model.pt").read_text() == "weights"
    with pytest.raises(ModelPathNotFoundException, match=r"Near: outputs/model\.pt"):
        run.register_model(model_name="pytorch-birds", model_path="outputs/modell.pt")


def test_one_process_on_each_of_two_nodes(
    ws: Workspace,
    compute_target: ComputeTarget,
    project_folder: str,
    user_managed: Environment,
) -> None:
    """Section "Horovod": what MpiConfiguration starts."""
    Path(project_folder, "rank.py").write_text(
        "import os\nprint('rank', os.environ['OMPI_COMM_WORLD_RANK'], "
        "'of', os.environ['OMPI_COMM_WORLD_SIZE'], 'node', os.environ['NODE_RANK'])\n"
    )
    for config, expected in (
        (MpiConfiguration(node_count=2), ["rank 0 of 2 node 0", "rank 1 of 2 node 1"]),
        (MpiConfiguration(process_count_per_node=2), ["rank 0 of 2 node 0", "rank 1 of 2 node 0"]),
    ):
        src = ScriptRunConfig(
            source_directory=project_folder,
            script="rank.py",
            compute_target=compute_target,
            environment=user_managed,
            distributed_job_config=config,
        )
        run = Experiment(ws, "horovod").submit(src)
        assert run.wait_for_completion()["status"] == "Completed"
        for line in expected:
            assert line in log_of(run)


@pytest.mark.parametrize("backend", ["Nccl", "Gloo"])
def test_ranks_get_their_number_and_their_meeting_place_as_arguments(
    ws: Workspace,
    compute_target: ComputeTarget,
    project_folder: str,
    user_managed: Environment,
    backend: str,
) -> None:
    """Section "DistributedDataParallel": the two variables, in the arguments of each process."""
    Path(project_folder, "rank.py").write_text(RANK)
    args = ["--dist-backend", backend.lower(), "--dist-url", "$AZ_BATCHAI_PYTORCH_INIT_METHOD"]
    args += ["--rank", "$AZ_BATCHAI_TASK_INDEX", "--world-size", 2]
    src = ScriptRunConfig(
        source_directory=project_folder,
        script="rank.py",
        arguments=args,
        compute_target=compute_target,
        environment=user_managed,
        distributed_job_config=PyTorchConfiguration(communication_backend=backend, node_count=2),
    )
    run = Experiment(ws, "ddp").submit(src)
    assert run.wait_for_completion()["status"] == "Completed"
    for rank in (0, 1):
        assert f"[{rank}] rank {rank} of 2 {backend.lower()}" in log_of(run)
