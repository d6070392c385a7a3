"""Notebooks of the shape of the SDK's public training and tracking notebooks, unchanged names.

Each text below is a notebook's cells, joined: it runs in a fresh Python in which nothing but the
alias was turned on. What it trains on is made here.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

TRAIN = """
    import argparse, os
    import numpy as np
    from azureml.core import Dataset
    from azureml.core.run import Run
    from sklearn.linear_model import Ridge
    import pickle

    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=0.5)
    parser.add_argument("--data", type=str)
    args = parser.parse_args()
    run = Run.get_context()
    table = np.loadtxt(os.path.join(args.data, "points.csv"), delimiter=",", skiprows=1)
    model = Ridge(alpha=args.alpha).fit(table[:, :1], table[:, 1])
    run.log("alpha", args.alpha)
    run.log("mse", float(((model.predict(table[:, :1]) - table[:, 1]) ** 2).mean()))
    os.makedirs("outputs", exist_ok=True)
    with open("outputs/model.pkl", "wb") as file:
        pickle.dump(model, file)
"""

SUBMIT = """
    import sys
    import azureml.core
    from azureml.core import Dataset, Environment, Experiment, ScriptRunConfig, Workspace
    from azureml.core.compute import AmlCompute, ComputeTarget
    from azureml.core.compute_target import ComputeTargetException
    from azureml.widgets import RunDetails

    print("SDK version:", azureml.core.VERSION)
    ws = Workspace.from_config()
    print(ws.name, ws.resource_group, ws.location, ws.subscription_id, sep="\\n")
    try:
        cluster = ComputeTarget(workspace=ws, name="cpu-cluster")
    except ComputeTargetException:
        config = AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", max_nodes=4)
        cluster = ComputeTarget.create(ws, "cpu-cluster", config)
        cluster.wait_for_completion(show_output=True, min_node_count=None, timeout_in_minutes=20)
    print(cluster.get_status().serialize())

    store = ws.get_default_datastore()
    store.upload_files(["points.csv"], target_path="points", overwrite=True, show_progress=True)
    data = Dataset.File.from_files(path=(store, "points"))
    data = data.register(workspace=ws, name="points", create_new_version=True)

    env = Environment("sklearn-env")
    env.python.user_managed_dependencies = True
    env.python.interpreter_path = sys.executable
    src = ScriptRunConfig(
        source_directory="src",
        script="train.py",
        arguments=["--alpha", 0.3, "--data", data.as_named_input("points").as_mount()],
        compute_target=cluster,
        environment=env,
    )
    exp = Experiment(workspace=ws, name="train-on-amlcompute")
    run = exp.submit(config=src)
    RunDetails(run).show()
    run.wait_for_completion(show_output=True)
    assert run.get_metrics()["alpha"] == 0.3
    model = run.register_model(model_name="ridge", model_path="outputs/model.pkl")
    assert ws.models["ridge"].version == model.version
    print("ENDED", run.get_status(), run.get_file_names())
"""

TRACK = """
    import os
    import numpy as np
    from azureml.core import Experiment, Run, Workspace
    from azureml.tensorboard.export import export_to_tensorboard

    ws = Workspace.from_config()
    exp = Experiment(workspace=ws, name="logging-api-test")
    run = exp.start_logging(outputs=None, snapshot_directory=None)
    run.log_list("Fibonacci", [0, 1, 1, 2, 3, 5, 8])
    run.log_row("Y over X", x=1, y=0.4)
    run.log_table("Sine", {"angle": [0, 1], "sine": [0, 0.84]})
    for alpha in np.arange(0.0, 1.0, 0.2):
        with run.child_run(name=f"alpha {alpha:.1f}") as child:
            child.log(name="alpha", value=alpha)
            child.log(name="mse", value=(alpha - 0.4) ** 2)
            child.tag("group", "ridge")
    run.complete()
    best = min(run.get_children(), key=lambda item: item.get_metrics()["mse"])
    assert abs(best.get_metrics()["alpha"] - 0.4) < 1e-9
    assert len(list(exp.get_runs())) == 1
    assert Run(exp, run.id).get_status() == "Completed"
    export_to_tensorboard(best, "events")
    print("ENDED", run.get_status(), len(os.listdir("events")))
"""

TUNE = """
    import sys
    from azureml.core import Environment, Experiment, Workspace
    from azureml.train.estimator import Estimator
    from azureml.train.hyperdrive import (
        BanditPolicy, GridParameterSampling, HyperDriveConfig, PrimaryMetricGoal, choice,
    )

    ws = Workspace.from_config()
    est = Estimator(
        source_directory="src",
        entry_script="tune.py",
        script_params={"--kind": "square"},
        compute_target="local",
        user_managed=True,
    )
    est.run_config.environment.python.interpreter_path = sys.executable
    config = HyperDriveConfig(
        estimator=est,
        hyperparameter_sampling=GridParameterSampling({"--x": choice(1, 2)}),
        policy=BanditPolicy(evaluation_interval=2, slack_factor=0.1),
        primary_metric_name="y",
        primary_metric_goal=PrimaryMetricGoal.MINIMIZE,
        max_total_runs=2,
        max_concurrent_runs=1,
    )
    run = Experiment(ws, "tune").submit(config)
    run.wait_for_completion(show_output=False)
    best = run.get_best_run_by_primary_metric()
    assert best.get_metrics()["y"] == 1.0
    print("ENDED", run.get_status())
"""

TUNED = """
    import argparse
    from azureml.core import Run

    parser = argparse.ArgumentParser()
    parser.add_argument("--kind")
    parser.add_argument("--x", type=float)
    args = parser.parse_args()
    Run.get_context().log("y", args.x ** 2)
"""


def _notebook(project: Path, cells: str) -> str:
    (project / "src").mkdir(exist_ok=True)
    for name, text in (("train.py", TRAIN), ("tune.py", TUNED)):
        (project / "src" / name).write_text(textwrap.dedent(text))
    rows = "".join(f"{x},{3 * x + 1}\n" for x in range(20))
    (project / "points.csv").write_text("x,y\n" + rows)
    program = "import ml_jupyter.azureml; ml_jupyter.azureml.install()\n" + textwrap.dedent(cells)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout.strip().splitlines()[-1]


def test_a_training_notebook_with_cluster_and_data(project: Path) -> None:
    last = _notebook(project, SUBMIT)
    assert last.startswith("ENDED Completed")
    assert "outputs/model.pkl" in last


def test_a_tracking_notebook(project: Path) -> None:
    assert _notebook(project, TRACK) == "ENDED Completed 1"


def test_a_tuning_notebook_with_an_estimator(project: Path) -> None:
    assert _notebook(project, TUNE) == "ENDED Completed"
