"""Long series give what the shared views give, and are read once for all."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_jupyter.history import records
from ml_jupyter.sdk import views
from ml_jupyter.sdk.views.thinning import thin
from ml_jupyter.server import charts, long_series

NUMBERS = st.floats(allow_nan=True, allow_infinity=False, width=32)


@settings(max_examples=200, deadline=None)
@given(values=st.lists(NUMBERS, max_size=300), limit=st.integers(4, 60))
def test_numpy_keeps_what_the_plain_thinning_keeps(values, limit):
    import numpy as np

    kept = long_series.thin(np.array(values, dtype=np.float64), limit).tolist()
    wanted = thin(values, limit)
    assert len(kept) <= limit
    shown = [v for v in (values[i] for i in kept) if v == v]
    expected = [v for v in (values[i] for i in wanted) if v == v]
    assert [*kept[:1], *kept[-1:]] == [*wanted[:1], *wanted[-1:]]
    assert (min(shown, default=0), max(shown, default=0)) == (
        min(expected, default=0),
        max(expected, default=0),
    )
    if limit > 4:
        assert any(v != v for v in values) == any(values[i] != values[i] for i in kept)


@pytest.fixture
def run(workspace, monkeypatch):
    monkeypatch.setattr(long_series, "LONG_BYTES", 32 * 100)
    experiment = workspace.create_experiment("explore")
    return workspace.create_run(experiment, "run-1", records.INTERACTIVE, "Running")


@pytest.mark.parametrize("steps", [None, 7])
@pytest.mark.parametrize(
    "view",
    [
        (50, None, None, "step"),
        (50, 100.0, 2000.0, "step"),
        (50, 5e9, None, "step"),
        (50, 0.0, None, "relative"),
        (5000, None, None, "step"),
    ],
)
def test_a_long_series_reads_as_a_short_one_does(run, steps, view):
    numbers = random.Random(1)
    for index in range(3000):
        value = math.nan if index == 1500 else numbers.gauss(0, 1)
        run.metric_log.log("wave", value, None if steps is None else index * steps)
    (quick,) = charts.series(charts.SeriesCache(), run, ["wave"], *view)
    (plain,) = views.metric_series(run, ["wave"], *view)
    assert quick == plain


def test_what_is_not_a_plain_series_is_left_to_the_views(run):
    for index in range(300):
        run.metric_log.log("mixed", index if index % 2 else float(index))
    (found,) = charts.series(charts.SeriesCache(), run, ["mixed"], 1000, None, None, "step")
    assert found["values"] == list(range(300))


def test_a_series_that_has_not_grown_is_not_read_again(run, monkeypatch):
    run.metric_log.log_many("wave", [float(i) for i in range(200)])
    cache = charts.SeriesCache()
    first = charts.series(cache, run, None, 50, None, None, "step")
    reads = []
    real = long_series.read
    monkeypatch.setattr(
        long_series, "read", lambda *args, **kwargs: reads.append(args) or real(*args, **kwargs)
    )
    assert charts.series(cache, run, None, 50, None, None, "step") == first
    assert reads == []
    run.metric_log.log("wave", 1.0)
    assert charts.series(cache, run, None, 50, None, None, "step")[0]["count"] == 201
    assert len(reads) == 1


def test_the_cache_forgets_what_was_asked_for_longest_ago():
    cache = charts.SeriesCache(most_points=25)
    for key in ("a", "b", "c"):
        cache.put((key,), 1, [{"values": [0.0] * 10}])
        cache.get(("a",), 1)
    assert cache.get(("a",), 1) is not None
    assert cache.get(("b",), 1) is None
    assert cache.get(("c",), 1) is not None


def test_a_series_that_grows_takes_the_place_of_what_it_was(run):
    cache = charts.SeriesCache()
    for step in range(60):
        run.metric_log.log("loss", float(step), step)
        charts.series(cache, run, ["loss"], 50, None, None, "step")
    assert cache.points <= 51
