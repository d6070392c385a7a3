"""What a still picture of a run says, whatever it is drawn with: facts, curves, the log's end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml_jupyter.widgets.words import duration, number, state_word

_CHARTS = 3
_LOG_LINES = 4
_MARGIN = 0.05
_HERE = ("local", "sdk")


@dataclass(frozen=True)
class Curve:
    """A metric with two finite points or more, in the order of its steps."""

    name: str
    points: Sequence[tuple[float, float]]

    @property
    def last(self) -> float:
        """The last value."""
        return self.points[-1][1]

    @property
    def first_x(self) -> float:
        """The first step."""
        return self.points[0][0]

    @property
    def last_x(self) -> float:
        """The step at the right end."""
        return max(self.points[-1][0], self.first_x + 1)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies: from the left and from the top, as shares of the chart."""
        least, most = self._range()
        margin = _MARGIN * ((most - least) or abs(most) or 1.0)
        low, high = least - margin, most + margin
        return (x - self.first_x) / (self.last_x - self.first_x), (high - y) / (high - low)

    def marks(self) -> list[tuple[float, float]]:
        """The largest and the smallest value, once when they are the same, with their heights."""
        least, most = self._range()
        values = [most] if least == most else [most, least]
        return [(value, self.place(self.first_x, value)[1]) for value in values]

    def _range(self) -> tuple[float, float]:
        values = [y for _, y in self.points]
        return min(values), max(values)


def facts(run: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values of the line below a run's name."""
    found = [("State", state_word(run["status"]))]
    primary = run.get("primary_metric")
    if primary:
        found.append((str(primary["name"]), number(primary["last"])))
        if primary.get("best") is not None and primary["count"] > 1:
            found.append(("best", number(primary["best"])))
    if run.get("duration_ms") is not None:
        label = "Took" if run.get("ended_ms") else "Running for"
        found.append((label, duration(run["duration_ms"] / 1000)))
    found.append(("On", str(run["host"] if run["target"] in _HERE else run["target"])))
    return found


def curves(series: Sequence[Mapping[str, Any]]) -> list[Curve]:
    """The first metrics of a snapshot that make a line."""
    scalars = [item for item in series if item["kind"] == "scalar"]
    found = [Curve(str(item["name"]), _points(item)) for item in scalars]
    return [curve for curve in found if len(curve.points) > 1][:_CHARTS]


def log_lines(tail: str) -> list[str]:
    """The last lines of a log, as a terminal shows them."""
    if not tail:
        return []
    return [line.rsplit("\r", 1)[-1] for line in tail.rstrip("\n").split("\n")[-_LOG_LINES:]]


def _points(item: Mapping[str, Any]) -> list[tuple[float, float]]:
    pairs = zip(item["steps"], item["values"])
    return [(x, y) for x, y in pairs if isinstance(y, (int, float)) and math.isfinite(y)]
