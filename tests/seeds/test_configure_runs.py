"""What "Configure and submit training runs" (Azure ML, SDK v1, 2021-06-18) shows and claims.

Source: https://learn.microsoft.com/azure/machine-learning/v1/how-to-set-up-training-targets. The
programs are our own; each test names the section it holds us to.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ml_jupyter.core import Environment, Experiment, ScriptRunConfig, Workspace
from ml_jupyter.core.compute import AmlCompute, ComputeTarget
from ml_jupyter.core.runconfig import (
    MpiConfiguration,
    PyTorchConfiguration,
    TensorflowConfiguration,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

TRAIN = """\
import os, sys
print("arguments", sys.argv[1:], "python", sys.executable)
with open("outputs/my_output_file", "w") as file:
    file.write("weights")
with open("logs/note.txt", "w") as file:
    file.write("streamed")
"""


@pytest.fixture
def experiment(ws: Workspace) -> Experiment:
    """Section "Create an experiment"."""
    return Experiment(workspace=ws, name="my_experiment")


@pytest.fixture
def source(project: Path) -> Path:
    folder = project / "src"
    folder.mkdir()
    (folder / "train.py").write_text(TRAIN)
    return folder


def test_a_training_run_on_a_compute_target(
    ws: Workspace, experiment: Experiment, source: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Sections "Create the script run configuration" and "Submit the experiment"."""
    made = AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", max_nodes=1)
    target = ComputeTarget.create(ws, "cpu-cluster", made)
    target.wait_for_completion(show_output=True)
    environment = Environment("user-managed-env")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = sys.executable
    config = ScriptRunConfig(
        source_directory=str(source),
        script="train.py",
        arguments=["--arg1", 16, "--arg2", 0.5],
        compute_target=target,
        environment=environment,
        max_run_duration_seconds=60,
    )
    config.run_config.target = target
    run = experiment.submit(config=config)
    run.wait_for_completion(show_output=True)
    shown = capfd.readouterr().out
    assert "arguments ['--arg1', '16', '--arg2', '0.5']" in shown
    assert sys.executable in shown
    assert run.get_status() == "Completed"
    assert run.get_details()["target"] == "cpu-cluster"


@pytest.mark.parametrize("target", [None, "local"])
def test_no_target_is_this_machine_and_no_environment_a_default_one(
    experiment: Experiment, source: Path, target: str | None
) -> None:
    """Section "Select a compute target"."""
    run = experiment.submit(ScriptRunConfig(str(source), script="train.py", compute_target=target))
    assert run.wait_for_completion()["status"] == "Completed"
    assert run.get_details()["target"] == "local"
    assert run.get_environment().name


def test_a_curated_environment_is_there_from_the_start(ws: Workspace) -> None:
    """Section "Create an environment"."""
    found = Environment.get(workspace=ws, name="AzureML-Minimal")
    assert found.name == "AzureML-Minimal"
    assert found.python.conda_dependencies is not None


def test_a_run_longer_than_its_maximum_is_canceled(experiment: Experiment, source: Path) -> None:
    """Section "Create the script run configuration", ``max_run_duration_seconds``."""
    (source / "long.py").write_text("import time\ntime.sleep(600)\n")
    run = experiment.submit(
        ScriptRunConfig(str(source), script="long.py", max_run_duration_seconds=1)
    )
    details = run.wait_for_completion(raise_on_error=False)
    assert details["status"] == "Canceled"
    assert "time limit" in str(run.get_details())


@pytest.mark.parametrize(
    ("config", "ranks"),
    [
        (MpiConfiguration(process_count_per_node=1, node_count=1), 1),
        (PyTorchConfiguration(communication_backend="Gloo", process_count=2, node_count=1), 2),
        (TensorflowConfiguration(worker_count=2, parameter_server_count=0), 2),
    ],
    ids=["mpi", "pytorch", "tensorflow"],
)
def test_the_three_kinds_of_distributed_jobs(
    experiment: Experiment, source: Path, config: object, ranks: int
) -> None:
    """Section "Specify a distributed job configuration"."""
    (source / "rank.py").write_text("print('here')\n")
    run = experiment.submit(
        ScriptRunConfig(str(source), script="rank.py", distributed_job_config=config)
    )
    assert run.wait_for_completion()["status"] == "Completed"
    log = run._folder.layout.files / "user_logs" / "std_log.txt"
    assert log.read_text().count("here") == ranks


def test_outputs_and_logs_are_kept_and_downloaded(
    experiment: Experiment, source: Path, project: Path
) -> None:
    """Section "Submit the experiment", special folders."""
    run = experiment.submit(ScriptRunConfig(str(source), script="train.py"))
    run.wait_for_completion()
    assert {"outputs/my_output_file", "logs/note.txt"} <= set(run.get_file_names())
    run.download_file(name="outputs/my_output_file", output_file_path="my_destination_path")
    assert (project / "my_destination_path").read_text() == "weights"


def test_a_snapshot_is_what_was_submitted_and_ignore_files_count(
    experiment: Experiment, source: Path, project: Path
) -> None:
    """Section "Submit the experiment", snapshots."""
    (source / ".amlignore").write_text("*.bin\n")
    (source / "weights.bin").write_bytes(b"x" * 1000)
    (source / "list.py").write_text("import os\nprint(sorted(os.listdir('.')))\n")
    run = experiment.submit(ScriptRunConfig(str(source), script="list.py"))
    (source / "list.py").write_text("raise SystemExit(3)\n")
    assert run.wait_for_completion()["status"] == "Completed"
    log = (run._folder.layout.files / "user_logs" / "std_log.txt").read_text()
    assert "train.py" in log
    assert "weights.bin" not in log


def test_the_repository_of_the_source_is_recorded(experiment: Experiment, source: Path) -> None:
    """Section "Git tracking and integration"."""
    git = ["git", "-C", str(source), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q", "-b", "trunk"], check=True)
    subprocess.run([*git, "add", "train.py"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "begin"], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    run = experiment.submit(ScriptRunConfig(str(source), script="train.py"))
    run.wait_for_completion()
    properties = run.get_properties()
    assert properties["azureml.git.commit"] == head.stdout.strip()
    assert properties["azureml.git.branch"] == "trunk"


def test_an_error_of_the_script_is_in_the_details_with_the_logs(
    experiment: Experiment, source: Path
) -> None:
    """Section "Troubleshooting", NameError; ModuleErrors."""
    (source / "broken.py").write_text("print(undefined_name)\n")
    run = experiment.submit(ScriptRunConfig(str(source), script="broken.py"))
    run.wait_for_completion(raise_on_error=False)
    details = run.get_details()
    assert details["status"] == "Failed"
    assert "name 'undefined_name' is not defined" in json.dumps(details["error"])
    assert "user_logs/std_log.txt" in details["logFiles"]
    (source / "missing.py").write_text("import no_such_package_here\n")
    run = experiment.submit(ScriptRunConfig(str(source), script="missing.py"))
    run.wait_for_completion(raise_on_error=False)
    assert "no_such_package_here" in run.get_details()["finding"]["title"]


def test_an_archived_experiment_is_hidden_and_kept(ws: Workspace, experiment: Experiment) -> None:
    """Section "Troubleshooting", deletion of runs or experiments."""
    experiment.start_logging().complete()
    experiment.archive()
    assert "my_experiment" not in [item.name for item in Experiment.list(ws)]
    assert len(list(Experiment(ws, "my_experiment").get_runs())) == 1


def test_pieces_of_a_list_become_one_metric(experiment: Experiment) -> None:
    """Section "Troubleshooting", the metrics document is too large."""
    values = list(range(500))
    with experiment.start_logging() as run:
        run.log_list("my metric name", values[:250])
        run.log_list("my metric name", values[250:])
    assert run.get_metrics()["my metric name"] == values
