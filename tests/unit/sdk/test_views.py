"""Runs as JSON: the shapes of docs/http-api.md, true to what was logged."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_jupyter import Experiment, Run
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import views
from ml_jupyter.sdk.views.detail import command_of
from ml_jupyter.sdk.views.snapshot import MOST_BYTES
from ml_jupyter.sdk.views.thinning import thin

SUMMARY = {
    "id", "workspace_id", "number", "experiment_id", "experiment", "display_name", "type",
    "status", "reason", "parent_id", "root_id", "target", "user", "archived", "created_ms",
    "started_ms", "ended_ms", "tags", "primary_metric", "progress", "child_count", "children",
    "can_write",
}  # fmt: skip
DETAIL = SUMMARY | {
    "description", "properties", "command", "parameters", "script", "arguments", "error",
    "warnings", "git", "snapshot_id", "host", "metrics", "log_files", "portal_url",
    "duration_ms", "parents", "finding", "resources", "ranks", "placement", "build_log",
    "environment", "sweep", "data", "packages", "imported",
}  # fmt: skip


@pytest.fixture
def run(experiment: Experiment) -> Run:
    return experiment.start_logging(outputs=False, snapshot_directory=None, display_name="digits")


def detail(run: Run) -> dict[str, Any]:
    found = views.run_detail(run._workspace._folder, run._folder)
    json.dumps(found, allow_nan=False)
    return found


def test_every_key_of_the_contract_is_there(run: Run) -> None:
    for number in range(3):
        run.log("loss", 1.0 / (number + 1))
    workspace = run._workspace
    row = workspace._index.get(run.id)
    assert row is not None
    summary = views.run_summary(workspace._folder, row)
    assert set(summary) == SUMMARY
    assert set(detail(run)) == DETAIL
    assert summary == {key: detail(run)[key] for key in SUMMARY}
    assert summary["primary_metric"]["last"] == pytest.approx(1 / 3)
    run.complete()
    ended = detail(run)
    assert ended["ended_ms"] >= ended["started_ms"] >= ended["created_ms"]
    assert ended["duration_ms"] == pytest.approx(ended["ended_ms"] - ended["started_ms"], abs=0.01)


def test_family_error_and_warnings(run: Run) -> None:
    child = run.child_run(name="child")
    child.fail(ValueError("bad lr"))
    grandchild = child.child_run()
    parents = [item["display_name"] for item in detail(grandchild)["parents"]]
    assert parents == ["digits", "child"]
    assert detail(child)["error"]["message"] == "ValueError: bad lr"
    assert detail(child)["reason"] == "ValueError: bad lr"
    assert detail(run)["children"] == {"Failed": 1}
    assert detail(run)["child_count"] == 1
    grandchild.complete()
    run.complete()


def test_values_that_json_lacks_are_text(run: Run) -> None:
    run.log_list("loss", [math.nan, math.inf, -math.inf, None, 1])
    run.log("huge", 2**80)
    run.log("note", "text")
    metrics = {item["name"]: item for item in detail(run)["metrics"]}
    assert metrics["loss"]["count"] == 5
    assert metrics["loss"]["first_nan_step"] == 0
    assert metrics["note"]["kind"] == "text"
    assert metrics["note"]["last"] == "text"
    assert metrics["huge"]["last"] == float(2**80)
    series = views.metric_series(run._folder, ["loss", "note", "unknown"])
    assert series[0]["values"] == ["NaN", "Infinity", "-Infinity", None, 1]
    assert series[1]["entries"][0]["value"] == "text"
    assert len(series) == 2
    assert [item["name"] for item in views.metric_series(run._folder)] == ["loss", "huge"]
    run.complete()


def test_structured_metrics_are_entries(run: Run, here: Path) -> None:
    data = {"class_labels": ["a"], "matrix": [[1]]}
    run.log_row("row", a=1)
    run.log_table("table", {"x": [1, 2]})
    run.log_confusion_matrix("cm", {"schema_type": "confusion_matrix", "data": data})
    (here / "i.png").write_bytes(b"png")
    run.log_image("image", path="i.png")
    found = views.metric_series(run._folder, ["row", "table", "cm", "image"])
    values = {item["kind"]: item["entries"][0]["value"] for item in found}
    assert values["row"] == {"a": 1}
    assert values["table"] == {"x": [1, 2]}
    assert values["confusion_matrix"] == data
    assert values["image"]["path"] in run.get_file_names()
    run.complete()


def test_a_window_keeps_the_neighbours(run: Run) -> None:
    run.log_list("x", range(100))
    item = views.metric_series(run._folder, ["x"], x_min=10, x_max=20)[0]
    assert item["steps"] == list(range(9, 22))
    assert (item["count"], item["downsampled"]) == (100, False)
    start = item["times_ms"][0]
    assert len(views.metric_series(run._folder, ["x"], x_min=start, axis="time")[0]["steps"]) > 1
    with pytest.raises(UserErrorException, match="axis"):
        views.metric_series(run._folder, axis="sideways")
    with pytest.raises(UserErrorException, match="points"):
        views.metric_series(run._folder, points=1)
    run.complete()


def test_progress_comes_from_a_metric_or_tags(run: Run) -> None:
    assert detail(run)["progress"] is None
    run.log("progress", 0.25)
    assert detail(run)["progress"] == {"step": 0.25, "total": 1.0}
    run.set_tags({"step": 41216, "total_steps": 60000})
    assert detail(run)["progress"] == {"step": 41216, "total": 60000}
    run.complete()


def test_files_of_a_run_and_no_others(run: Run, here: Path) -> None:
    (here / "a.txt").write_text("12345", "utf-8")
    run.upload_file("outputs/a.txt", "a.txt")
    os.symlink(here / "a.txt", run._folder.layout.files / "leak")
    listing = views.files_json(run._folder)
    assert [(item["path"], item["size"]) for item in listing["files"]] == [("outputs/a.txt", 5)]
    assert listing["truncated"] is False
    assert views.files_json(run._folder, limit=0)["truncated"] is True
    run.complete()


def test_a_snapshot_stays_small(run: Run) -> None:
    for number in range(30):
        run.log_list(f"metric-{number}", [float(i) + 0.123456789 for i in range(5000)])
    run.set_tags({f"tag-{i}": "x" * 10_000 for i in range(40)})
    run.create_children(count=60)
    snapshot = views.run_snapshot(run._workspace._folder, run._folder)
    assert len(json.dumps(snapshot, allow_nan=False).encode()) <= MOST_BYTES
    assert snapshot["run"]["id"] == run.id
    for child in run.get_children():
        child.complete()
    run.complete()


def test_experiments(experiment: Experiment, run: Run) -> None:
    folder, index = experiment.workspace._folder, experiment.workspace._index
    found = views.experiments_json(folder, index)
    assert [(e["name"], e["run_count"], e["active_count"]) for e in found] == [
        (experiment.name, 1, 1)
    ]
    run.complete()
    experiment.archive()
    assert views.experiments_json(folder, index) == []
    assert len(views.experiments_json(folder, index, archived=True)) == 1


def test_commands_in_words() -> None:
    assert command_of({}) is None
    assert command_of({"command": "echo hi"}) == ["echo hi"]
    assert command_of({"script": "t.py", "arguments": ["1"]}) == ["python", "t.py", "1"]
    assert command_of({"script": "t.ipynb"}) == ["notebook", "t.ipynb"]


numbers = st.one_of(st.none(), st.floats(), st.integers(-100, 100))


@settings(deadline=None)
@given(st.lists(numbers, max_size=400), st.integers(4, 60))
def test_thinning_keeps_ends_extremes_and_gaps(values: list[Any], limit: int) -> None:
    kept = thin(values, limit)
    assert kept == sorted(set(kept))
    assert len(kept) <= limit
    if not values:
        assert kept == []
        return
    assert (kept[0], kept[-1]) == (0, len(values) - 1)
    plain = [v for v in values if isinstance(v, (int, float)) and v == v]
    if plain:
        thinned = [values[at] for at in kept]
        shown = [v for v in thinned if isinstance(v, (int, float)) and v == v]
        assert (min(shown), max(shown)) == (min(plain), max(plain))
    if len(plain) < len(values) and limit > 4:
        assert any(values[at] is None or values[at] != values[at] for at in kept)
