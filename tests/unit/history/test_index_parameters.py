"""Parameters in the index: runs are ordered and chosen by them, and older files get them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.history import index_schema, records, trash
from ml_jupyter.history.index import Index
from ml_jupyter.history.parameter_condition import ParameterCondition
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder

RATES = ("1e-3", "auto", "0.1", "Cosine", "0.02", None, "1e-3")


@pytest.fixture
def index(tmp_path: Path, workspace: WorkspaceFolder) -> Index:
    return Index(workspace, tmp_path / "cache")


@pytest.fixture
def runs(workspace: WorkspaceFolder, experiment: ExperimentRecord) -> list[RunFolder]:
    """r0 … r6 with these rates; ``opt`` is adam for the even ones, SGD for the others."""
    made = []
    for i, rate in enumerate(RATES):
        words = ["train.py", "--opt", ("adam", "SGD")[i % 2], "--seed", str(i)]
        words += [] if rate is None else ["--lr", rate]
        made.append(
            workspace.create_run(
                experiment,
                f"r{i}",
                records.SCRIPT,
                "Completed",
                definition={"script": "train.py", "arguments": words},
            )
        )
    return made


def ids(index: Index, *conditions: str, **query: Any) -> list[str]:
    parsed = [ParameterCondition.parse(text) for text in conditions]
    return [row.id for row in index.query(RunQuery(parameters=parsed, **query)).rows]


UP = ["r6", "r0", "r4", "r2", "r1", "r3", "r5"]
DOWN = ["r2", "r4", "r6", "r0", "r3", "r1", "r5"]


@pytest.mark.parametrize(("sort", "expected"), [("param:lr", UP), ("-param:lr", DOWN)])
def test_numbers_come_before_texts_and_runs_without_last(
    index: Index, runs: list[RunFolder], sort: str, expected: list[str]
) -> None:
    assert ids(index, sort=sort) == expected
    assert ids(index, "seed>=0", sort=sort, text="digits") == expected


@pytest.mark.parametrize("sort", ["param:lr", "-param:lr", "-metric:none", "duration", "name"])
@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_pages_of_any_size_give_each_run_once(
    index: Index, runs: list[RunFolder], sort: str, size: int
) -> None:
    whole = ids(index, sort=sort)
    assert sorted(whole) == [f"r{i}" for i in range(7)]
    pages = [ids(index, sort=sort, limit=size, offset=at) for at in range(0, 9, size)]
    assert [run for page in pages for run in page] == whole
    assert index.query(RunQuery(sort=sort, limit=size, offset=100)).total == 7


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (["lr<0.02"], {"r0", "r6"}),
        (["lr<=0.02"], {"r0", "r4", "r6"}),
        (["lr=0.001"], {"r0", "r6"}),
        (["lr!=0.001"], {"r1", "r2", "r3", "r4"}),
        (["lr=auto"], {"r1"}),
        (["lr!=auto"], {"r0", "r2", "r3", "r4", "r6"}),
        (["lr=AUTO"], set()),
        (["lr~COS"], {"r3"}),
        (["lr~%"], set()),
        (["opt=adam", "lr>0.01"], {"r2", "r4"}),
        (["nothing!=1"], set()),
        (["lr' OR 1=1 --=x"], set()),
    ],
)
def test_runs_are_chosen(
    index: Index, runs: list[RunFolder], conditions: list[str], expected: set[str]
) -> None:
    assert set(ids(index, *conditions)) == expected


def test_drawn_and_logged_parameters_count_as_soon_as_they_are_there(
    index: Index, runs: list[RunFolder]
) -> None:
    assert ids(index, "lr=7") == []
    runs[5].add_properties({"param.lr": "7"})
    runs[1].set_tags({"hyperparameters": json.dumps({"lr": 7})})
    assert ids(index, "lr=7") == ["r5", "r1"]
    assert index.parameters_of(["r5", "gone", "r1"], ["lr", "opt"]) == {
        "r5": {"lr": "7", "opt": "SGD"},
        "r1": {"lr": "7", "opt": "SGD"},
    }
    assert index.parameters_of(["r0"], []) == {}
    runs[1].remove_tags(["hyperparameters"])
    assert ids(index, "lr=7") == ["r5"]


def test_a_deleted_run_leaves_nothing(
    index: Index, workspace: WorkspaceFolder, runs: list[RunFolder]
) -> None:
    assert len(ids(index, "opt=adam")) == 4
    trash.delete_run(workspace, runs[0])
    assert "r0" not in ids(index, "opt=adam")
    assert index.parameters_of(["r0"]) == {}


def test_names_are_told_commonest_first(
    index: Index, experiment: ExperimentRecord, runs: list[RunFolder]
) -> None:
    assert index.names_in(experiment.id).parameters == ["opt", "seed", "lr"]


def test_an_argument_that_is_no_text_hides_no_run(
    index: Index, workspace: WorkspaceFolder, experiment: ExperimentRecord, runs: list[RunFolder]
) -> None:
    odd = {"arguments": ["--name", b"\xff".decode("utf-8", "surrogateescape"), "--\udcff=1"]}
    workspace.create_run(experiment, "odd", records.SCRIPT, "Completed", definition=odd)
    assert ids(index, limit=1) == ["odd"]
    assert index.parameters_of(["odd"]) == {"odd": {"name": "?", "?": "1"}}


def test_a_file_of_the_version_before_is_made_anew(
    tmp_path: Path, index: Index, runs: list[RunFolder]
) -> None:
    assert ids(index, sort="param:lr") == UP
    index.close()
    with sqlite3.connect(index.path) as db:
        db.execute("DROP TABLE parameters")
        db.execute(f"PRAGMA user_version={index_schema.SCHEMA_VERSION - 1}")
    db.close()
    assert ids(Index(index._workspace, tmp_path / "cache"), sort="param:lr") == UP


def test_the_first_filling_leaves_all_indexes(index: Index, runs: list[RunFolder]) -> None:
    index.refresh()
    with sqlite3.connect(index.path) as db:
        found = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type='index'")}
    db.close()
    assert {"parameters_name", "metrics_name", "runs_top", "runs_live"} <= found
