"""A sweep's trials and what mattered in it, as pages ask for and follow them."""

from __future__ import annotations

import json
import random

import pytest

from ml_jupyter.history import lock, records, status, trash
from ml_jupyter.server import trials as sweeps
from ml_jupyter.sweeps.policies import STOPPED_EARLY

PLAN = {
    "space": {"lr": ["loguniform", [-9.0, 0.0]], "kind": ["choice", [["a", "b"]]]},
    "algorithm": "RANDOM",
    "metric": "loss",
    "goal": "minimize",
    "max_total": 20,
    "max_concurrent": 4,
    "policy": {"kind": "Bandit", "evaluation_interval": 1, "slack_factor": 0.1},
}


@pytest.fixture
def experiment(workspace):
    return workspace.create_experiment("search")


@pytest.fixture
def sweep(workspace, experiment):
    run = workspace.create_run(
        experiment, "HD_1", records.SWEEP, "Running", definition={"sweep": PLAN}
    )
    held = lock.acquire(run.lock_path)
    yield run
    held.release()


@pytest.fixture
def add(workspace, experiment, sweep):
    def made(number, parameters, values=(), state="Completed"):
        run = workspace.create_run(
            experiment,
            f"HD_1_{number}",
            records.SCRIPT,
            "Running",
            parent_id=sweep.id,
            root_id=sweep.id,
            tags={"hyperparameters": json.dumps(parameters)},
            properties={"ml_jupyter.trial": str(number)},
            display_name=f"job {number}",
        )
        for step, value in enumerate(values):
            run.metric_log.log("loss", value, step)
        if state == "Canceled":
            run.warn(STOPPED_EARLY.format("Bandit"))
        if state != "Running":
            run.set_status(state)
        return run

    return made


async def test_trials_come_with_parameters_and_best_value(fetch, workspace, sweep, add):
    add(1, {"lr": 0.1, "kind": "b"}, [3.0, float("nan"), 5.0], "Canceled")
    add(0, {"lr": 0.01, "kind": "a"}, [2.0, 1.0, 1.5])
    add(2, {"lr": 0.5, "kind": "a"}, [], "Failed")
    answer = (await fetch("workspaces", workspace.id, "runs", sweep.id, "trials")).json
    assert answer["sweep"]["parameters"] == [
        {"name": "lr", "kind": "loguniform", "values": None, "numbers": [-9.0, 0.0], "log": True},
        {"name": "kind", "kind": "choice", "values": ["a", "b"], "numbers": None, "log": False},
    ]
    assert (answer["sweep"]["goal"], answer["sweep"]["limit"]) == ("minimize", 20)
    assert answer["sweep"]["policy"]["kind"] == "Bandit"
    rows = answer["trials"]
    assert [row["trial"] for row in rows] == [0, 1, 2]
    assert [row["best"] for row in rows] == [1.0, 3.0, None]
    assert [row["best_step"] for row in rows] == [1, 0, None]
    assert [row["last"] for row in rows] == [1.5, 5.0, None]
    assert [row["stopped_early"] for row in rows] == [False, True, False]
    assert rows[0]["parameters"] == {"lr": 0.01, "kind": "a"}


@pytest.mark.parametrize("what", ["trials", "importance"])
async def test_a_run_that_is_no_sweep_is_told_so(fetch, workspace, run, what):
    answer = await fetch("workspaces", workspace.id, "runs", run.id, what)
    assert answer.status == 400
    assert answer.json["code"] == "invalid_argument"
    assert "no sweep" in answer.json["message"]


async def test_tags_that_somebody_changed_do_no_harm(fetch, workspace, sweep, add):
    add(0, {"lr": 0.01, "kind": "a"}).set_tags({"hyperparameters": "{broken"})
    add(1, {"lr": 0.01, "kind": "a"}).set_tags({"hyperparameters": '["<b>"]'})
    answer = (await fetch("workspaces", workspace.id, "runs", sweep.id, "trials")).json
    assert [row["parameters"] for row in answer["trials"]] == [{}, {}]


async def test_a_page_that_follows_gets_only_what_changed(connect, workspace, sweep, add):
    add(0, {"lr": 0.01, "kind": "a"}, [1.0])
    live = add(1, {"lr": 0.1, "kind": "b"}, [3.0], "Running")
    held = lock.acquire(live.lock_path)
    page = await connect()
    await page.send(op="subscribe", id=1, stream="trials", workspace=workspace.id, run=sweep.id)
    first = await page.until(lambda m: m["id"] == 1)
    assert [list(part) for part in first["parts"]] == [["sweep"], ["trial"], ["trial"]]
    live.metric_log.log("loss", 0.5, 1)
    second = await page.until(lambda m: m["id"] == 1)
    assert [part["trial"]["run_id"] for part in second["parts"]] == [live.id]
    assert second["parts"][0]["trial"]["best"] == 0.5
    live.set_status(status.COMPLETED)
    third = await page.until(lambda m: m["id"] == 1)
    assert third["parts"][0]["trial"]["status"] == "Completed"
    held.release()


async def test_a_page_that_follows_is_told_of_a_deleted_trial(connect, workspace, sweep, add):
    gone, stays = (add(number, {"lr": 0.1, "kind": "a"}, [1.0]) for number in range(2))
    page = await connect()
    await page.send(op="subscribe", id=1, stream="trials", workspace=workspace.id, run=sweep.id)
    first = await page.until(lambda m: m["id"] == 1)
    assert {part["trial"]["run_id"] for part in first["parts"][1:]} == {gone.id, stays.id}
    trash.delete_run(workspace, gone)
    second = await page.until(lambda m: m["id"] == 1)
    assert second["parts"] == [{"gone": gone.id}]


async def test_importance_needs_enough_trials(fetch, workspace, sweep, add):
    add(0, {"lr": 0.01, "kind": "a"}, [1.0])
    answer = (await fetch("workspaces", workspace.id, "runs", sweep.id, "importance")).json
    assert (answer["parameters"], answer["trials"], answer["best_part"]) == ([], 1, None)
    assert "10 trials" in answer["note"]


async def test_importance_is_computed_once_for_the_same_trials(
    fetch, workspace, sweep, add, monkeypatch
):
    numbers = random.Random(1)
    for number in range(30):
        lr = numbers.uniform(0.001, 0.9)
        add(number, {"lr": lr, "kind": numbers.choice("ab")}, [lr])
    asked = []
    real = sweeps._ask
    monkeypatch.setattr(sweeps, "_ask", lambda question: asked.append(1) or real(question))
    for _ in range(2):
        found = (await fetch("workspaces", workspace.id, "runs", sweep.id, "importance")).json
    assert asked == [1]
    assert (found["method"], found["note"]) == ("PED-ANOVA", None)
    assert found["parameters"][0]["name"] == "lr"
    assert sum(item["importance"] for item in found["parameters"]) == pytest.approx(1)


async def test_a_thousand_trials_are_told_at_once(fetch, workspace, experiment, sweep):
    numbers = range(1000)
    facts = [
        {
            "parent_id": sweep.id,
            "root_id": sweep.id,
            "tags": {"hyperparameters": json.dumps({"lr": number / 1000, "kind": "a"})},
            "properties": {"ml_jupyter.trial": str(number)},
        }
        for number in numbers
    ]
    ids = [f"HD_1_{number}" for number in numbers]
    runs = workspace.create_runs(experiment, ids, records.SCRIPT, "Completed", facts)
    for run in runs:
        run.metric_log.log_many("loss", [1.0, 0.5])
    place = ("workspaces", workspace.id, "runs", sweep.id, "trials")
    assert len((await fetch(*place)).json["trials"]) == 1000
