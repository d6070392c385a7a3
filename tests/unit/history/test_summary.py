"""A metric at a glance: the same however its points came, and kept with its types."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml_jupyter.history import metrics, records
from ml_jupyter.history.index import Index
from ml_jupyter.history.metrics import Series
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.summary import SPARK_POINTS, Extremes, MetricSummaries, SeriesSummary
from ml_jupyter.history.workspace import WorkspaceFolder


class Told:
    """What of a run a summary asks for: new points, piece by piece."""

    def __init__(self, pieces: list[list[float]], alike: bool) -> None:
        self._pieces, self._alike = iter(pieces), alike

    def series(self, name: str, offset: int, first: int) -> Series:
        values = next(self._pieces)
        steps = range(first, first + len(values))
        return Series(steps, steps, list(values), offset + len(values), self._alike)


def summary(pieces: list[list[float]], alike: bool = True) -> SeriesSummary:
    found, told = SeriesSummary(), Told(pieces, alike)
    for _ in pieces:
        found.update(told, "m")  # type: ignore[arg-type]
    return found


@given(st.lists(st.integers(1, 400), min_size=1, max_size=5), st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_pieces_make_no_difference(sizes: list[int], alike: bool) -> None:
    values = [math.sin(at) for at in range(sum(sizes))]
    ends = [sum(sizes[: at + 1]) for at in range(len(sizes))]
    pieces = [values[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    found = summary(pieces, alike)
    stride = 2 ** max(0, math.ceil(math.log2(len(values) / (2 * SPARK_POINTS - 1))))
    assert found.spark == values[::stride]
    assert (found.least, found.greatest) == (min(values), max(values))
    assert found.least_step == values.index(min(values))


@pytest.fixture
def run(workspace: WorkspaceFolder, experiment: ExperimentRecord) -> RunFolder:
    return workspace.create_run(experiment, "r", records.SCRIPT, "Running")


def test_values_of_several_kinds_in_one_series(run: RunFolder) -> None:
    for value in (1, 2.5, "broken", True, None, 2**70, math.nan):
        run.metric_log.log("m", value)
    summaries = MetricSummaries(run)
    summaries.refresh()
    found = summaries.series["m"]
    assert (found.count, found.is_text, found.first_nan_step) == (7, True, 6)
    assert (found.least, found.greatest) == (1, 2**70)


def test_the_index_keeps_them_as_they_were_logged(
    tmp_path: Path, workspace: WorkspaceFolder, run: RunFolder
) -> None:
    logged = {"int": [3, 1], "nan": [math.nan], "mixed": [0.5, "off"], "bool": [True, False]}
    for name, values in {**logged, "text": ["a"]}.items():
        for value in values:
            run.metric_log.log(name, value)
    run.set_status("Completed")
    found = Index(workspace, tmp_path / "cache").extremes(["r", "gone"])
    (known,) = found.values()
    assert known.pop("nan")[1:] == (None, None)
    assert known == {
        "int": Extremes(1, 1, 3),
        "mixed": Extremes("off", 0.5, 0.5),
        "bool": Extremes(False, False, True),
    }
    assert known["bool"].last is False
    assert (known["int"].best("loss"), known["int"].best("acc")) == (1, 3)


def test_names_of_metrics_are_read_as_they_come(
    run: RunFolder, workspace: WorkspaceFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = workspace.run("r")
    assert list(reader.metric_names()) == []
    run.metric_log.log("b", 1.0)
    held = reader.metric_names()
    with reader.layout.metric_names.open("ab") as file:
        file.write(b'{"h": "0011223344556677", ')
    assert list(reader.metric_names()) == ["b"]
    with reader.layout.metric_names.open("ab") as file:
        file.write(b'"n": "a"}\n')
    assert list(reader.metric_names()) == ["b", "a"]
    assert list(held) == ["b"]
    asked: list[int] = []
    read = metrics.read_names
    monkeypatch.setattr(
        metrics, "read_names", lambda path, offset=0: asked.append(offset) or read(path, offset)
    )
    assert (list(reader.metric_names()), asked) == (["b", "a"], [])
    reader.layout.metric_names.write_bytes(b'{"h": "77", "n": "new"}\n')
    assert list(reader.metric_names()) == ["new"]
