"""Comparisons and saved views over HTTP."""

from __future__ import annotations

import asyncio
import shutil

import pytest

from ml_jupyter.history import records
from ml_jupyter.sdk.views import series


@pytest.fixture
def runs(workspace):
    experiment = workspace.create_experiment("explore")
    made = []
    for at, rate in enumerate(("1e-3", "3e-4")):
        definition = {
            "script": "train.py",
            "arguments": ["--lr", rate, "--epochs", "3"],
            "launch": {"build": {"mode": "pip", "pip": [f"torch==2.{at}", "numpy"]}},
        }
        run = workspace.create_run(
            experiment, f"run-{at}", records.SCRIPT, "Queued", definition=definition
        )
        run.metric_log.log_many("val_loss", [0.5 - at / 10, 0.4, 0.45])
        made.append(run)
    made[1].metric_log.log_many("acc", [float("nan"), 0.9])
    return made


@pytest.fixture
def ask(fetch, workspace):
    async def call(*ids):
        query = [("runs", run_id) for run_id in ids]
        return await fetch("workspaces", workspace.id, "compare", params=query)

    return call


async def test_runs_stand_side_by_side(ask, runs):
    answer = await ask("run-1", "run-0", "gone")
    assert answer.status == 200
    found = answer.json
    assert [run["id"] for run in found["runs"]] == ["run-1", "run-0"]
    assert found["missing"] == ["gone"]
    assert found["parameters"] == {"lr": ["3e-4", "1e-3"], "epochs": ["3", "3"]}
    metrics = {item["name"]: item for item in found["metrics"]}
    assert metrics["val_loss"]["lower"] is True
    assert metrics["val_loss"]["best"] == [0.4, 0.4]
    assert metrics["val_loss"]["max"] == [0.45, 0.5]
    assert metrics["acc"] == {
        "name": "acc",
        "lower": False,
        "last": [0.9, None],
        "best": [0.9, None],
        "min": [0.9, None],
        "max": [0.9, None],
    }
    assert found["environment"]["package torch"] == ["2.1", "2.0"]
    assert found["environment"]["package numpy"] == ["any", "any"]
    assert found["runs"][0]["can_write"] is True


async def test_a_run_named_twice_is_there_once(ask, runs):
    answer = await ask("run-0", "run-0")
    assert [run["id"] for run in answer.json["runs"]] == ["run-0"]


@pytest.mark.parametrize("ids", [[], [f"run-{n}" for n in range(201)], ["../x"], ["a b"]])
async def test_what_cannot_be_compared_is_refused(ask, workspace, ids):
    answer = await ask(*ids)
    assert (answer.status, answer.json["code"]) == (400, "invalid_argument")


async def test_curves_of_many_runs_come_in_one_answer(fetch, workspace, runs):
    path = ("workspaces", workspace.id, "compare", "metrics")
    query = [("runs", "run-0"), ("runs", "run-1"), ("runs", "gone"), ("names", "acc")]
    answer = await fetch(*path, params=query)
    found = answer.json["series"]
    assert sorted(found) == ["run-0", "run-1"]
    assert found["run-0"] == []
    assert found["run-1"][0]["values"] == ["NaN", 0.9]
    for bad in ([("runs", "run-0")], query[3:], [*query, ("points", "0")]):
        assert (await fetch(*path, params=bad)).status == 400


async def test_an_answer_stays_within_bounds_however_many_curves(
    fetch, workspace, runs, monkeypatch
):
    monkeypatch.setattr(series, "ALL_POINTS", 24)
    runs[0].metric_log.log_many("val_loss", range(100))
    query = [("runs", "run-0"), ("runs", "run-1"), ("names", "val_loss"), ("names", "acc")]
    answer = await fetch("workspaces", workspace.id, "compare", "metrics", params=query)
    [found] = answer.json["series"]["run-0"]
    assert (len(found["steps"]), found["values"][-1]) == (6, 99)
    query = [("names", "val_loss")] * 4
    answer = await fetch("workspaces", workspace.id, "runs", "run-0", "metrics", params=query)
    [found] = answer.json["series"]  # once, however often it is named
    assert len(found["steps"]) == 24


async def test_a_new_point_is_in_the_next_answer(ask, runs):
    await ask("run-0")
    runs[0].metric_log.log_many("val_loss", [0.1])
    assert (await ask("run-0")).json["metrics"][0]["best"] == [0.1]


async def test_points_of_an_ended_run_are_read_once_for_all_views(ask, runs):
    runs[0].set_status("Canceled")
    before = (await ask("run-0", "run-1")).json["metrics"]
    shutil.rmtree(runs[0].layout.metrics)
    assert (await ask("run-0", "run-1")).json["metrics"] == before
    assert [item["last"][0] for item in before] == [None, 0.45]


async def save(fetch, workspace, **body):
    body = {"kind": "compare", "name": "one", "content": {"runs": ["run-0"]}, **body}
    return await fetch("workspaces", workspace.id, "views", method="POST", json_body=body)


async def test_a_view_is_saved_changed_and_deleted(fetch, workspace):
    made = await save(fetch, workspace)
    assert made.status == 201
    path = ("workspaces", workspace.id, "views", made.json["id"])
    assert made.json["can_write"] is True
    assert made.json["content"] == {"runs": ["run-0"]}
    listed = await fetch(*path[:3], params={"kind": "compare"})
    (entry,) = listed.json["views"]
    assert entry == {k: v for k, v in made.json.items() if k != "content"}
    assert (await fetch(*path[:3], params={"kind": "experiments"})).json == {"views": []}
    body = {"revision": 1, "name": "two"}
    changed = await fetch(*path, method="PATCH", json_body=body)
    assert (changed.json["name"], changed.json["revision"]) == ("two", 2)
    assert (await fetch(*path)).json == changed.json
    assert (await fetch(*path, method="DELETE")).status == 204
    gone = await fetch(*path)
    assert (gone.status, gone.json["code"]) == (404, "view_not_found")


async def test_of_two_who_save_one_is_told(fetch, workspace):
    made = await save(fetch, workspace)
    path = ("workspaces", workspace.id, "views", made.json["id"])
    answers = await asyncio.gather(
        *(
            fetch(*path, method="PATCH", json_body={"revision": 1, "content": {"n": n}})
            for n in range(2)
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    refused = next(answer for answer in answers if answer.status == 409)
    assert refused.json["code"] == "view_changed"
    assert refused.json["details"]["revision"] == 2


async def test_a_reader_sees_views_and_may_not_change_them(fetch, workspace, request):
    made = await save(fetch, workspace)
    request.getfixturevalue("read_only")
    path = ("workspaces", workspace.id, "views", made.json["id"])
    assert (await fetch(*path)).json["can_write"] is False
    assert (await fetch(*path, method="DELETE")).status == 403
    body = {"revision": 1, "name": "x"}
    assert (await fetch(*path, method="PATCH", json_body=body)).status == 403
    assert (await save(fetch, workspace)).status == 403


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "other"},
        {"name": ""},
        {"name": "a\nb"},
        {"name": "x" * 300},
        {"content": []},
        {"content": {"text": "x" * 300_000}},
        {"more": 1},
    ],
)
async def test_a_view_that_cannot_be_is_refused(fetch, workspace, body):
    answer = await save(fetch, workspace, **body)
    assert (answer.status, answer.json["code"]) == (400, "invalid_argument")
    assert (await fetch("workspaces", workspace.id, "views")).json == {"views": []}


async def test_a_name_is_text_and_nothing_else(fetch, workspace):
    name = "<img src=x onerror=alert(1)> ../..  \u202eabc"
    made = await save(fetch, workspace, name=name)
    assert made.json["name"] == name
    assert len(list((workspace.layout.views).glob("*.json"))) == 1
