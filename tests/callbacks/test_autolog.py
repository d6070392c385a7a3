"""MLflow's ``autolog`` of Lightning and Keras in a job: it logs into the job's own run."""

from __future__ import annotations

import pytest

from tests.callbacks.test_frameworks import Trained, falls, params
from tests.callbacks.test_frameworks import trained as trained

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]


def test_lightning(trained: Trained) -> None:
    run = trained("autolog_lightning.py")
    assert falls(run, "loss", 3)
    assert params(run)["epochs"] == "3"
    assert params(run)["optimizer_name"] == "Adam"


def test_keras(trained: Trained) -> None:
    run = trained("autolog_keras.py")
    assert falls(run, "loss", 3)
    assert len(run.series("accuracy")) == 3
    kept = params(run)
    assert (kept["epochs"], kept["batch_size"]) == ("3", "100")
    assert any("adam" in text.lower() for text in kept.values()), kept
