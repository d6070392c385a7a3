"""Programs written for MLflow, on our run folders, and our runs through MLflow."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from ml_jupyter import Experiment, Workspace
from ml_jupyter.core import Model
from ml_jupyter.history.trash import delete_run
from ml_jupyter.testing.isolation import eventually
from tests.jobs_lab import JobLab

pytestmark = pytest.mark.full

LOGGING = """
import json, mlflow
mlflow.set_experiment("My team/first try")
with mlflow.start_run(run_name="parent", description="what it is") as parent:
    mlflow.log_param("lr", 0.1)
    mlflow.log_params({"depth": 3})
    mlflow.set_tag("team", "blue")
    for step in range(5):
        mlflow.log_metric("loss", 1 / (step + 1), step=step, timestamp=1_700_000_000_000 + step)
    mlflow.log_text("hello", "notes/x.txt")
    with mlflow.start_run(nested=True, run_name="child") as child:
        mlflow.log_metric("value", float("nan"))
print(json.dumps([parent.info.run_id, child.info.run_id]))
"""


def test_what_mlflow_logs_is_a_run_of_ours(program, workspace):
    parent, child = program(LOGGING)
    ws = Workspace.get("bench", location=workspace.layout.root)
    run = ws.get_run(parent)
    assert run.get_status() == "Completed"
    assert run.display_name == "parent"
    assert run.tags == {"team": "blue"}
    assert run.get_properties()["param.lr"] == "0.1"
    assert run.get_metrics("loss")["loss"] == [1.0, 0.5, 1 / 3, 0.25, 0.2]
    assert run.get_file_names() == ["notes/x.txt"]
    assert [item.id for item in run.get_children()] == [child]
    assert run.experiment.name.startswith("My-team-first-try-")


REMOTE = """
import json, mlflow
tags = {"mlflow.source.git.repoURL": "https://ada:secret@example.org/a/b.git"}
with mlflow.start_run(tags=tags) as run:
    pass
print(json.dumps([run.info.run_id, mlflow.get_run(run.info.run_id).data.tags]))
"""


def test_the_password_of_a_git_remote_is_not_kept(program, workspace):
    run_id, tags = program(REMOTE)
    assert tags["mlflow.source.git.repoURL"] == "https://example.org/a/b.git"
    folder = workspace.run(run_id).layout.path
    kept = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not any(b"secret" in content for content in kept)


def test_a_run_of_ours_is_seen_in_mlflow(program, workspace):
    ws = Workspace.get("bench", location=workspace.layout.root)
    run = Experiment(ws, "ours").start_logging(display_name="mine", snapshot_directory=None)
    run.log_list("acc", [0.5, 0.75])
    run.log_row("table", x=1)
    run.tag("team", "red")
    run.add_properties({"kept": "yes"})
    (workspace.layout.root.parent / "f.txt").write_text("data")
    run.upload_file("outputs/f.txt", str(workspace.layout.root.parent / "f.txt"))
    child = run.child_run("below")
    child.complete()
    run.fail("it broke")
    found = program(f"""
import json, mlflow
from mlflow import MlflowClient
client = MlflowClient()
run = client.get_run({run.id!r})
runs = mlflow.search_runs(experiment_names=["ours"], filter_string="tags.team = 'red'")
below = mlflow.search_runs(
    experiment_names=["ours"], filter_string="tags.`mlflow.parentRunId` = '{run.id}'")
print(json.dumps({{
    "status": run.info.status, "name": run.info.run_name, "metrics": run.data.metrics,
    "tags": run.data.tags, "found": list(runs.run_id), "below": list(below.run_id),
    "history": [[m.step, m.value] for m in client.get_metric_history({run.id!r}, "acc")],
    "file": mlflow.artifacts.load_text(run.info.artifact_uri + "/outputs/f.txt"),
}}))
""")
    assert found["status"] == "FAILED"
    assert found["name"] == "mine"
    assert found["metrics"] == {"acc": 0.75}
    assert found["history"] == [[0, 0.5], [1, 0.75]]
    assert found["tags"]["ml_jupyter.property.kept"] == "yes"
    assert found["found"] == [run.id]
    assert found["below"] == [child.id]
    assert found["file"] == "data"


AUTOLOG = """
import json, warnings
warnings.simplefilter("ignore")
import mlflow, numpy
from sklearn.datasets import load_iris
x, y = load_iris(return_X_y=True)
mlflow.autolog(log_input_examples=False)
with mlflow.start_run() as first:
    from sklearn.linear_model import LogisticRegression
    LogisticRegression(max_iter=300).fit(x, y)
with mlflow.start_run() as second:
    import lightgbm
    data = lightgbm.Dataset(x, (y > 0).astype(int))
    lightgbm.train({"objective": "binary", "verbose": -1}, data, 4, [data], ["all"])
models = mlflow.search_logged_models(output_format="list", experiment_ids=["0"])
right = mlflow.sklearn.load_model(
    next(m.model_uri for m in models if m.source_run_id == first.info.run_id)).score(x, y)
print(json.dumps([first.info.run_id, second.info.run_id, right]))
"""


def test_autolog_of_scikit_learn_and_lightgbm(program, workspace):
    first, second, right = program(AUTOLOG)
    ws = Workspace.get("bench", location=workspace.layout.root)
    run = ws.get_run(first)
    assert run.get_properties()["param.max_iter"] == "300"
    assert run.get_metrics("training_score")["training_score"] == pytest.approx(right)
    assert any(name.endswith("/MLmodel") for name in run.get_file_names())
    boosted = ws.get_run(second).get_metrics("all-binary_logloss")
    each_round = boosted["all-binary_logloss"][:4]
    assert len(set(each_round)) == 4
    assert sorted(each_round, reverse=True) == each_round


REGISTER = """
import json, warnings
warnings.simplefilter("ignore")
import mlflow
from mlflow import MlflowClient
from sklearn.dummy import DummyClassifier
model = DummyClassifier(strategy="constant", constant=7).fit([[0], [1]], [7, 8])
with mlflow.start_run() as run:
    mlflow.sklearn.log_model(model, name="m", registered_model_name="sevens")
MlflowClient().set_registered_model_alias("sevens", "champion", 1)
loaded = mlflow.sklearn.load_model("models:/sevens@champion")
ours = mlflow.artifacts.load_text("models:/notes/1/notes.txt")
found = [item.name for item in MlflowClient().search_registered_models()]
print(json.dumps([run.info.run_id, int(loaded.predict([[5]])[0]), ours, found]))
"""


def test_registered_models_are_the_same_on_both_sides(program, workspace, tmp_path):
    ws = Workspace.get("bench", location=workspace.layout.root)
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "notes.txt").write_text("read me")
    Model.register(ws, str(folder), "notes")
    run_id, predicted, text, found = program(REGISTER)
    assert (predicted, text, found) == (7, "read me", ["notes", "sevens"])
    model = Model(ws, "sevens")
    assert (model.version, model.run_id, model.model_framework) == (1, run_id, "ScikitLearn")
    delete_run(workspace, workspace.run(run_id))
    laid_out = model.download(str(tmp_path / "there"))
    assert (Path(laid_out) / "MLmodel").is_file()


def test_an_address_outside_the_workspace_is_refused(program, tmp_path):
    (tmp_path / "secret").mkdir()
    refused = program(f"""
import json, mlflow
client = mlflow.MlflowClient()
client.create_registered_model("a")
address = "ml-jupyter://" + {str(tmp_path / "secret")!r}
said = []
for call in (
    lambda: client.create_model_version("a", address),
    lambda: client.create_experiment("e", artifact_location=address),
):
    try:
        call()
    except mlflow.MlflowException as error:
        said.append(error.error_code)
print(json.dumps(said))
""")
    assert refused == ["INVALID_PARAMETER_VALUE"] * 2


def test_a_killed_program_leaves_a_failed_run(mlflow_python, variables, workspace, tmp_path):
    text = (
        "import mlflow, sys, time\n"
        "run = mlflow.start_run()\n"
        "mlflow.log_metric('loss', 1.0)\n"
        "print(run.info.run_id, flush=True)\n"
        "time.sleep(600)\n"
    )
    process = subprocess.Popen(
        [str(mlflow_python), "-c", text], env=variables, cwd=tmp_path, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    run_id = process.stdout.readline().decode().strip()
    folder = workspace.run(run_id)
    assert folder.state().status == "Running"
    assert not folder.is_lost()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert folder.is_lost()
    run = Workspace.get("bench", location=workspace.layout.root).get_run(run_id)
    eventually(lambda: run.get_status() == "Failed", what="the run is settled")
    assert run.get_metrics("loss") == {"loss": 1.0}


JOB = """
import mlflow
with mlflow.start_run():
    mlflow.log_metric("loss", 0.25)
    mlflow.log_param("lr", 1)
    mlflow.log_text("x", "outputs/of_mlflow.txt")
    address = mlflow.get_artifact_uri()
    assert mlflow.artifacts.load_text(address + "/outputs/of_mlflow.txt") == "x"
    client = mlflow.MlflowClient()
    run_id = mlflow.active_run().info.run_id
    assert [f.path for f in client.list_artifacts(run_id, "outputs")] == ["outputs/of_mlflow.txt"]
with mlflow.start_run():
    mlflow.log_metric("more", 1)
"""


@pytest.mark.parametrize("python", ["mlflow_python", "old_mlflow_python"])
def test_a_job_logs_into_its_own_run(isolated_settings, request, tmp_path, python):
    lab = JobLab(isolated_settings, tmp_path)
    run = lab.submit(JOB, interpreter=str(request.getfixturevalue(python)))
    eventually(lambda: run.state().ended_at_all, 120, "the job ended")
    log = run.layout.files / "user_logs" / "std_log.txt"
    assert run.state().status == "Completed", log.read_text()
    assert run.last_value("loss") == (1, 0.25)
    assert run.state().properties["param.lr"] == "1"
    assert (run.layout.files / "outputs" / "of_mlflow.txt").read_text() == "x"
    (child,) = run.state().children
    below = lab.workspace.run(child)
    assert below.record.parent_id == run.id
    assert below.last_value("more") == (1, 1.0)
    assert below.state().status == "Completed"


SPEED = """
import json, os, time, mlflow
from mlflow.entities import Metric
from mlflow.tracking._tracking_service.utils import _get_store

def fluent(address, calls):
    mlflow.set_tracking_uri(address)
    mlflow.set_experiment("speed")
    with mlflow.start_run():
        mlflow.log_metric("warm", 0)
        begun = time.perf_counter()
        for step in range(calls):
            mlflow.log_metric("loss", step * 0.5, step=step)
        return (time.perf_counter() - begun) / calls

ours = os.environ["MLFLOW_TRACKING_URI"]
theirs = f"sqlite:///{os.getcwd()}/mlflow.db"
fluent(theirs, 5)
print(json.dumps([fluent(ours, 1000), fluent(theirs, 200)]))
"""


def test_log_metric_is_20_times_as_fast_as_on_sqlite(program):
    ours, theirs = program(SPEED)
    assert theirs / ours >= 20


def test_a_job_that_chose_another_server_keeps_it(isolated_settings, tmp_path):
    lab = JobLab(isolated_settings, tmp_path)
    run = lab.shell(
        'echo "<$MLFLOW_TRACKING_URI|$MLFLOW_RUN_ID>"',
        variables={"MLFLOW_TRACKING_URI": "http://127.0.0.1:5000"},
    )
    eventually(lambda: run.state().ended_at_all, 60, "the job ended")
    log = (run.layout.files / "user_logs" / "std_log.txt").read_text()
    assert "<http://127.0.0.1:5000|>" in log


def test_the_page_of_mlflow_lists_and_opens_runs(
    mlflow_python, variables, workspace, tmp_path, program, unused_tcp_port
):
    import requests

    parent, _ = program(LOGGING)
    address = variables["MLFLOW_TRACKING_URI"]
    command = [str(mlflow_python), "-m", "mlflow", "ui", "--backend-store-uri", address]
    command += ["--port", str(unused_tcp_port), "--workers", "1"]
    with open(tmp_path / "ui.log", "wb") as log:
        process = subprocess.Popen(
            command, env=variables, cwd=tmp_path, stdout=log, stderr=log, start_new_session=True
        )
    base = f"http://127.0.0.1:{unused_tcp_port}"
    try:
        eventually(lambda: _answers(base), 120, "the page answers")
        api = f"{base}/api/2.0/mlflow"
        found = requests.get(f"{api}/runs/get", params={"run_id": parent}, timeout=30).json()
        assert found["run"]["info"]["status"] == "FINISHED"
        files = requests.get(f"{api}/artifacts/list", params={"run_id": parent}, timeout=30).json()
        assert [item["path"] for item in files["files"]] == ["notes"]
        text = requests.get(
            f"{base}/get-artifact", params={"run_id": parent, "path": "notes/x.txt"}, timeout=30
        )
        assert text.text == "hello"
        assert "<html" in requests.get(base, timeout=30).text
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _answers(base: str) -> bool:
    import requests

    time.sleep(0.2)  # a page that is starting is not asked without end
    try:
        return requests.get(f"{base}/health", timeout=5).ok
    except requests.ConnectionError:
        return False
