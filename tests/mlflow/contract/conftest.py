"""The contract runs in a Python with MLflow: on our stores, and on MLflow's own as the measure."""

import os
import shutil

import pytest

from ml_jupyter._mlflow_address import address_of
from ml_jupyter.history.workspace import WorkspaceFolder


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """MLflow makes one in dozens of steps, each of which waits for the disk."""
    from mlflow.tracking._tracking_service.utils import _get_store

    folder = tmp_path_factory.mktemp("empty")
    os.chdir(folder)
    _get_store(f"sqlite:///{folder}/mlflow.db")
    return folder / "mlflow.db"


@pytest.fixture(params=["ours", "sqlite"])
def address(request, tmp_path):
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_database"), tmp_path)
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
