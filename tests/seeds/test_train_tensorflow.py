"""What "Train TensorFlow models at scale" (Azure ML, SDK v1, 2020-09-28) shows and claims.

Source: https://learn.microsoft.com/azure/machine-learning/v1/how-to-train-tensorflow.
The programs are our own; each test names the section it holds us to. What needs TensorFlow itself
is in test_frameworks_themselves.py.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter.core import Environment, Experiment, Model, Run, ScriptRunConfig, Workspace
from ml_jupyter.core.compute import AmlCompute, ComputeTarget
from ml_jupyter.core.dataset import Dataset
from ml_jupyter.core.environment import DEFAULT_CPU_IMAGE
from ml_jupyter.core.resource_configuration import ResourceConfiguration
from ml_jupyter.core.runconfig import MpiConfiguration, TensorflowConfiguration
from ml_jupyter.data import FileDataset
from ml_jupyter.testing.isolation import eventually
from tests.seeds.web import served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:Compute target 'gpu-cluster'"),  # this machine is smaller
]

DIGITS = ("train-images.gz", "train-labels.gz", "t10k-images.gz", "t10k-labels.gz")
MNIST = """\
import argparse, glob, gzip, os

parser = argparse.ArgumentParser()
parser.add_argument("--data-folder", dest="data_folder")
parser.add_argument("--batch-size", type=int)
parser.add_argument("--first-layer-neurons", type=int)
parser.add_argument("--second-layer-neurons", type=int)
parser.add_argument("--learning-rate", type=float)
args = parser.parse_args()
(found,) = glob.glob(os.path.join(args.data_folder, "**/train-images.gz"), recursive=True)
with gzip.open(found) as file:
    print("read", file.read().decode(), args.batch_size, args.learning_rate)
os.makedirs("./outputs/model/variables")
for name in ("saved_model.pb", "variables/variables.index"):
    with open(os.path.join("./outputs/model", name), "w") as file:
        file.write(name)
"""
WAITS = """\
import os, time
with open("logs/steps.txt", "w") as file:
    file.write("step 1\\n")
while not os.path.exists("outputs/go"):
    time.sleep(0.02)
"""
TOLD = """\
import json, os, sys
config = json.loads(os.environ["TF_CONFIG"])
print("told", sys.argv[1:], json.dumps(config), flush=True)
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Address of a folder with four small files, on this machine."""
    folder = tmp_path / "web" / "exdb" / "mnist"
    folder.mkdir(parents=True)
    for name in DIGITS:
        (folder / name).write_bytes(gzip.compress(name.encode()))

    with served(tmp_path / "web") as address:
        yield f"{address}/exdb/mnist"


@pytest.fixture
def dataset(ws: Workspace, site: str) -> FileDataset:
    """Section "Create a file dataset"."""
    dataset = Dataset.File.from_files(path=[f"{site}/{name}" for name in DIGITS])
    return dataset.register(
        workspace=ws,
        name="mnist-dataset",
        description="training and test dataset",
        create_new_version=True,
    )


@pytest.fixture
def tf_env() -> Environment:
    made = Environment("tensorflow-2.2-gpu")
    made.python.user_managed_dependencies = True
    return made


@pytest.fixture
def compute_target(ws: Workspace) -> ComputeTarget:
    """Section "Create a compute target"."""
    made = AmlCompute.provisioning_configuration(vm_size="STANDARD_NC6", max_nodes=4)
    target = ComputeTarget.create(ws, "gpu-cluster", made)
    target.wait_for_completion(show_output=True, min_node_count=None, timeout_in_minutes=20)
    return target


@pytest.fixture
def script_folder(project: Path) -> str:
    folder = project / "tf-mnist"
    folder.mkdir()
    for name, text in (("tf_mnist.py", MNIST), ("waits.py", WAITS), ("told.py", TOLD)):
        (folder / name).write_text(text)
    return str(folder)


@pytest.fixture
def run(
    ws: Workspace,
    dataset: FileDataset,
    script_folder: str,
    compute_target: ComputeTarget,
    tf_env: Environment,
) -> Run:
    """Sections "Create a ScriptRunConfig" and "Submit a run"."""
    args = ["--data-folder", dataset.as_mount(), "--batch-size", 64]
    args += ["--first-layer-neurons", 256, "--second-layer-neurons", 128, "--learning-rate", 0.01]
    src = ScriptRunConfig(
        source_directory=script_folder,
        script="tf_mnist.py",
        arguments=args,
        compute_target=compute_target,
        environment=tf_env,
    )
    run = Experiment(workspace=ws, name="Tutorial-TF-Mnist").submit(src)
    run.wait_for_completion(show_output=True)
    return run


def lines_of(run: Run, beginning: str) -> list[str]:
    text = (run._folder.layout.files / "user_logs" / "std_log.txt").read_text()
    return [line for line in text.splitlines() if beginning in line]


def test_files_of_the_web_become_a_dataset(ws: Workspace, dataset: FileDataset, site: str) -> None:
    """Section "Create a file dataset": a reference with a name and versions."""
    paths = [f"/http/127.0.0.1/exdb/mnist/{name}" for name in DIGITS]
    assert (dataset.name, dataset.version, sorted(dataset.to_path())) == (
        "mnist-dataset",
        1,
        sorted(paths),
    )
    fewer = Dataset.File.from_files(f"{site}/{DIGITS[0]}")
    second = fewer.register(workspace=ws, name="mnist-dataset", create_new_version=True)
    assert second.version == 2
    assert Dataset.get_by_name(ws, "mnist-dataset").to_path() == [paths[0]]
    assert len(Dataset.get_by_name(ws, "mnist-dataset", version=1).to_path()) == 4
    part = dataset.take(2).register(workspace=ws, name="mnist-part")
    assert len(Dataset.get_by_name(ws, "mnist-part").to_path()) == len(part.to_path()) == 2


def test_a_curated_environment_is_written_and_copied(ws: Workspace, project: Path) -> None:
    """Section "Use a curated environment"; the default image of "Create a custom environment"."""
    name = "AzureML-TensorFlow-2.2-GPU"
    curated = Environment.get(workspace=ws, name=name)
    curated.save_to_directory(path=name)
    packages = (project / name / "conda_dependencies.yml").read_text()
    assert "tensorflow==" in packages
    (project / "conda_dependencies.yml").write_text(packages)
    own = Environment.from_conda_specification("tensorflow-2.2-gpu", "./conda_dependencies.yml")
    assert own.docker.base_image == DEFAULT_CPU_IMAGE
    assert not own.docker.enabled
    assert curated.clone(new_name="tensorflow-2.2-gpu").name == "tensorflow-2.2-gpu"


def test_a_run_reads_the_data_and_its_model_is_registered(
    ws: Workspace, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sections "Submit a run" and "Register or download a model"."""
    assert lines_of(run, "read ") == ["read train-images.gz 64 0.01"]
    assert run.get_details()["inputDatasets"][0]["dataset"]["name"] == "mnist-dataset"
    with pytest.warns(UserWarning, match=r"asks for 0\.5 GB of memory, but TensorFlow needs"):
        model = run.register_model(
            model_name="tf-mnist",
            model_path="outputs/model",
            model_framework=Model.Framework.TENSORFLOW,
            model_framework_version="2.0",
            resource_configuration=ResourceConfiguration(cpu=1, memory_in_gb=0.5),
        )
    assert (model.model_framework, model.model_framework_version) == ("TensorFlow", "2.0")
    asked = Model(ws, "tf-mnist").resource_configuration
    assert (asked.cpu, asked.memory_in_gb) == (1, 0.5)
    Path("./model").mkdir()
    run.download_files(prefix="outputs/model", output_directory="./model", append_prefix=False)
    assert Path("model/saved_model.pb").read_text() == "saved_model.pb"
    assert Path("model/variables/variables.index").is_file()
    copied = Path(model.download("copy"))
    assert (copied / "variables" / "variables.index").is_file()


def test_logs_are_kept_while_the_script_runs(
    ws: Workspace, script_folder: str, tf_env: Environment
) -> None:
    """Section "What happens during run execution": ./logs at once, ./outputs at the end."""
    src = ScriptRunConfig(script_folder, "waits.py", environment=tf_env)
    run = Experiment(ws, "Tutorial-TF-Mnist").submit(src)
    eventually(lambda: "logs/steps.txt" in run.get_file_names(), 30, "a file of ./logs")
    assert run.get_status() == "Running"
    run.download_file("logs/steps.txt", "steps.txt")
    assert Path("steps.txt").read_text() == "step 1\n"
    (run._folder.layout.work / "outputs" / "go").touch()
    assert run.wait_for_completion()["status"] == "Completed"
    assert {"outputs/go", "logs/steps.txt"} <= set(run.get_file_names())


def test_data_is_mounted_on_every_node_of_an_mpi_job(
    ws: Workspace,
    script_folder: str,
    tf_env: Environment,
    compute_target: ComputeTarget,
    dataset: FileDataset,
) -> None:
    """Section "Horovod": two nodes, and the data among the arguments."""
    Path(script_folder, "word2vec.py").write_text(
        "import os, sys\nprint('rank', os.environ['HOROVOD_RANK'], 'of', "
        "os.environ['HOROVOD_SIZE'], len(list(os.walk(sys.argv[2]))))\n"
    )
    src = ScriptRunConfig(
        source_directory=script_folder,
        script="word2vec.py",
        arguments=["--input_data", dataset.as_mount()],
        compute_target=compute_target,
        environment=tf_env,
        distributed_job_config=MpiConfiguration(node_count=2),
    )
    run = Experiment(ws, "word2vec").submit(src)
    assert run.wait_for_completion()["status"] == "Completed"
    assert sorted(lines_of(run, "rank")) == ["[0] rank 0 of 2 5", "[1] rank 1 of 2 5"]


@pytest.mark.parametrize("servers", [0, 1])
def test_workers_and_servers_are_told_of_each_other(
    ws: Workspace,
    script_folder: str,
    tf_env: Environment,
    compute_target: ComputeTarget,
    servers: int,
) -> None:
    """Section "tf.distribute": the shape of TF_CONFIG, with and without parameter servers."""
    src = ScriptRunConfig(
        source_directory=script_folder,
        script="told.py",
        arguments=["--epochs", 30, "--model-dir", os.path.join("./outputs", "keras-model")],
        compute_target=compute_target,
        environment=tf_env,
        distributed_job_config=TensorflowConfiguration(
            worker_count=2, parameter_server_count=servers
        ),
    )
    run = Experiment(ws, "keras").submit(src)
    assert run.wait_for_completion()["status"] == "Completed"
    words = "told ['--epochs', '30', '--model-dir', './outputs/keras-model'] "
    found = [json.loads(line.split(words)[1]) for line in lines_of(run, "told")]
    workers = [config["task"]["index"] for config in found if config["task"]["type"] == "worker"]
    assert sorted(workers) == [0, 1]
    for config in found:
        assert set(config) == {"cluster", "task", "environment"}
        assert config["environment"] == "cloud"
        assert config["cluster"] == found[0]["cluster"]
    assert {name: len(hosts) for name, hosts in found[0]["cluster"].items()} == (
        {"worker": 2, "ps": 1} if servers else {"worker": 2}
    )
    assert all(host.rpartition(":")[2].isdigit() for host in found[0]["cluster"]["worker"])
