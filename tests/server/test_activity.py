"""When runs at work last said anything."""

from __future__ import annotations

import os

from ml_jupyter.history import records
from ml_jupyter.history.layout import STD_LOG


async def activity(fetch, workspace):
    answer = await fetch("workspaces", workspace.id, "activity")
    assert answer.status == 200
    return answer.json


async def test_only_runs_at_work_are_told_with_their_last_sign(fetch, workspace):
    experiment = workspace.create_experiment("explore")
    run = workspace.create_run(experiment, "run-1", records.SCRIPT, "Running")
    workspace.create_run(experiment, "over", records.SCRIPT, "Running").set_status("Completed")
    workspace.create_run(experiment, "waits", records.SCRIPT, "Queued")
    first = await activity(fetch, workspace)
    assert [item["run_id"] for item in first["runs"]] == ["run-1"]
    assert first["runs"][0]["user"] == first["user"] == run.record.user
    assert first["runs"][0]["last_ms"] <= first["now_ms"]

    log = run.layout.files / STD_LOG
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("a line", "utf-8")
    later = first["now_ms"] + 60_000
    os.utime(log, ns=(int(later * 1e6), int(later * 1e6)))
    (item,) = (await activity(fetch, workspace))["runs"]
    assert abs(item["last_ms"] - later) < 1


async def test_a_point_of_a_metric_is_a_sign(fetch, workspace):
    experiment = workspace.create_experiment("explore")
    run = workspace.create_run(experiment, "run-1", records.SCRIPT, "Running")
    before = (await activity(fetch, workspace))["runs"][0]["last_ms"]
    run.metric_log.log("loss", 0.5)
    after = (await activity(fetch, workspace))["runs"][0]["last_ms"]
    assert after > before
