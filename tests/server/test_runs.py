"""Lists of runs and single runs over HTTP, from real run folders."""

from __future__ import annotations

import math

import pytest

from ml_jupyter.history import records
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder


def make_run(
    workspace: WorkspaceFolder, run_id: str, status: str = "Running", **facts
) -> RunFolder:
    experiment = workspace.create_experiment(facts.pop("experiment", "explore"))
    return workspace.create_run(experiment, run_id, records.INTERACTIVE, status, **facts)


@pytest.fixture
def run(workspace) -> RunFolder:
    found = make_run(
        workspace, "run-1", tags={"quality": "great", "plain": None}, display_name="first"
    )
    for step in range(10):
        found.metric_log.log("loss", 1.0 / (step + 1), step)
    found.set_status("Completed")
    return found


async def test_workspaces_name_the_default_one_first(fetch, workspace, settings):
    WorkspaceFolder.create(settings.home / "workspaces" / "other", "other")
    answer = await fetch("workspaces")
    assert answer.status == 200
    names = [(item["name"], item["is_default"]) for item in answer.json["workspaces"]]
    assert names == [("default", True), ("other", False)]


async def test_a_workspace_that_was_just_made_is_there(fetch, settings):
    assert (await fetch("workspaces")).json["workspaces"] == []
    made = WorkspaceFolder.create(settings.home / "workspaces" / "other", "other")
    answer = await fetch("workspaces")
    assert [item["id"] for item in answer.json["workspaces"]] == [made.id]


async def test_a_list_holds_summaries(fetch, workspace, run):
    answer = await fetch("workspaces", workspace.id, "runs")
    assert answer.status == 200
    assert (answer.json["total"], answer.json["offset"], answer.json["limit"]) == (1, 0, 50)
    (summary,) = answer.json["runs"]
    assert summary["id"] == "run-1"
    assert summary["display_name"] == "first"
    assert summary["status"] == "Completed"
    assert summary["primary_metric"]["name"] == "loss"
    assert summary["primary_metric"]["best"] == pytest.approx(0.1)
    assert summary["can_write"] is True


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"status": "Running"}, ["c"]),
        ({"status": ["Running", "Failed"]}, ["c", "b"]),
        ({"tag": "k"}, ["c", "a"]),
        ({"tag": "k=1"}, ["a"]),
        ({"experiment": "other"}, ["b"]),
        ({"text": "NEEDLE"}, ["b"]),
        ({"sort": "created"}, ["a", "b", "c"]),
        ({"sort": "metric:acc"}, ["b", "a", "c"]),
        ({"limit": 1, "offset": 1}, ["b"]),
        ({"limit": 0}, []),
        ({"archived": "true"}, ["d"]),
        ({"parent": "a"}, ["child"]),
        ({"top_level": "false", "limit": 2}, ["child", "c"]),
    ],
)
async def test_lists_are_filtered_sorted_and_paged(fetch, workspace, query, ids):
    a = make_run(workspace, "a", tags={"k": "1"})
    a.metric_log.log("acc", 0.9)
    a.set_status("Completed")
    b = make_run(workspace, "b", experiment="other", display_name="the needle")
    b.metric_log.log("acc", 0.5)
    b.set_status("Failed")
    d = make_run(workspace, "d")
    d.set_details(archived=True)
    make_run(workspace, "c", tags={"k": "2"})
    make_run(workspace, "child", parent_id="a", root_id="a")
    pairs = [(k, v) for k, vs in query.items() for v in (vs if isinstance(vs, list) else [vs])]
    answer = await fetch("workspaces", workspace.id, "runs", params=pairs)
    assert answer.status == 200, answer.body
    assert [item["id"] for item in answer.json["runs"]] == ids


async def test_a_run_has_all_its_details(fetch, workspace, run):
    answer = await fetch("workspaces", workspace.id, "runs", "run-1")
    assert answer.status == 200
    (metric,) = answer.json["metrics"]
    assert (metric["name"], metric["count"], metric["max"]) == ("loss", 10, 1.0)
    assert answer.json["tags"] == {"quality": "great", "plain": None}
    assert answer.json["parents"] == []


async def test_a_run_can_be_renamed_tagged_and_archived(fetch, workspace, run):
    change = {
        "display_name": "second",
        "description": "why",
        "tags": {"new": "1", "plain": "now a value"},
        "remove_tags": ["quality"],
        "archived": True,
    }
    answer = await fetch(
        "workspaces", workspace.id, "runs", "run-1", method="PATCH", json_body=change
    )
    assert answer.status == 200, answer.body
    state = run.state()
    assert (state.display_name, state.description, state.archived) == ("second", "why", True)
    assert state.tags == {"new": "1", "plain": "now a value"} == answer.json["tags"]


async def test_an_ended_run_can_be_deleted_and_a_live_one_cannot(fetch, workspace, run):
    live = make_run(workspace, "live", "Queued")
    answer = await fetch("workspaces", workspace.id, "runs", live.id, method="DELETE")
    assert answer.status in (400, 409)
    assert (await fetch("workspaces", workspace.id, "runs", run.id, method="DELETE")).status == 204
    answer = await fetch("workspaces", workspace.id, "runs", run.id)
    assert (answer.status, answer.json["code"]) == (404, "run_not_found")
    answer = await fetch("workspaces", workspace.id, "runs")
    assert [item["id"] for item in answer.json["runs"]] == ["live"]


async def test_a_waiting_run_can_be_canceled(fetch, workspace):
    waiting = make_run(workspace, "waiting", "Queued")
    answer = await fetch("workspaces", workspace.id, "runs", waiting.id, "cancel", method="POST")
    assert answer.status == 202
    assert answer.json["status"] == "Canceled"


async def test_metrics_are_thinned_and_keep_the_extremes(fetch, workspace):
    run = make_run(workspace, "long")
    run.metric_log.log_many("wave", [math.sin(i / 100) for i in range(20_000)])
    run.metric_log.log("wave", 7.0)
    run.metric_log.log("wave", float("nan"))
    run.metric_log.log("note", "text")
    answer = await fetch(
        "workspaces", workspace.id, "runs", "long", "metrics", params={"points": 500}
    )
    (series,) = answer.json["series"]
    assert series["name"] == "wave"
    assert series["count"] == 20_002
    assert len(series["values"]) <= 500
    assert series["downsampled"] is True
    assert series["values"][-1] == "NaN"
    assert max(v for v in series["values"] if v != "NaN") == 7.0
    answer = await fetch(
        "workspaces", workspace.id, "runs", "long", "metrics", params={"names": "note"}
    )
    assert answer.json["series"][0]["entries"][0]["value"] == "text"


async def test_experiments_are_listed_changed_and_archived(fetch, workspace, run):
    answer = await fetch("workspaces", workspace.id, "experiments")
    (experiment,) = answer.json["experiments"]
    assert (experiment["name"], experiment["run_count"], experiment["active_count"]) == (
        "explore",
        1,
        0,
    )
    change = {"archived": True, "tags": {"a": "b"}, "description": "old"}
    path = ("workspaces", workspace.id, "experiments", experiment["id"])
    answer = await fetch(*path, method="PATCH", json_body=change)
    assert answer.status == 200
    assert (answer.json["archived"], answer.json["tags"]) == (True, {"a": "b"})
    assert (await fetch("workspaces", workspace.id, "experiments")).json["experiments"] == []
    answer = await fetch("workspaces", workspace.id, "experiments", params={"archived": "true"})
    assert [item["description"] for item in answer.json["experiments"]] == ["old"]


async def test_queue_and_machine_answer(fetch, workspace):
    answer = await fetch("workspaces", workspace.id, "queue")
    assert answer.status == 200, answer.body
    assert answer.json["slots"]["total"] == 2
    answer = await fetch("machine")
    assert 0 <= answer.json["cpu_used"] <= answer.json["cpu_count"]
    assert 0 < answer.json["memory_used"] < answer.json["memory_total"]


async def test_who_may_only_read_is_told_so(fetch, workspace, run, read_only):
    (summary,) = (await fetch("workspaces", workspace.id, "runs")).json["runs"]
    assert summary["can_write"] is False
    answer = await fetch("workspaces", workspace.id, "runs", run.id)
    assert answer.json["can_write"] is False
    answer = await fetch("workspaces", workspace.id, "runs", run.id, method="PATCH", json_body={})
    assert (answer.status, answer.json["code"]) == (403, "not_authorized")
