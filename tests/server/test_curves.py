"""Curves of all children of a run over HTTP."""

from __future__ import annotations

import math
import struct
from base64 import b64decode

import pytest

from ml_jupyter.history import records
from ml_jupyter.history.metrics import RECORD_BYTES
from ml_jupyter.sdk.views import series


@pytest.fixture
def parent(workspace):
    experiment = workspace.create_experiment("sweep")
    parent = workspace.create_run(experiment, "parent", records.SCRIPT, "Running")
    for at in range(3):
        definition = {"script": "t.py", "arguments": ["--lr", f"{at}e-3", "--seed", "1"]}
        child = workspace.create_run(
            experiment,
            f"child-{at}",
            records.SCRIPT,
            "Running",
            definition=definition,
            parent_id=parent.id,
            root_id=parent.id,
        )
        child.metric_log.log_many("loss", [1.0 / (1 + i + at) for i in range(100)])
        if at:
            child.metric_log.log("acc", 0.5, step=10 * at)
            child.metric_log.log("acc", at, step=20 * at)
    return parent


@pytest.fixture
def ask(fetch, workspace):
    async def call(*names, run="parent", **more):
        query = [("names", name) for name in names] + list(more.items())
        parts = ("workspaces", workspace.id, "runs", run, "children", "curves")
        return await fetch(*parts, params=query)

    return call


def unpacked(curve):
    """Position of the run to its points."""
    counts = curve["counts"]
    x, y = (_floats(curve[key]) for key in ("x", "y"))
    found, start = {}, 0
    for run, count in zip(curve["runs"], counts, strict=True):
        at = 0 if curve["shared"] else start
        places = [place + curve["from"] for place in x[at : at + count]]
        found[run] = list(zip(places, y[start : start + count], strict=True))
        start += count
    return found


def _floats(text):
    data = b64decode(text)
    return struct.unpack(f"<{len(data) // 4}f", data)


async def test_children_say_who_they_are_and_how_they_differ(fetch, workspace, parent):
    answer = await fetch("workspaces", workspace.id, "runs", "parent", "children")
    found = answer.json
    assert [run["id"] for run in found["runs"]] == ["child-0", "child-1", "child-2"]
    assert found["total"] == 3
    assert found["metrics"] == ["loss", "acc"]
    assert found["settings"] == {"lr": ["0e-3", "1e-3", "2e-3"]}
    assert set(found["runs"][0]) == {"id", "number", "name", "status"}


async def test_curves_keep_ends_and_extremes(ask, parent):
    answer = await ask("loss", points=10)
    (curve,) = answer.json["curves"]
    assert answer.json["ids"] == ["child-0", "child-1", "child-2"]
    assert curve["runs"] == [0, 1, 2]
    for at, points in unpacked(curve).items():
        assert len(points) <= 10
        assert points[0] == (0, pytest.approx(1 / (1 + at)))
        assert points[-1] == (99, pytest.approx(1 / (100 + at)))


async def test_an_answer_stays_within_bounds_however_many_curves(ask, parent, monkeypatch):
    monkeypatch.setattr(series, "ALL_POINTS", 36)
    found = (await ask("loss", "acc", points=1000)).json["curves"]
    assert [curve["counts"] for curve in found] == [[6, 6, 6], [2, 2]]


async def test_places_that_differ_are_each_run_s_own(ask, parent):
    (curve,) = (await ask("acc")).json["curves"]
    assert curve["shared"] is False
    assert unpacked(curve) == {1: [(10, 0.5), (20, 1)], 2: [(20, 0.5), (40, 2)]}


async def test_a_curve_that_grew_is_read_again(ask, parent, workspace):
    before = unpacked((await ask("loss")).json["curves"][0])
    workspace.run("child-1").metric_log.log("loss", -5.0)
    after = unpacked((await ask("loss")).json["curves"][0])
    assert after[1][-1] == (100, -5.0)
    assert after[0] == before[0]


async def test_a_range_is_given_with_its_neighbours(ask, parent):
    (curve,) = (await ask("loss", x_min=50, x_max=52)).json["curves"]
    assert [place for place, _ in unpacked(curve)[0]] == [49, 50, 51, 52, 53]


async def test_gaps_text_and_torn_records_are_no_harm(ask, parent, workspace):
    child = workspace.run("child-0")
    child.metric_log.log_many("odd", [1.0, float("nan"), 2, None, True])
    child.metric_log.log("loss", 7.0)
    path = next(p for p in child.layout.metrics.iterdir() if p.stat().st_size == 101 * RECORD_BYTES)
    with path.open("ab") as file:
        file.write(b"half a record")
    odd, loss = (await ask("odd", "loss")).json["curves"]
    values = [value for _, value in unpacked(odd)[0]]
    assert [values[0], values[2], values[4]] == [1, 2, 1]
    assert all(math.isnan(values[at]) for at in (1, 3))
    assert unpacked(loss)[0][-1] == (100, 7.0)


async def test_relative_time_begins_at_the_first_point(ask, parent):
    (curve,) = (await ask("loss", axis="relative")).json["curves"]
    assert all(points[0][0] == 0 for points in unpacked(curve).values())


@pytest.mark.parametrize(
    ("names", "more"),
    [((), {}), (tuple("abcdefghijklmnopqrstuvwxy"), {}), (("a",), {"x_min": 3, "x_max": 1})],
)
async def test_bad_questions_are_refused(ask, parent, names, more):
    answer = await ask(*names, **more)
    assert (answer.status, answer.json["code"]) == (400, "invalid_argument")


async def test_a_run_that_is_not_there(ask, parent):
    answer = await ask("loss", run="gone")
    assert (answer.status, answer.json["code"]) == (404, "run_not_found")
