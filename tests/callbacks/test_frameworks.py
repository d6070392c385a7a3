"""Training with each real framework, as a job: what its callback logs is in the run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from tests.jobs_lab import JobLab

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]

PROGRAMS = Path(__file__).parent / "programs"
ROOT = Path(__file__).resolve().parents[2]
Trained = Callable[[str], RunFolder]


@pytest.fixture
def trained(lab: JobLab, python_with: Callable[[str], str]) -> Trained:
    """Runs a program as a job, to its good end."""

    def run_of(program: str) -> RunFolder:
        text = (PROGRAMS / program).read_text()
        run = lab.submit(text, interpreter=python_with("callbacks"))
        ended = lab.ends(run, timeout_s=240)
        assert ended == status.COMPLETED, lab.log(run)[-4000:].decode()
        return run

    return run_of


def values(run: RunFolder, name: str) -> list[Any]:
    return run.series(name).values


def falls(run: RunFolder, name: str, count: int) -> bool:
    found = values(run, name)
    assert len(found) == count, found
    return bool(found[-1] < found[0])


def params(run: RunFolder) -> dict[str, str]:
    found = run.state().properties.items()
    return {key[len("param.") :]: text for key, text in found if key.startswith("param.")}


def test_all_names_are_there(python_with: Callable[[str], str]) -> None:
    names = "[getattr(c, name).__doc__[:4] for name in c.__all__]"
    program = f"import ml_jupyter.callbacks as c; print({names})"
    done = subprocess.run(
        [python_with("callbacks"), "-c", program],
        env={**os.environ, "KERAS_BACKEND": "torch"},
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == str(["Logs"] * 5 + ["Log "])


def test_keras(trained: Trained) -> None:
    run = trained("use_keras.py")
    assert falls(run, "loss", 3)
    assert falls(run, "val_loss", 3)
    assert list(run.series("accuracy").steps) == [0, 1, 2]
    assert values(run, "learning_rate") == [pytest.approx(0.01)] * 3
    assert list(run.series("batch/loss").steps) == list(range(5, 46, 5))
    kept = params(run)
    assert (kept["epochs"], kept["optimizer"]) == ("3", "Adam")
    assert float(kept["learning_rate"]) == pytest.approx(0.01)


def test_lightning(trained: Trained) -> None:
    run = trained("use_lightning.py")
    assert falls(run, "loss", 3)
    assert list(run.series("loss").steps) == [17, 35, 53]
    assert params(run)["width"] == "16"
    checkpoints = list((run.layout.files / "outputs").rglob("*.ckpt"))
    assert len(checkpoints) == 1


def test_hugging_face(trained: Trained) -> None:
    run = trained("use_transformers.py")
    assert falls(run, "loss", 6)
    assert list(run.series("loss").steps) == [2, 4, 6, 8, 10, 12]
    assert len(values(run, "train_runtime")) == 1
    kept = params(run)
    assert (kept["learning_rate"], kept["num_train_epochs"]) == ("0.05", "3")
    assert kept["lr_scheduler_type"] == "linear"


def test_xgboost(trained: Trained) -> None:
    run = trained("use_xgboost.py")
    assert falls(run, "train-logloss", 6)
    assert list(run.series("train-logloss").steps) == list(range(6))
    assert len(values(run, "test-auc")) == len(values(run, "test-auc-std")) == 4


def test_lightgbm(trained: Trained) -> None:
    run = trained("use_lightgbm.py")
    assert falls(run, "train-binary_logloss", 6)
    assert params(run)["num_leaves"] == "5"
    spread = [name for name in run.metric_names() if name.endswith("auc-std")]
    assert [len(values(run, name)) for name in spread] == [4]
    assert any(len(values(run, name)) == 3 for name in run.metric_names())


def test_scikit_learn(trained: Trained, lab: JobLab) -> None:
    run = trained("use_sklearn.py")
    assert params(run) == {"search": "GridSearchCV", "candidates": "2", "best.svc__C": "10.0"}
    assert values(run, "score")[0] > 0.8
    children = [lab.workspace.run(item) for item in run.state().children]
    first, second, network, pipeline = children
    assert [params(item)["svc__C"] for item in (first, second)] == ["0.1", "10.0"]
    assert all(len(values(item, "test_score")) == 3 for item in (first, second))
    assert values(second, "mean_test_score")[0] == values(run, "best_score")[0]
    assert {item.state().status for item in children} == {"Completed"}
    assert falls(network, "loss_curve", len(values(network, "loss_curve")))
    assert params(network)["estimator"] == "MLPClassifier"
    assert params(pipeline)["svc__C"] == "1.0"
    assert "steps" not in params(pipeline)
