"""Experiments over HTTP: what is known of them, what their runs can be chosen and shown by."""

from __future__ import annotations

import pytest

from ml_jupyter.history import records
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder


def make_run(
    workspace: WorkspaceFolder, run_id: str, loss: float | None = None, **facts
) -> RunFolder:
    experiment = workspace.create_experiment(facts.pop("experiment", "digits"))
    status = facts.pop("status", "Running")
    run = workspace.create_run(experiment, run_id, records.SCRIPT, status, **facts)
    if loss is not None:
        run.metric_log.log("loss", loss * 2)
        run.metric_log.log("loss", loss)
    return run


async def asked(fetch, workspace, query):
    """The answer to a question for runs; a list repeats its parameter."""
    pairs = [(k, v) for k, vs in query.items() for v in (vs if isinstance(vs, list) else [vs])]
    return await fetch("workspaces", workspace.id, "runs", params=pairs)


async def listed(fetch, workspace):
    answer = await fetch("workspaces", workspace.id, "experiments")
    assert answer.status == 200
    return {item["name"]: item for item in answer.json["experiments"]}


async def test_a_list_says_what_is_at_work_where_and_how_well(fetch, workspace):
    make_run(workspace, "a", 0.5, target="gpu-box")
    make_run(workspace, "b", 0.2).set_status("Completed")
    make_run(workspace, "c", 0.1).set_details(archived=True)
    make_run(workspace, "child", 0.05, parent_id="a", root_id="a")
    workspace.create_experiment("empty")
    found = await listed(fetch, workspace)
    digits = found["digits"]
    assert digits["states"] == {"Running": 1, "Completed": 1}
    assert digits["targets"] == {"gpu-box": 1}
    assert digits["primary_metric"] == {
        "name": "loss",
        "best": 0.2,
        "lower": True,
        "run_id": "b",
    }
    assert len(digits["users"]) == 1
    assert digits["last_run_ms"] >= digits["created_ms"]
    assert found["empty"]["primary_metric"] is None
    assert found["empty"]["last_run_ms"] is None


async def test_the_greatest_value_is_best_where_more_is_better(fetch, workspace):
    for run_id, value in (("a", 0.5), ("b", 0.9), ("c", 0.7)):
        make_run(workspace, run_id).metric_log.log("accuracy", value)
    metric = (await listed(fetch, workspace))["digits"]["primary_metric"]
    assert metric == {"name": "accuracy", "best": 0.9, "lower": False, "run_id": "b"}


async def test_a_reader_is_told_that_nothing_can_be_changed(fetch, workspace, read_only):
    answer = await fetch("workspaces", workspace.id, "experiments")
    assert answer.json["can_write"] is False


@pytest.mark.parametrize(
    ("metric", "ids"),
    [
        ("loss<0.3", ["b"]),
        ("loss>=0.2", ["b", "a"]),
        ("loss = 0.5", ["a"]),
        (["loss>0.1", "loss<0.4"], ["b"]),
        ("nothing<1", []),
        ("loss' OR 1=1 --<1", []),
    ],
)
async def test_runs_are_chosen_by_their_newest_value(fetch, workspace, metric, ids):
    make_run(workspace, "a", 0.5)
    make_run(workspace, "b", 0.2)
    make_run(workspace, "none")
    answer = await asked(fetch, workspace, {"metric": metric})
    assert answer.status == 200
    assert [run["id"] for run in answer.json["runs"]] == ids
    assert answer.json["total"] == len(ids)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"param": "lr<0.01"}, ["b"]),
        ({"param": ["lr>0", "opt=adam"]}, ["a"]),
        ({"param": "opt~AD"}, ["a"]),
        ({"param": "lr' OR 1=1 --=1"}, []),
        ({"sort": "param:lr"}, ["b", "a", "none", "warm"]),
        ({"sort": "-param:lr"}, ["a", "b", "none", "warm"]),
        ({"sort": "-param:lr", "limit": "1", "offset": "1"}, ["b"]),
    ],
)
async def test_runs_are_chosen_and_ordered_by_a_parameter(fetch, workspace, query, ids):
    for run_id, words in (
        ("warm", ["--steps", "3"]),
        ("b", ["--lr", "1e-3", "--opt", "sgd"]),
        ("a", ["--lr=0.1", "--opt", "adam"]),
        ("none", ["--lr", "none"]),
    ):
        make_run(workspace, run_id, definition={"script": "train.py", "arguments": words})
    answer = await asked(fetch, workspace, query)
    assert answer.status == 200
    assert [run["id"] for run in answer.json["runs"]] == ids


async def test_logged_parameters_are_columns_and_compared(fetch, workspace):
    run = make_run(workspace, "a", properties={"param.lr": "0.3"})
    columns = await asked(fetch, workspace, {"column": "param:lr"})
    assert columns.json["runs"][0]["values"] == {"param:lr": "0.3"}
    compared = await fetch("workspaces", workspace.id, "compare", params=[("runs", run.id)])
    assert compared.json["parameters"] == {"lr": ["0.3"]}
    detail = await fetch("workspaces", workspace.id, "runs", run.id)
    assert detail.json["parameters"] == {"lr": "0.3"}


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"param": "lr"}, "param"),
        ({"param": "lr<adam"}, "param"),
        ({"param": ["lr=1"] * 101}, "param"),
        ({"metric": "loss"}, "metric"),
        ({"metric": "loss<many"}, "metric"),
        ({"column": "secret:loss"}, "column"),
        ({"column": ["metric:a"] * 101}, "column"),
    ],
)
async def test_what_is_no_condition_or_column_is_named(fetch, workspace, params, field):
    answer = await asked(fetch, workspace, params)
    assert answer.status == 400
    assert answer.json["code"] == "invalid_argument"
    assert answer.json["details"]["field"] == field


async def test_columns_are_given_with_each_run_that_has_them(fetch, workspace):
    definition = {"script": "train.py", "arguments": ["--lr", "0.1"]}
    make_run(workspace, "a", 0.5, definition=definition)
    make_run(workspace, "b")
    params = {"column": ["metric:loss", "param:lr"], "sort": "created"}
    answer = await asked(fetch, workspace, params)
    assert [run["values"] for run in answer.json["runs"]] == [
        {"metric:loss": 0.5, "param:lr": "0.1"},
        {},
    ]


async def test_an_experiment_says_what_its_runs_have(fetch, workspace):
    definition = {"script": "train.py", "arguments": ["--lr", "0.1", "--fast"]}
    make_run(workspace, "a", 0.5, definition=definition, tags={"team": "vision"})
    make_run(workspace, "other", experiment="other", tags={"unrelated": None})
    experiment = workspace.find_experiment("digits")
    answer = await fetch("workspaces", workspace.id, "experiments", experiment.id, "columns")
    assert answer.status == 200
    assert answer.json == {"metrics": ["loss"], "tags": ["team"], "parameters": ["fast", "lr"]}


@pytest.mark.parametrize(
    ("identifier", "status"), [("none", 404), ("..", 400), ("..%2f..%2fx", 400)]
)
async def test_columns_of_no_experiment_are_refused(fetch, workspace, identifier, status):
    answer = await fetch("workspaces", workspace.id, "experiments", identifier, "columns")
    assert answer.status == status
