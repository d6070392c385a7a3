"""Stores that the real MLflow has written, imported, and read again by MLflow from our folders."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ml_jupyter.importers import import_mlflow

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]

WRITE = """
import mlflow, numpy
from sklearn.linear_model import LinearRegression
mlflow.set_experiment("My team/first try")
with mlflow.start_run(run_name="outer", description="why"):
    mlflow.log_params({"lr": 0.1, "opt/name": "adam"})
    for step in range(5):
        mlflow.log_metric("val/loss", 1 / (step + 1), step=step)
    mlflow.log_metric("bad", float("nan"))
    mlflow.log_metric("great", float("inf"))
    mlflow.set_tag("team", "blue")
    mlflow.log_text("hello", "notes/a.txt")
    with mlflow.start_run(nested=True, run_name="inner"):
        mlflow.log_metric("x", -1)
x = numpy.arange(10).reshape(-1, 1)
with mlflow.start_run(run_name="model"):
    model = LinearRegression().fit(x, x)
    mlflow.sklearn.log_model(model, name="line", registered_model_name="lines",
                             pip_requirements=["scikit-learn"])
mlflow.MlflowClient().set_registered_model_alias("lines", "champion", 1)
failed = mlflow.MlflowClient().create_run("0", run_name="left")
"""

READ = """
import json, mlflow, numpy
client = mlflow.MlflowClient()
found = {}
def text(value):  # MLflow's databases give infinity as the greatest number
    return str(value if abs(value) < 1e308 else float("inf"))
for experiment in client.search_experiments():
    for run in client.search_runs([experiment.experiment_id]):
        found[run.info.run_id] = {
            "experiment": experiment.name,
            "name": run.info.run_name,
            "status": run.info.status,
            "times": [run.info.start_time, run.info.end_time],
            "user": run.info.user_id,
            "params": run.data.params,
            "tags": {k: v for k, v in run.data.tags.items() if k != "mlflow.user"},
            "metrics": {
                name: [[text(p.value), p.step, p.timestamp]
                       for p in client.get_metric_history(run.info.run_id, name)]
                for name in sorted(run.data.metrics)
            },
            "files": sorted(item.path for item in client.list_artifacts(run.info.run_id, "notes")),
            "models": [item.model_id for item in run.outputs.model_outputs],
        }
version = client.get_model_version_by_alias("lines", "champion")
model = mlflow.sklearn.load_model("models:/lines@champion")
logged = client.get_logged_model(found[version.run_id]["models"][0])
print(json.dumps([found, version.version, version.run_id, logged.name,
                  float(model.predict(numpy.array([[4]]))[0, 0])]))
"""


def _mlflow(python: Path, program: str, folder: Path, variables: dict[str, str]) -> str:
    done = subprocess.run(
        [str(python), "-c", program],
        cwd=folder, env=variables, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.mark.parametrize("place", ["folder", "database"])
def test_mlflow_finds_in_the_workspace_what_it_wrote_elsewhere(
    mlflow_python, variables, program, workspace, tmp_path, place
):
    source = tmp_path / "source"
    source.mkdir()
    store = "file://" if place == "folder" else "sqlite:///"
    address = f"{store}{source}/{'mlruns' if place == 'folder' else 'mlflow.db'}"
    theirs = {
        **variables,
        "MLFLOW_TRACKING_URI": address,
        "MLFLOW_REGISTRY_URI": address,
        "MLFLOW_ALLOW_FILE_STORE": "true",
    }
    _mlflow(mlflow_python, WRITE, source, theirs)
    before = json.loads(_mlflow(mlflow_python, READ, source, theirs).splitlines()[-1])
    report = import_mlflow(source, workspace)
    assert (report.new, report.models, report.failed) == (4, 1, [])
    after = program(READ)
    [left] = [run for run in before[0].values() if run["name"] == "left"]
    left.update(status="KILLED", times=[left["times"][0], left["times"][0]])
    for runs in (before[0], after[0]):
        for run in runs.values():  # a run without an end ends here, and at that moment
            run["times"][1] = run["times"][1] or run["times"][0]
    assert before == after
    assert import_mlflow(source, workspace).unchanged == 4
