"""A workspace, and MLflow stores as MLflow writes them, made without it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from ml_jupyter.config import Settings
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.testing.isolation import isolated

BEGAN = 1_700_000_000_000  # ms


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with isolated(tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture
def workspace(settings: Settings, tmp_path: Path) -> WorkspaceFolder:
    return WorkspaceFolder.create(tmp_path / "workspace", "lab")


class MlflowFolder:
    """Writes an ``mlruns`` folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()

    def experiment(self, number: str, name: str, **more: Any) -> Path:
        folder = self.root / number
        _meta(folder, {"experiment_id": number, "name": name, **more})
        return folder

    def run(self, experiment: Path, run_id: str, **more: Any) -> Path:
        folder = experiment / run_id
        meta = {
            "run_id": run_id, "status": 3, "start_time": BEGAN, "end_time": BEGAN + 1000,
            "user_id": "ada", "lifecycle_stage": "active", "run_name": f"run {run_id}",
            "artifact_uri": f"file:///elsewhere/{self.root.name}/{experiment.name}/{run_id}/artifacts",
        }  # fmt: skip
        _meta(folder, {**meta, **more})
        return folder


def _meta(folder: Path, values: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    (folder / "meta.yaml").write_text(yaml.safe_dump(values))


def put(folder: Path, name: str, text: str) -> None:
    """Write a metric, a parameter or a tag, whose name may hold slashes."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def mlruns(tmp_path: Path) -> MlflowFolder:
    return MlflowFolder(tmp_path / "mlruns")


SCHEMA = """
CREATE TABLE experiments (experiment_id INTEGER, name TEXT, lifecycle_stage TEXT);
CREATE TABLE runs (run_uuid TEXT, name TEXT, user_id TEXT, status TEXT, start_time BIGINT,
  end_time BIGINT, lifecycle_stage TEXT, artifact_uri TEXT, experiment_id INTEGER);
CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT,
  is_nan BOOLEAN);
CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
CREATE INDEX of_runs ON metrics (run_uuid);
INSERT INTO experiments VALUES (1, 'first', 'active');
"""


@pytest.fixture
def database(tmp_path: Path) -> Callable[..., Path]:
    """Makes ``mlflow.db`` with a run, and runs more SQL in it."""

    def make(*statements: tuple[str, Any]) -> Path:
        path = tmp_path / "mlflow.db"
        with closing(sqlite3.connect(path)) as db, db:
            if not db.execute("SELECT 1 FROM sqlite_master").fetchone():
                db.executescript(SCHEMA)
                run = ("r1", "one", "ada", "FINISHED", BEGAN, BEGAN + 1000, "active", "", 1)
                db.execute(f"INSERT INTO runs VALUES ({','.join('?' * 9)})", run)
            for query, rows in statements:
                db.executemany(query, rows)
        return path

    return make
