"""The article of test_train_cli.py with what it fits: LightGBM on irises, logged by MLflow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sklearn.datasets import load_iris

from ml_jupyter import Workspace
from tests.seeds.conftest import Shell

# Imported by name so that pytest sees them as fixtures of this file.
from tests.seeds.test_train_cli import clusters as clusters
from tests.seeds.test_train_cli import examples as examples
from tests.seeds.test_train_cli import site as site

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


def test_lightgbm_alone_and_swept(
    mlj: Shell,
    clusters: None,
    project: Path,
    examples: Path,
    ws: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sections "Basic Python training job" and "Sweep hyperparameters"."""
    monkeypatch.setenv("ML_JUPYTER_ENVIRONMENT_MODE", "pip")
    irises = load_iris(as_frame=True).frame.rename(columns={"target": "kind"})
    irises.to_csv(examples / "iris.csv", index=False)
    for name in ("job.yml", "job-sweep.yml"):
        text = (examples / name).read_text().replace("main.py", "fit.py")
        text = text.replace("primary_metric: loss", "primary_metric: test-multi_logloss")
        (examples / name).write_text(text)

    local = ("--set", "inputs.iris.data={local_path: iris.csv}")
    run_id = mlj(
        "job", "create", "-f", "jobs/train/iris/job.yml", *local, "--query", "name", "-o", "tsv"
    ).strip()
    mlj("job", "stream", "-n", run_id)
    run = ws.get_run(run_id)
    assert run.get_properties()["param.rows"] == "150"
    assert run.get_properties()["param.learning_rate"] == "0.5"
    losses = run.get_metrics("test-multi_logloss")["test-multi_logloss"]
    assert len(losses) >= 10  # autolog adds the last one for the model
    assert min(losses) < 0.3
    mlj("job", "download", "-n", run_id, "--outputs")
    kept = {path.name for path in (project / run_id).rglob("*")}
    assert {"MLmodel", "feature_importance_split.png"} <= kept

    environment = "trial.environment={conda_file: environment.yml}"
    sweep = mlj(
        "job", "create", "-f", "jobs/train/iris/job-sweep.yml", "--set", environment, "--stream"
    )
    trials = json.loads(mlj("job", "trials", "-n", json.loads(sweep)["name"]))
    found = [trial["best_test-multi_logloss"] for trial in trials]
    assert len(found) == 3
    assert found == sorted(found)
    assert found[0] < 0.5
