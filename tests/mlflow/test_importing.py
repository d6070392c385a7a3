"""Stores that the real MLflow has written, imported; and our runs, exported into such stores."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ml_jupyter import Experiment, Workspace
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
    data = mlflow.data.from_numpy(numpy.arange(4), source="https://host.org/a.npy", name="train")
    mlflow.log_input(data, context="training", tags={"part": "1"})
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
            "inputs": sorted(
                [item.dataset.to_dictionary(), sorted((tag.key, tag.value) for tag in item.tags)]
                for item in run.inputs.dataset_inputs
            ),
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
    [had] = [run["inputs"] for run in before[0].values() if run["name"] == "outer"]
    assert had[0][1] == [["mlflow.data.context", "training"], ["part", "1"]]
    assert import_mlflow(source, workspace).unchanged == 4


EXPORT = """
import json, sys, mlflow
from ml_jupyter import Workspace, importers
from ml_jupyter.importers import mlflow_export
ws = Workspace.get("bench", location={root!r})
runs = list(ws.get_runs(include_children=True))
target = "sqlite:///{folder}/mlflow.db"
class Killed(Exception): pass
def die(*_): raise Killed
files, mlflow_export._Export._write_files = mlflow_export._Export._write_files, die
try:
    importers.export_mlflow(runs, target)
except Killed:
    mlflow_export._Export._write_files = files
first, second = (importers.export_mlflow(runs, target).serialize() for _ in range(2))
client = mlflow.MlflowClient(target)
[experiment] = [item for item in client.search_experiments() if item.name != "Default"]
found = {{run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}}
one, below = found["mine"], found["below"]
history = client.get_metric_history(one.info.run_id, "acc")
print(json.dumps({{
    "first": first, "second": second, "experiment": experiment.name, "count": len(found),
    "params": one.data.params, "tags": one.data.tags, "status": one.info.status,
    "times": [one.info.start_time, one.info.end_time],
    "acc": [[p.value, p.step, p.timestamp] for p in history],
    "files": [item.path for item in client.list_artifacts(one.info.run_id, "outputs")],
    "parent": below.data.tags["mlflow.parentRunId"] == one.info.run_id,
}}))
"""


def test_our_runs_are_written_into_a_store_of_mlflow(program, workspace, tmp_path):
    ws = Workspace.get("bench", location=workspace.layout.root)
    run = Experiment(ws, "ours").start_logging(display_name="mine", snapshot_directory=None)
    run.log_list("acc", [0.5, 0.75])
    run.log("note: what?", 1.0)
    run.log("said", "a text")
    run.log_row("row", x=1)
    run.tag("team", "red")
    run.add_properties({"param.lr": "0.1"})
    (tmp_path / "f.txt").write_text("data")
    run.upload_file("outputs/f.txt", str(tmp_path / "f.txt"))
    with run.child_run(name="below") as child:
        child.log("x", 1)
    run.complete()
    live = Experiment(ws, "ours").start_logging(display_name="live", snapshot_directory=None)
    found = program(EXPORT.format(root=str(workspace.layout.root), folder=tmp_path))
    live.complete()
    assert (found["first"]["new"], found["first"]["points"], found["first"]["files"]) == (2, 4, 1)
    assert (found["second"]["new"], found["second"]["unchanged"]) == (0, 2)
    assert {item["why"] for item in found["first"]["left"]} == {
        "It is Running.",
        "MLflow has no metrics of shape 'row'.",
        "Texts of metric 'said' are no metrics in MLflow.",
    }
    assert (found["experiment"], found["count"], found["status"]) == ("ours", 2, "FINISHED")
    assert found["params"] == {"lr": "0.1"}
    assert (found["tags"]["team"], found["tags"]["ml_jupyter.run_id"]) == ("red", run.id)
    series = workspace.run(run.id).series("acc")
    at = [time // 1_000_000 for time in series.times]
    assert found["acc"] == [[0.5, 0, at[0]], [0.75, 1, at[1]]]
    assert found["files"] == ["outputs/f.txt"]
    assert found["parent"]


REFUSED = """
import json, os
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "0"
from ml_jupyter import Workspace, exceptions, importers
runs = list(Workspace.get("bench", location={root!r}).get_runs())
try:
    importers.export_mlflow(runs, "http://ada:secret@127.0.0.1:1")
except exceptions.UserErrorException as error:
    print(json.dumps(error.message))
"""


def test_a_server_that_does_not_answer_is_named_without_its_password(program, workspace):
    ws = Workspace.get("bench", location=workspace.layout.root)
    Experiment(ws, "ours").start_logging(snapshot_directory=None).complete()
    said = program(REFUSED.format(root=str(workspace.layout.root)))
    assert said.startswith("MLflow cannot write to http://***@127.0.0.1:1: ")
    assert "secret" not in said
