"""The contract runs in a Python with MLflow: on our stores, and on MLflow's own as the measure."""

import os

import pytest

from ml_jupyter._mlflow_address import address_of
from ml_jupyter.history.workspace import WorkspaceFolder


@pytest.fixture(params=["ours", "sqlite"])
def address(request, tmp_path):
    if request.param == "sqlite":
        os.chdir(tmp_path)
        return f"sqlite:///{tmp_path}/mlflow.db"
    return address_of(WorkspaceFolder.create(tmp_path / "w", "contract").layout.root)


@pytest.fixture
def store(address):
    # Late: the project's own test run comes by here too, in a Python without MLflow.
    from mlflow.tracking._tracking_service.utils import _get_store as tracking_of

    return tracking_of(address)


@pytest.fixture
def registry(address, monkeypatch):
    from mlflow.tracking._model_registry.utils import _get_store as registry_of

    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    return registry_of(address)


@pytest.fixture
def experiment(store):
    return store.create_experiment("first")


@pytest.fixture
def run(store, experiment):
    return store.create_run(experiment, "ann", 1_000, [], "one").info.run_id
