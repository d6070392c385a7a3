"""Notebooks of the shape of the SDK's public framework notebooks, unchanged names.

Data from the web, a script, a search of its parameters, the best model registered and served; and
the same script on two processes. A small classifier stands in for the networks: the frameworks
themselves are trained in ``test_frameworks_themselves.py``.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.seeds.web import served

pytestmark = [pytest.mark.full, pytest.mark.timeout(400)]

TRAIN = """
    import argparse, glob, os
    import joblib
    import numpy as np
    from azureml.core.run import Run
    from sklearn.linear_model import SGDClassifier

    parser = argparse.ArgumentParser()
    parser.add_argument("--data-folder", type=str, dest="data_folder")
    parser.add_argument("--learning_rate", type=float, default=0.01)
    parser.add_argument("--num_epochs", type=int, default=5)
    parser.add_argument("--output_dir", type=str, default="./outputs")
    args = parser.parse_args()

    run = Run.get_context()
    (file,) = glob.glob(os.path.join(args.data_folder, "**/birds.csv"), recursive=True)
    table = np.loadtxt(file, delimiter=",")
    net = SGDClassifier(learning_rate="constant", eta0=args.learning_rate, random_state=0)
    run.log("lr", float(args.learning_rate))
    for epoch in range(args.num_epochs):
        net.partial_fit(table[:, :2], table[:, 2], classes=[0, 1])
        run.log("best_val_acc", float(net.score(table[:, :2], table[:, 2])))
    os.makedirs(args.output_dir, exist_ok=True)
    joblib.dump(net, os.path.join(args.output_dir, "model.pt"))
"""

RANK = """
    import os
    from azureml.core import Run

    rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    assert os.environ["AZ_BATCHAI_TASK_INDEX"] == str(rank)
    assert os.environ["MASTER_ADDR"] and os.environ["MASTER_PORT"]
    print("rank", rank, "of", size)
    if rank == 0:
        Run.get_context().log("world_size", size)
"""

SCORE = """
    import json
    import joblib
    from azureml.core.model import Model

    def init():
        global net
        net = joblib.load(Model.get_model_path("pytorch-birds"))

    def run(input_data):
        rows = json.loads(input_data)["data"]
        return {"label": ["turkey" if found else "chicken" for found in net.predict(rows)]}
"""

NOTEBOOK = """
    import json, sys
    from azureml.core import Dataset, Environment, Experiment, ScriptRunConfig, Workspace
    from azureml.core.compute import AmlCompute, ComputeTarget
    from azureml.core.compute_target import ComputeTargetException
    from azureml.core.model import InferenceConfig, Model
    from azureml.core.runconfig import PyTorchConfiguration
    from azureml.core.webservice import LocalWebservice
    from azureml.train.hyperdrive import (
        BanditPolicy, HyperDriveConfig, PrimaryMetricGoal, RandomParameterSampling, uniform,
    )
    from azureml.widgets import RunDetails

    ws = Workspace.from_config()
    try:
        compute_target = ComputeTarget(workspace=ws, name="gpu-cluster")
    except ComputeTargetException:
        config = AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", max_nodes=4)
        compute_target = ComputeTarget.create(ws, "gpu-cluster", config)
        compute_target.wait_for_completion(show_output=True)

    dataset = Dataset.File.from_files(path=["ADDRESS/birds.csv"])
    dataset = dataset.register(
        workspace=ws, name="birds", description="two kinds", create_new_version=True
    )
    print(dataset.to_path())

    env = Environment("pytorch-env")
    env.python.user_managed_dependencies = True
    env.python.interpreter_path = sys.executable
    src = ScriptRunConfig(
        source_directory="pytorch-birds",
        script="pytorch_train.py",
        arguments=["--num_epochs", 8, "--output_dir", "./outputs",
                   "--data-folder", dataset.as_named_input("birds").as_mount()],
        compute_target=compute_target,
        environment=env,
    )
    experiment = Experiment(ws, name="pytorch-birds")
    run = experiment.submit(src)
    RunDetails(run).show()
    run.wait_for_completion(show_output=True)
    assert run.get_metrics()["lr"] == 0.01

    hyperdrive_config = HyperDriveConfig(
        run_config=src,
        hyperparameter_sampling=RandomParameterSampling({"learning_rate": uniform(0.0005, 0.05)}),
        policy=BanditPolicy(slack_factor=0.15, evaluation_interval=1, delay_evaluation=10),
        primary_metric_name="best_val_acc",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=4,
        max_concurrent_runs=2,
    )
    hyperdrive_run = experiment.submit(hyperdrive_config)
    RunDetails(hyperdrive_run).show()
    hyperdrive_run.wait_for_completion(show_output=True)
    assert hyperdrive_run.get_status() == "Completed"
    best_run = hyperdrive_run.get_best_run_by_primary_metric()
    best = best_run.get_metrics()
    print(best_run.get_details()["runDefinition"]["arguments"])
    assert 0.0005 <= best["lr"] <= 0.05
    assert "outputs/model.pt" in best_run.get_file_names()
    model = best_run.register_model(model_name="pytorch-birds", model_path="outputs/model.pt")
    print(model.name, model.id, model.version, sep="\\t")

    two = ScriptRunConfig(
        source_directory="pytorch-birds", script="rank.py", compute_target="local", environment=env,
        distributed_job_config=PyTorchConfiguration(communication_backend="Gloo", process_count=2),
    )
    run = experiment.submit(two)
    run.wait_for_completion(show_output=True)
    assert run.get_metrics() == {"world_size": 2}

    service = Model.deploy(
        workspace=ws, name="birds", models=[model],
        inference_config=InferenceConfig(entry_script="pytorch_score.py", environment=env),
        deployment_config=LocalWebservice.deploy_configuration(),
    )
    service.wait_for_deployment(show_output=True)
    print(service.state, service.scoring_uri)
    result = service.run(input_data=json.dumps({"data": [[-2.0, -2.0], [2.0, 2.0]]}))
    service.delete()
    print("ENDED", result["label"])
"""


def test_data_search_two_processes_and_a_service(project: Path, tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    rows = [(x / 10, y / 10, int(x + y > 0)) for x in range(-9, 10, 3) for y in range(-9, 10, 3)]
    text = "".join(f"{x},{y},{label}\n" for x, y, label in rows)
    (tmp_path / "web" / "birds.csv").write_text(text)
    (project / "pytorch-birds").mkdir()
    for path, program in (
        ("pytorch-birds/pytorch_train.py", TRAIN),
        ("pytorch-birds/rank.py", RANK),
        ("pytorch_score.py", SCORE),
    ):
        (project / path).write_text(textwrap.dedent(program))
    with served(tmp_path / "web") as address:
        cells = textwrap.dedent(NOTEBOOK).replace("ADDRESS", address)
        program = "import ml_jupyter.azureml; ml_jupyter.azureml.install()\n" + cells
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=project, capture_output=True, text=True, timeout=360, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-4000:]
    assert done.stdout.strip().splitlines()[-1] == "ENDED ['chicken', 'turkey']"
