"""Thinning a long series without losing what the eye would see."""

from __future__ import annotations

import math
from typing import Any, List, Sequence


def thin(values: Sequence[Any], limit: int) -> List[int]:
    """Indices of at most ``limit`` points that keep the outline of the series.

    The first and the last point stay; of every bucket of equal length its true minimum, its true
    maximum, and, when it holds a NaN or None, one of these, so that gaps stay visible.

    Parameters
    ----------
    values : sequence of float, int, bool or None, length n
        NaN and None are gaps; infinities count as numbers.
    limit : int
        At least 5: both ends, and minimum, maximum and a gap.

    Returns
    -------
    list of int
        Ascending, without repetition; all of them when n <= limit.
    """
    count = len(values)
    if count <= limit:
        return list(range(count))
    has_gaps = not _all_finite(values)
    buckets = max(1, (limit - 2) // (3 if has_gaps else 2))
    inner = count - 2
    kept = [0]
    for number in range(buckets):
        start = 1 + number * inner // buckets
        stop = 1 + (number + 1) * inner // buckets
        if stop > start:
            part = values[start:stop]
            kept.extend(start + at for at in sorted(_extremes(part, has_gaps)))
    kept.append(count - 1)
    return kept


def _extremes(part: Sequence[Any], has_gaps: bool) -> set[int]:
    if not has_gaps or _all_finite(part):
        return {part.index(min(part)), part.index(max(part))}
    numbers = [at for at, value in enumerate(part) if not _is_gap(value)]
    gap = next((at for at, value in enumerate(part) if _is_gap(value)), None)
    found = set() if gap is None else {gap}
    if numbers:
        found |= {min(numbers, key=part.__getitem__), max(numbers, key=part.__getitem__)}
    return found


def _is_gap(value: Any) -> bool:
    return not isinstance(value, (int, float)) or value != value


def _all_finite(values: Sequence[Any]) -> bool:
    """Whether no value is a gap; a sum that is finite proves it in one pass in C."""
    try:
        if math.isfinite(sum(values)):
            return True
    except (TypeError, OverflowError):
        pass
    return not any(_is_gap(value) for value in values)
