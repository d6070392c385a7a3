"""The index: true after every change by anybody, and made anew whenever it is lost."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.exceptions import IndexBusy, UserErrorException
from ml_jupyter.history import index as index_module
from ml_jupyter.history import records
from ml_jupyter.history.index import Index
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder


@pytest.fixture
def index(tmp_path: Path, workspace: WorkspaceFolder) -> Index:
    return Index(workspace, tmp_path / "cache")


@pytest.fixture
def runs(workspace: WorkspaceFolder, experiment: ExperimentRecord) -> list[RunFolder]:
    """Six runs: r0 … r4 with loss 0, 3, 6, 2, 5 and the last without; r5 is a child of r0."""
    made = []
    for i in range(6):
        facts: dict[str, Any] = {
            "display_name": f"name {'fedcba'[i]}",
            "tags": {"rank": str(i % 2)},
        }
        if i == 5:
            facts.update(parent_id="r0", root_id="r0")
        made.append(
            workspace.create_run(experiment, f"r{i}", records.INTERACTIVE, "Running", **facts)
        )
        if i < 4:
            made[i].metric_log.log("loss", float(i * 3 % 7))
    made[0].set_status("Completed")
    made[1].set_status("Failed", reason="The script ended with exit code 3.")
    made[2].add_properties({"author": "azureml-user"})
    made[3].set_tags({"worth another look": None})
    return made


def ids(index: Index, **query: Any) -> list[str]:
    return [row.id for row in index.query(RunQuery(**query)).rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["r4", "r3", "r2", "r1", "r0"]),
        ({"sort": "created"}, ["r0", "r1", "r2", "r3", "r4"]),
        ({"sort": "name"}, ["r4", "r3", "r2", "r1", "r0"]),
        ({"sort": "metric:loss"}, ["r0", "r3", "r1", "r2", "r4"]),
        ({"sort": "-metric:loss", "limit": 2}, ["r2", "r1"]),
        ({"sort": "-metric:loss", "limit": 2, "offset": 3}, ["r0", "r4"]),
        ({"sort": "-metric:loss", "limit": 2, "offset": 4}, ["r4"]),
        ({"status": ["Failed", "Completed"]}, ["r1", "r0"]),
        ({"tags": {"rank": 1}}, ["r3", "r1"]),
        ({"tags": "worth another look"}, ["r3"]),
        ({"tags": {"worth another look": None}}, ["r3"]),
        ({"tags": {"rank": None}}, []),
        ({"tags": ["worth another look", {"rank": "1"}]}, ["r3"]),
        ({"properties": {"author": "azureml-user"}, "tags": {"rank": "0"}}, ["r2"]),
        ({"parent": "r0"}, ["r5"]),
        ({"root": "r0"}, ["r5"]),
        ({"top_level": False, "limit": 2}, ["r5", "r4"]),
        ({"text": "NAME azureml"}, []),
        ({"text": "DIGITS worth"}, ["r3"]),
        ({"text": "100%"}, []),
        ({"experiment": "digits", "user": "nobody-else"}, []),
        ({"offset": 3, "limit": 1}, ["r1"]),
    ],
)
def test_queries(
    index: Index, runs: list[RunFolder], query: dict[str, Any], expected: list[str]
) -> None:
    assert ids(index, **query) == expected


def test_a_page_says_how_many_match(index: Index, runs: list[RunFolder]) -> None:
    page = index.query(RunQuery(limit=2))
    assert (len(page.rows), page.total) == (2, 5)
    assert page.rows[-1].children == {}
    assert index.query(RunQuery(sort="created", limit=1)).rows[0].children == {"Running": 1}


def test_an_unknown_order_is_refused(index: Index) -> None:
    with pytest.raises(UserErrorException, match="'colour'"):
        index.query(RunQuery(sort="colour"))


def test_changes_by_another_process_are_seen(
    tmp_path: Path, index: Index, runs: list[RunFolder]
) -> None:
    assert ids(index, tags="late") == []
    pid = os.fork()
    if pid == 0:
        try:
            WorkspaceFolder(index._workspace.layout.root).run("r2").set_tags({"late": "yes"})
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    assert ids(index, tags="late") == ["r2"]


def test_new_points_of_a_live_run_need_no_announcement(index: Index, runs: list[RunFolder]) -> None:
    assert ids(index, sort="metric:loss", limit=1) == ["r0"]
    runs[2].metric_log.log("loss", -1.0)
    assert ids(index, sort="metric:loss", limit=1) == ["r2"]
    primary = index.get("r2").primary  # type: ignore[union-attr]
    assert primary == {
        "name": "loss",
        "last": -1.0,
        "best": -1.0,
        "best_step": 1,
        "count": 2,
        "spark": [6.0, -1.0],
    }


@pytest.mark.parametrize("damage", ["missing", "garbage", "older", "truncated"])
def test_a_lost_index_is_made_anew(
    tmp_path: Path, index: Index, runs: list[RunFolder], damage: str
) -> None:
    before = index.query(RunQuery(sort="number", top_level=False)).rows
    index.close()
    if damage == "missing":
        index.path.unlink()
    elif damage == "garbage":
        index.path.write_bytes(b"this is no database " * 400)
    elif damage == "older":
        with sqlite3.connect(index.path) as db:
            db.execute("PRAGMA user_version=99")
        db.close()
    else:
        index.path.write_bytes(index.path.read_bytes()[:5000])
        index.path.with_name(index.path.name + "-wal").unlink(missing_ok=True)
    again = Index(index._workspace, tmp_path / "cache")
    assert again.query(RunQuery(sort="number", top_level=False)).rows == before


def test_two_indexes_over_one_file_agree(
    tmp_path: Path, index: Index, runs: list[RunFolder]
) -> None:
    other = Index(index._workspace, tmp_path / "cache")
    assert index.query(RunQuery()).rows == other.query(RunQuery()).rows
    runs[4].set_status("Canceled")
    assert ids(other, status=["Canceled"]) == ids(index, status=["Canceled"]) == ["r4"]


def test_descendants_are_found_at_any_depth(
    index: Index, workspace: WorkspaceFolder, experiment: ExperimentRecord, runs: list[RunFolder]
) -> None:
    workspace.create_run(
        experiment, "grandchild", records.INTERACTIVE, "Running", parent_id="r5", root_id="r0"
    )
    assert index.descendants("r0") == ["grandchild", "r5"]
    assert index.descendants("r4") == []


def test_more_live_runs_than_are_kept_in_memory(
    index: Index, workspace: WorkspaceFolder, experiment: ExperimentRecord
) -> None:
    names = [f"live-{number}" for number in range(600)]
    many = workspace.create_runs(experiment, names, records.INTERACTIVE, "Running", [{}] * 600)
    assert len(ids(index)) == 600
    for run in many[:20]:
        run.metric_log.log("loss", 0.5)
    assert set(ids(index, sort="metric:loss", limit=20)) == set(names[:20])


def test_an_index_that_is_in_use_when_it_is_opened_is_left_alone(
    index: Index, runs: list[RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(ids(index)) == 5
    index.close()
    monkeypatch.setattr(index_module, "_BUSY_S", 0.05)
    other = sqlite3.connect(str(index.path), isolation_level=None)
    made = index.path.stat().st_ino
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(IndexBusy):
            index.query(RunQuery())
        assert index.path.stat().st_ino == made
    finally:
        other.close()
    assert len(ids(index)) == 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_asks_through_a_connection_of_its_own(
    index: Index, runs: list[RunFolder]
) -> None:
    assert len(ids(index)) == 5
    child = os.fork()
    if child == 0:
        found = 99
        try:
            found = len(ids(index))
            index.close()
        finally:
            os._exit(found)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 5
    runs[4].set_status("Completed")
    assert index.get("r4").status == "Completed"
