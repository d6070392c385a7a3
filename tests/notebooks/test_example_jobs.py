"""The job files of ``notebooks/examples`` run as they stand, in processes of the real command."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sklearn.datasets import load_iris

from ml_jupyter import Environment, Workspace
from ml_jupyter.config import Settings
from tests.distributed.conftest import python_with as python_with

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ("sepal_length", "sepal_width", "petal_length", "petal_width", "species")
LOCAL = ("--set", "compute.target=local")
SUBMIT_S = 900


@pytest.fixture
def examples(tmp_path: Path, settings: Settings) -> Path:
    """A copy of the folder, with a workspace around it."""
    place = tmp_path / "notebooks"
    shutil.copytree(ROOT / "notebooks", place, ignore=shutil.ignore_patterns("outputs", "logs"))
    workspace = Workspace.create("examples")
    workspace.write_config(str(place))
    return place / "examples"


@pytest.fixture
def iris(tmp_path: Path) -> Iterator[str]:
    """Address of the flowers, served from this machine."""
    folder = tmp_path / "datasets"
    folder.mkdir()
    flowers = load_iris()
    with open(folder / "iris.csv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for measures, kind in zip(flowers.data, flowers.target, strict=True):
            rows.writerow([*measures, flowers.target_names[kind]])
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/iris.csv"
        server.shutdown()
        thread.join()


def mlj(folder: Path, *words: str) -> Any:
    """What the command prints, as data."""
    done = subprocess.run(
        [sys.executable, "-m", "ml_jupyter.cli.main", *words],
        cwd=folder, capture_output=True, text=True, timeout=SUBMIT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def metrics(job: dict[str, Any]) -> dict[str, Any]:
    """What a job logged."""
    return dict(Workspace.get("examples").get_run(job["name"]).get_metrics())


def test_iris_and_its_sweep(examples: Path, iris: str) -> None:
    folder = examples / "lightgbm-iris"
    data = ("--set", f"inputs.iris.data.path={iris}")
    job = mlj(folder, "job", "create", "-f", "job.yml", *LOCAL, *data, "--stream")
    assert (job["status"], job["compute"]) == ("Completed", "local")
    assert job["properties"]["param.learning_rate"] == "0.9"
    logged = metrics(job)
    assert len(logged["test-multi_logloss"]) == 20
    assert logged["accuracy"] >= 0.85
    mlj(folder, "job", "download", "-n", job["name"])
    kept = {path.name for path in (folder / job["name"]).rglob("*")}
    assert {"MLmodel", "model.lgb", "feature_importance_gain.png", "std_log.txt"} <= kept

    few = ("--set", "max_total_trials=3")
    sweep = mlj(folder, "job", "create", "-f", "job-sweep.yml", *LOCAL, *data, *few, "--stream")
    assert (sweep["status"], sweep["trials"]["completed"]) == ("Completed", 3)
    best, *others = mlj(folder, "job", "trials", "-n", sweep["name"])
    assert best["name"] == sweep["trials"]["best"]["run_id"]
    name = "best_test-multi_logloss"
    assert [item for item in others if item[name] < best[name]] == []
    tried = [(item["learning_rate"], item["boosting"]) for item in (best, *others)]
    assert all(0.01 <= rate < 0.9 and kind in ("gbdt", "dart") for rate, kind in tried)


@pytest.mark.parametrize(
    ("framework", "folder", "said"),
    [
        ("torch", "pytorch-digits", "rank 1 of 2: 750 images of 1500"),
        ("tensorflow", "tensorflow-digits", "worker 1 of 2: 2 replicas"),
    ],
)
def test_two_processes_train_together(
    examples: Path,
    python_with: Callable[[str], str],
    framework: str,
    folder: str,
    said: str,
) -> None:
    stand_in = Environment(framework)
    stand_in.python.user_managed_dependencies = True
    stand_in.python.interpreter_path = python_with(framework)
    stand_in.register(Workspace.get("examples"))
    mlj(examples / folder, "job", "validate", "-f", "job.yml")
    software = ("--set", f"environment=azureml:{framework}@latest")
    job = mlj(examples / folder, "job", "create", "-f", "job.yml", *software, "--stream")
    assert job["status"] == "Completed"
    mlj(examples / folder, "job", "download", "-n", job["name"])
    logs = examples / folder / job["name"] / "user_logs"
    assert said in (logs / "std_log_process_1.txt").read_text("utf-8")
    assert min(metrics(job)["loss"]) < max(metrics(job)["loss"]) / 2
