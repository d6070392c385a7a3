"""Curves as trainings give them, and the bytes of their records."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from ml_jupyter.history.metrics import FLOAT, MARK, NO_STEP, pack_float

NANOSECONDS = 1_000_000_000


def loss(rng: Random, points: int) -> list[float]:
    """A loss that falls, with noise that gets smaller."""
    start, floor, pace = rng.uniform(1.0, 4.0), rng.uniform(0.02, 0.4), rng.uniform(2.0, 7.0)
    return [
        max(1e-4, floor + start * math.exp(-pace * i / points) * rng.uniform(0.85, 1.15))
        for i in range(points)
    ]


def accuracy(rng: Random, points: int) -> list[float]:
    """A share between 0 and 1 that rises and levels off."""
    best, pace = rng.uniform(0.6, 0.99), rng.uniform(2.0, 7.0)
    return [
        min(1.0, max(0.0, best * (1 - math.exp(-pace * (i + 1) / points)) + rng.gauss(0, 0.008)))
        for i in range(points)
    ]


def broken(rng: Random, points: int) -> list[float]:
    """A loss that explodes: it rises, passes through both infinities and ends as NaN."""
    values = loss(rng, points)
    at = points // 2
    values[at - 3 : at] = [50.0, 4e7, math.inf]
    values[at] = -math.inf
    values[at + 1 :] = [math.nan] * (points - at - 1)
    return values


def busy(rng: Random, points: int, full: float, level: float) -> list[float]:
    """What a job used of something: around ``level`` of ``full``, idle at its ends."""
    inner = [min(1.0, max(0.0, rng.gauss(level, 0.06))) * full for _ in range(points - 2)]
    return [0.02 * full, *inner, 0.02 * full]


def pack(values: Sequence[float], begun: int, ended: int, *, steps: bool = True) -> bytes:
    """The records of a series whose points lie evenly between two times.

    Parameters
    ----------
    values : sequence of float
        One a point.
    begun, ended : int
        Nanoseconds since the Unix epoch.
    steps : bool
        Whether each point has its index as step; False: none was given.
    """
    between = max(1, (ended - begun) // max(1, len(values)))
    kind = FLOAT if steps else FLOAT | NO_STEP
    return b"".join(
        pack_float(i if steps else 0, begun + (i + 1) * between, value, kind, MARK)
        for i, value in enumerate(values)
    )
