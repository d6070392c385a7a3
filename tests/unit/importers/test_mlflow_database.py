"""Importing MLflow's SQLite database."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from ml_jupyter.exceptions import ImportSourceInvalid
from ml_jupyter.importers import import_mlflow
from tests.unit.importers.conftest import BEGAN

_METRIC = "INSERT INTO metrics VALUES (?, ?, ?, 'r1', ?, ?)"


def test_a_run_is_here_as_it_was_there(workspace, database):
    path = database(
        (_METRIC, [("loss", 1 / (i + 1), BEGAN + i, i, 0) for i in range(3)]),
        (_METRIC, [("odd", 0, BEGAN, 0, 1), ("odd", -1.7976931348623157e308, BEGAN + 1, 1, 0)]),
        ("INSERT INTO params VALUES (?, ?, 'r1')", [("lr", "0.1")]),
        ("INSERT INTO tags VALUES (?, ?, 'r1')", [("team", "blue"), ("mlflow.note.content", "n")]),
    )
    assert import_mlflow(f"sqlite:///{path}", workspace).points == 5
    run = workspace.run("r1")
    state = run.state()
    assert (state.status, state.display_name, state.description) == ("Completed", "one", "n")
    assert (state.properties, state.tags) == ({"param.lr": "0.1"}, {"team": "blue"})
    assert list(run.series("loss").times) == [(BEGAN + i) * 10**6 for i in range(3)]
    assert str(run.series("odd").values) == "[nan, -inf]"
    assert import_mlflow(path, workspace).unchanged == 1
    database((_METRIC, [("loss", 0.1, BEGAN + 9, 9, 0)]))
    assert import_mlflow(path, workspace).renewed == 1
    assert len(run.series("loss")) == 4


def test_the_database_is_only_read(workspace, database):
    path = database()
    before = path.read_bytes()
    path.chmod(0o400)
    import_mlflow(path, workspace)
    assert path.read_bytes() == before


def test_another_database_is_refused(workspace, tmp_path):
    with closing(sqlite3.connect(tmp_path / "other.db")) as db, db:
        db.execute("CREATE TABLE runs (x)")
    with pytest.raises(ImportSourceInvalid, match=r"other\.db is no MLflow database"):
        import_mlflow(tmp_path / "other.db", workspace)


def test_a_damaged_database_is_named(workspace, database):
    path = database((_METRIC, [("loss", 1.0, BEGAN + i, i, 0) for i in range(2000)]))
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 4096):
        data[at : at + 64] = b"\xff" * 64
    path.write_bytes(data)
    with pytest.raises(ImportSourceInvalid, match=r"mlflow\.db cannot be read"):
        import_mlflow(path, workspace)


@pytest.mark.full
def test_a_million_points_come(workspace, database):
    rows = [("loss", 1 / (i + 1), BEGAN + i, i, 0) for i in range(1_000_000)]
    path = database((_METRIC, rows))
    assert import_mlflow(path, workspace).points == 1_000_000
    assert workspace.run("r1").last_value("loss") == (1_000_000, 1e-6)
