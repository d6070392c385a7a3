"""Scalar series keep every value, its type, its order and its step."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml_jupyter import _ids
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history import records
from ml_jupyter.history.metrics import RECORD_BYTES
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder

VALUES = st.one_of(
    st.floats(), st.integers(), st.booleans(), st.none(), st.text(), st.integers(2**63, 2**70)
)
STEPS = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))


def same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and math.isnan(left):
        return isinstance(right, float) and math.isnan(right)
    return type(left) is type(right) and bool(left == right)


@given(points=st.lists(st.tuples(VALUES, STEPS), max_size=40), name=st.text(min_size=1))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_series_reads_back_as_logged(
    workspace: WorkspaceFolder, points: list[tuple[Any, int | None]], name: str
) -> None:
    experiment = workspace.create_experiment("property")
    writer = workspace.create_run(experiment, _ids.new_uuid(), records.INTERACTIVE, "Running")
    for value, step in points:
        writer.metric_log.log(name, value, step)
    series = workspace.run(writer.id).series(name)
    assert len(series) == len(points)
    for index, (value, step) in enumerate(points):
        assert same(series.values[index], value)
        assert series.steps[index] == (index if step is None else step)


@given(cut=st.integers(1, RECORD_BYTES - 1), before=st.integers(0, 5), after=st.integers(0, 5))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_torn_record_costs_only_itself(
    workspace: WorkspaceFolder, cut: int, before: int, after: int
) -> None:
    experiment = workspace.create_experiment("torn")
    run = workspace.create_run(experiment, _ids.new_uuid(), records.INTERACTIVE, "Running")
    for value in range(before + 1):
        run.metric_log.log("loss", float(value))
    path = run.layout.metrics / _ids.metric_file("loss")
    data = path.read_bytes()
    whole = data[: before * RECORD_BYTES]
    torn = data[before * RECORD_BYTES : before * RECORD_BYTES + cut]
    path.write_bytes(whole + torn + whole[:RECORD_BYTES] * after)
    values = workspace.run(run.id).series("loss").values
    assert values == [float(v) for v in range(before)] + [0.0] * (after if before else 0)


def test_a_writer_goes_on_behind_a_torn_record(workspace: WorkspaceFolder, run: RunFolder) -> None:
    run.metric_log.log("loss", 1.0)
    path = run.layout.metrics / _ids.metric_file("loss")
    path.write_bytes(path.read_bytes() + b"half a rec")
    workspace.run(run.id).metric_log.log("loss", 2.0)
    assert run.series("loss").values == [1.0, 2.0]
    assert path.stat().st_size % RECORD_BYTES == 0


def test_reading_goes_on_from_where_it_stopped(run: RunFolder) -> None:
    run.metric_log.log_many("loss", [1.0, 2.0])
    first = run.series("loss")
    run.metric_log.log_many("loss", [3.0])
    rest = run.series("loss", first.end, len(first))
    assert (rest.values, list(rest.steps)) == ([3.0], [2])


def test_blocks_concatenate_into_one_series(run: RunFolder) -> None:
    values = [float(value) for value in range(10_000)]
    assert run.metric_log.log_many("loss", iter(values[:5000])) == 5000
    run.metric_log.log_many("loss", values[5000:])
    assert run.series("loss").values == values


def test_points_keep_the_time_of_their_measuring(run: RunFolder) -> None:
    points = [(step, 1_000 + step, step / 2) for step in range(9_000)]
    run.metric_log.log_points("loss", points)
    series = run.series("loss")
    assert list(zip(series.steps, series.times, series.values, strict=True)) == points
    with pytest.raises(UserErrorException, match="out of range"):
        run.metric_log.log_points("loss", [(2**63, 0, 1.0)])
    assert len(run.series("loss")) == len(points)


def test_a_name_keeps_its_shape(workspace: WorkspaceFolder, run: RunFolder) -> None:
    run.metric_log.log("loss", 1.0)
    other = workspace.run(run.id)
    with pytest.raises(UserErrorException, match="'loss' holds values of shape 'scalar'"):
        other.metric_log.log_structured("loss", "row", {"a": 1})


@pytest.mark.parametrize("step", ["three", 1.5, float("nan"), 2**64, object()])
def test_a_step_that_is_no_64_bit_integer_is_refused(run: RunFolder, step: Any) -> None:
    with pytest.raises(UserErrorException, match="step"):
        run.metric_log.log("loss", 1.0, step)
    assert run.series("loss").values == []


@pytest.mark.parametrize("name", ["", None, 3])
def test_a_name_must_be_text(run: RunFolder, name: Any) -> None:
    with pytest.raises(UserErrorException, match="name"):
        run.metric_log.log(name, 1.0)


def test_last_value_needs_no_reading_of_the_rest(run: RunFolder) -> None:
    run.metric_log.log_many("loss", [1.0, 2.0])
    run.metric_log.log("loss", "text at the end")
    assert run.last_value("loss") == (3, "text at the end")
    assert run.last_value("never logged") == (0, None)
