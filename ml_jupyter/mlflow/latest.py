"""The newest value of each metric of a run, kept by reading only what is new."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple

from ml_jupyter.history.metrics import Series
from ml_jupyter.history.run_folder import RunFolder

Point = Tuple[int, int, float]


class LatestMetrics:
    """MLflow's "latest": the value at the greatest step, of several the one of the latest time."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._read: Dict[str, Tuple[int, int, Optional[Point]]] = {}

    def points(self) -> Dict[str, Point]:
        """Step, time in nanoseconds and value by metric; without those that are not numbers."""
        found = {}
        for name, facts in self._run.metric_names().items():
            if facts.shape == "scalar":
                point = self._refresh(name)
                if point is not None:
                    found[name] = point
        return found

    def holds(self, name: str, point: Point) -> bool:
        """Whether the run has this very point; a later one than all is told without a search."""
        newest = self._refresh(name)
        if newest is None or point[:2] > newest[:2]:
            return False
        return point in numbers(self._run.series(name, 0, 0))

    def _refresh(self, name: str) -> Optional[Point]:
        end, count, best = self._read.get(name, (0, 0, None))
        series = self._run.series(name, end, count)
        if not len(series):
            return best
        newest = _newest(series)
        if best is None or (newest is not None and _is_later(newest, best)):
            best = newest
        self._read[name] = (series.end, count + len(series), best)
        return best


def numbers(series: Series) -> List[Point]:
    """The points of a series that MLflow can hold: numbers, also infinite ones and NaN."""
    found = zip(series.steps, series.times, series.values)
    return [(step, time, float(value)) for step, time, value in found if is_number(value)]


def is_number(value: Any) -> bool:
    """Whether MLflow takes it for a metric's value."""
    return isinstance(value, (bool, int, float))


def _newest(series: Series) -> Optional[Point]:
    points: Sequence[Point]
    if all(map(is_number, series.values)):
        last = max(series.steps)
        places = [i for i, step in enumerate(series.steps) if step == last]
        points = [(last, series.times[i], float(series.values[i])) for i in places]
    else:
        points = numbers(series)
    best = None
    for point in points:
        if best is None or _is_later(point, best):
            best = point
    return best


def _is_later(point: Point, than: Point) -> bool:
    if point[:2] != than[:2]:
        return point[:2] > than[:2]
    return not point[2] < than[2]
