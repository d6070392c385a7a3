"""A metric at a glance: last, least, greatest; kept true by reading only what is new."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ml_jupyter.history import stream
from ml_jupyter.history.metrics import Name, Series
from ml_jupyter.history.run_folder import RunFolder

SPARK_POINTS = 40
_LOWER_IS_BETTER = re.compile(
    r"loss|err|rmse|mae|mse|perplexity|wer|cer|fid|time|latency", re.IGNORECASE
)
_PREFERRED = (
    re.compile(r"^(val|valid|validation|eval|test)[_/.-]", re.IGNORECASE),
    re.compile(r"acc", re.IGNORECASE),
    re.compile(r"auc|f1|score|r2", re.IGNORECASE),
    re.compile(r"loss", re.IGNORECASE),
)


def lower_is_better(name: str) -> bool:
    """Whether the name of a metric says that less is better: a loss, an error, a time."""
    return _LOWER_IS_BETTER.search(name) is not None


class Extremes(NamedTuple):
    """Newest value of a metric with numbers, and the bounds of its finite ones; None: it has none.

    All as they were logged: ``last`` may be NaN, a text or nothing.
    """

    last: Any
    least: Optional[float]
    greatest: Optional[float]

    def best(self, name: str) -> Optional[float]:
        """The least of a loss or error, the greatest of others."""
        return self.least if lower_is_better(name) else self.greatest


@dataclass
class SeriesSummary:
    """Running summary of one scalar metric.

    Attributes
    ----------
    count : int
        Points so far.
    last : float, int, bool, str or None
        The newest value.
    least, greatest : float or int, optional
        Over the finite numbers.
    least_step, greatest_step : int, optional
        Where they were first reached.
    first_nan_step : int, optional
        Step of the first NaN.
    spark : list of float
        At most 80 values over the whole series, evenly spaced.
    """

    count: int = 0
    last: Any = None
    least: Optional[float] = None
    least_step: Optional[int] = None
    greatest: Optional[float] = None
    greatest_step: Optional[int] = None
    first_nan_step: Optional[int] = None
    is_text: bool = False
    spark: List[float] = field(default_factory=list)
    end: int = 0
    _stride: int = 1

    def update(self, run: RunFolder, name: str) -> bool:
        """Read what is new; whether there was anything."""
        points = run.series(name, self.end, self.count)
        if not len(points):
            return False
        numbers, steps = (points.values, points.steps) if points.alike else _numbers(points)
        self.is_text = self.is_text or len(numbers) != len(points.values)
        self._extremes(numbers, steps)
        self._thin(numbers)
        self.last = points.values[-1]
        self.count += len(points)
        self.end = points.end
        return True

    @property
    def has_numbers(self) -> bool:
        """Whether a number was logged, be it NaN."""
        return self.greatest is not None or self.first_nan_step is not None

    def best(self, name: str) -> Tuple[Optional[float], Optional[int]]:
        """Best value and its step: the least of a loss or error, the greatest of others."""
        if lower_is_better(name):
            return self.least, self.least_step
        return self.greatest, self.greatest_step

    def _extremes(self, values: Sequence[Any], steps: Sequence[int]) -> None:
        if not values:
            return
        if not math.isfinite(_sum(values)):
            values, steps = self._finite(values, steps)
            if not values:
                return
        low, high = min(values), max(values)
        if self.least is None or low < self.least:
            self.least, self.least_step = low, steps[values.index(low)]
        if self.greatest is None or high > self.greatest:
            self.greatest, self.greatest_step = high, steps[values.index(high)]

    def _finite(self, values: Sequence[Any], steps: Sequence[int]) -> Tuple[List[Any], List[int]]:
        kept = [(v, s) for v, s in zip(values, steps) if math.isfinite(v)]
        if self.first_nan_step is None:
            self.first_nan_step = next((s for v, s in zip(values, steps) if v != v), None)
        return [v for v, _ in kept], [s for _, s in kept]

    def _thin(self, values: Sequence[Any]) -> None:
        start = -self.count % self._stride
        while len(self.spark) + len(range(start, len(values), self._stride)) >= 2 * SPARK_POINTS:
            self.spark = self.spark[::2]
            self._stride *= 2
            start = -self.count % self._stride
        self.spark.extend(map(float, values[start :: self._stride]))


def _numbers(points: Series) -> Tuple[List[Any], List[int]]:
    found = [(v, s) for v, s in zip(points.values, points.steps) if isinstance(v, (int, float))]
    return [v for v, _ in found], [s for _, s in found]


def _sum(values: Sequence[Any]) -> float:
    try:
        return float(sum(values))
    except OverflowError:
        return math.inf


class MetricSummaries:
    """Summaries of all scalar metrics of one run, refreshed from the sizes of its files."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._names_size = -1
        self.names: Dict[str, Name] = {}
        self.series: Dict[str, SeriesSummary] = {}

    def refresh(self) -> bool:
        """Read what is new; whether anything was."""
        size = stream.size(self._run.layout.metric_names)
        changed = size != self._names_size
        if changed:
            self.names, self._names_size = self._run.metric_names(), size
        for name, item in self.names.items():
            if item.shape == "scalar":
                changed = (
                    self.series.setdefault(name, SeriesSummary()).update(self._run, name) or changed
                )
        return changed

    def extremes(self) -> Dict[str, Extremes]:
        """Newest value and bounds of each metric with numbers."""
        return {
            name: Extremes(item.last, item.least, item.greatest)
            for name, item in self.series.items()
            if item.has_numbers
        }

    def primary(self, wanted: Optional[str] = None) -> Optional[str]:
        """Metric to show first: the one asked for, else by usual names, else the first."""
        numeric = [name for name, item in self.series.items() if item.has_numbers]
        if wanted in numeric:
            return wanted
        for pattern in _PREFERRED:
            for name in numeric:
                if pattern.search(name):
                    return name
        return numeric[0] if numeric else None
