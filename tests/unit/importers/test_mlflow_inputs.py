"""Data that runs of MLflow had, from both of its stores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from ml_jupyter import Run, Workspace
from ml_jupyter.config import Settings
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.importers import import_mlflow
from ml_jupyter.sdk import views
from tests.unit.importers.conftest import MlflowFolder

SOURCE = json.dumps({"url": "https://me:s3cret@host.org/data.csv?token=s3cret"})
TABLES = """
CREATE TABLE inputs (input_uuid TEXT, source_type TEXT, source_id TEXT, destination_type TEXT,
  destination_id TEXT, step BIGINT);
CREATE TABLE datasets (dataset_uuid TEXT, experiment_id INTEGER, name TEXT, digest TEXT,
  dataset_source_type TEXT, dataset_source TEXT, dataset_schema TEXT, dataset_profile TEXT);
CREATE TABLE input_tags (input_uuid TEXT, name TEXT, value TEXT)
"""


def write(path: Path, **facts: Any) -> None:
    path.mkdir(parents=True)
    (path / "meta.yaml").write_text(yaml.safe_dump(facts))


@pytest.fixture
def folder(mlruns: MlflowFolder) -> Path:
    """A store in a folder: a run with two inputs, of which one is a model and one is gone."""
    experiment = mlruns.experiment("1", "first")
    run = mlruns.run(experiment, "r1")
    write(
        experiment / "datasets" / "d1", name="train", digest="a27a", source_type="http",
        source=SOURCE, schema=None, profile='{"num_rows": 2}',
    )  # fmt: skip
    tags = {"mlflow.data.context": "training", "part": "1"}
    write(run / "inputs" / "i1", source_type="DATASET", source_id="d1", tags=tags)
    write(run / "inputs" / "i2", source_type="DATASET", source_id="gone", tags={})
    write(run / "inputs" / "i3", source_type="MODEL", source_id="m-1", tags={})
    return mlruns.root


@pytest.fixture
def filled(database: Any) -> Path:
    """The same as a database."""
    database(*((part, [()]) for part in TABLES.split(";")))
    row = ("d1", 1, "train", "a27a", "http", SOURCE, None, '{"num_rows": 2}')
    found: Path = database(
        ("INSERT INTO datasets VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [row]),
        (
            "INSERT INTO inputs VALUES (?, ?, ?, 'RUN', 'r1', 0)",
            [("i1", "DATASET", "d1"), ("i2", "DATASET", "gone"), ("i3", "MODEL", "m-1")],
        ),
        (
            "INSERT INTO input_tags VALUES ('i1', ?, ?)",
            [("mlflow.data.context", "training"), ("part", "1")],
        ),
    )
    return found


@pytest.mark.parametrize("store", ["folder", "filled"])
def test_data_of_a_run_is_shown_and_known_to_mlflow_here(
    workspace: WorkspaceFolder, settings: Settings, store: str, request: pytest.FixtureRequest
) -> None:
    source = request.getfixturevalue(store)
    assert import_mlflow(source, workspace).failed == []
    run = workspace.run("r1")
    (read,) = views.run_detail(workspace, run)["data"]["read"]
    assert (read["name"], read["mode"], read["count"]) == ("train a27a", "training", 1)
    assert "s3cret" not in read["places"][0]
    assert read["places"][0].endswith("@host.org/data.csv?token=***")
    assert run.state().facts["mlflow:dataset:train:a27a"] == {
        "dataset": {
            "name": "train", "digest": "a27a", "source_type": "http", "source": SOURCE,
            "schema": None, "profile": '{"num_rows": 2}',
        },
        "tags": {"mlflow.data.context": "training", "part": "1"},
    }  # fmt: skip
    (item,) = Run.get(Workspace._of(workspace, settings), "r1").get_details()["inputDatasets"]
    assert item["dataset"] == {"name": "train", "version": "a27a"}
    assert item["consumptionDetails"]["inputName"] == "training"
    assert import_mlflow(source, workspace).unchanged == 1


def test_data_that_came_later_renews_the_run(
    workspace: WorkspaceFolder, filled: Path, database: Any
) -> None:
    import_mlflow(filled, workspace)
    database(("INSERT INTO input_tags VALUES ('i1', ?, ?)", [("late", "1")]))
    assert import_mlflow(filled, workspace).renewed == 1


@pytest.mark.parametrize("source", ['{"x": 1}', "no JSON", "", "[1]"])
def test_a_source_of_another_form_has_no_place(
    workspace: WorkspaceFolder, folder: Path, source: str
) -> None:
    described = folder / "1" / "datasets" / "d1" / "meta.yaml"
    described.write_text(yaml.safe_dump({"name": "train", "digest": "a27a", "source": source}))
    import_mlflow(folder, workspace)
    (read,) = views.run_detail(workspace, workspace.run("r1"))["data"]["read"]
    assert (read["name"], read["places"], read["count"]) == ("train a27a", [], 0)
