"""A row of the benchmark table: a ratio to a reference measured in the same run, and its bar."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured bar.

    Attributes
    ----------
    what : str
        What was measured, with its size.
    measured : float
        The figure; its unit is in ``unit``.
    reference : str
        What it is compared with, and that figure.
    bar : float
        The limit.
    at_most : bool
        Whether the figure must stay below the bar (or above it).
    """

    what: str
    measured: float
    unit: str
    bar: float
    reference: str = ""
    at_most: bool = True

    @property
    def passed(self) -> bool:
        """Whether the bar is met."""
        return self.measured <= self.bar if self.at_most else self.measured >= self.bar

    def cells(self) -> list[str]:
        """The row as text."""
        sign = "≤" if self.at_most else "≥"
        figure = f"{self.measured:.3g} {self.unit}".strip()
        bar = f"{sign} {self.bar:g} {self.unit}".strip()
        return [self.what, figure, bar, "pass" if self.passed else "MISS", self.reference]


def percentiles(call: Callable[[], object], count: int) -> tuple[float, float]:
    """p50 and p99 in seconds of ``count`` single calls."""
    clock = time.perf_counter
    took = []
    for _ in range(count):
        start = clock()
        call()
        took.append(clock() - start)
    took.sort()
    return took[count // 2], took[int(count * 0.99)]


def best_of(call: Callable[[], object], times: int) -> float:
    """The shortest of some runs in seconds: the one least disturbed by others on the machine."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return min(found)


def median(values: list[float]) -> float:
    """The median."""
    return statistics.median(values)
