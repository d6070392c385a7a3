"""The order of those who wait, and what ran when, over HTTP, with a real dispatcher and jobs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ml_jupyter.config import Settings
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import cancel, submit
from ml_jupyter.server import shapes
from ml_jupyter.testing.isolation import eventually

Start = Callable[[str], RunFolder]


def fits(value: Any, name: str) -> None:
    schema = {**shapes.reference(name), "components": {"schemas": dict(shapes.SHAPES)}}
    Draft202012Validator(schema).validate(value)


@pytest.fixture
def job(settings: Settings, workspace: WorkspaceFolder, tmp_path: Path) -> Start:
    """Submits a job that takes all cores until it is stopped."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "job.py").write_text("import time; time.sleep(60)\n")
    spec = LaunchSpec.of(settings, script="job.py", slots=2)
    experiment = workspace.create_experiment("explore")

    def start(name: str) -> RunFolder:
        return submit(
            workspace, settings, experiment, spec, source=source, definition={}, display_name=name
        )

    return start


@pytest.fixture
def line(job: Start) -> list[RunFolder]:
    """One that runs, and three that wait for it."""
    first = job("first")
    eventually(lambda: first.state().status == status.RUNNING, 30, "the job's start")
    return [first, *(job(name) for name in "abc")]


def order(answer: Any) -> list[str]:
    assert answer.status == 200, answer.json
    return [entry["display_name"] for entry in answer.json["entries"]]


async def test_runs_are_moved_and_start_in_that_order(fetch, workspace, settings, line):
    first, a, b, c = line
    place = ("workspaces", workspace.id, "queue")

    async def move(run: RunFolder, before: RunFolder | None) -> Any:
        body = {"run_id": run.id, "before": None if before is None else before.id}
        return await fetch(*place, "move", method="POST", json_body=body)

    answer = await move(c, b)
    fits(answer.json, "Queue")
    assert order(answer) == ["a", "c", "b"]
    assert order(await move(a, None)) == ["c", "b", "a"]
    assert order(await move(b, c)) == ["b", "c", "a"]
    assert {entry["priority"] for entry in answer.json["entries"]} == {0}
    url = ("workspaces", workspace.id, "runs", a.id, "queue")
    await fetch(*url, method="PATCH", json_body={"priority": 0})
    assert order(await fetch(*place)) == ["b", "a", "c"]  # a counts by its submission again
    assert order(await move(a, b)) == ["a", "b", "c"]
    assert order(await move(b, a)) == ["b", "a", "c"]
    cancel(first, settings)
    eventually(lambda: b.state().status == status.RUNNING, 30, "the start of the run moved first")
    assert a.state().status == c.state().status == status.QUEUED
    answer = await move(first, a)
    assert (answer.status, answer.json["code"]) == (400, "invalid_argument")
    assert "does not wait" in answer.json["message"]
    answer = await fetch(*place, "move", method="POST", json_body={"run_id": "x", "before": None})
    assert (answer.status, answer.json["code"]) == (404, "run_not_found")


async def test_only_who_may_execute_moves(fetch, workspace, run, read_only):
    body = {"run_id": run.id, "before": None}
    answer = await fetch("workspaces", workspace.id, "queue", "move", method="POST", json_body=body)
    assert answer.status == 403
    assert (await fetch("workspaces", workspace.id, "queue", "history")).status == 200
    assert (await fetch("machine", "history")).status == 200


async def test_what_ran_when_and_how_long_it_waited(fetch, workspace, settings, line):
    first, a = line[0], line[1]
    cancel(first, settings)
    eventually(lambda: a.state().status == status.RUNNING, 30, "the next one's start")
    place = ("workspaces", workspace.id, "queue", "history")
    answer = await fetch(*place, params={"span": "day"})
    fits(answer.json, "QueueHistory")
    ended, running = answer.json["runs"]
    assert (ended["display_name"], ended["status"], ended["cpus"]) == ("first", "Canceled", 2)
    assert (running["display_name"], running["ended_ms"], running["gpus"]) == ("a", None, [])
    assert running["waited_ms"] > 0
    assert running["started_ms"] > ended["started_ms"]
    created_ms = running["started_ms"] - running["waited_ms"]
    assert created_ms < ended["ended_ms"]  # it waited for the first one's end
    assert answer.json["truncated"] is False
    answer = await fetch(*place, params={"span": "year"})
    assert answer.status == 400
