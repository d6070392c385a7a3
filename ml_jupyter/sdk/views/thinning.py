"""Thinning a long series without losing what the eye would see."""

from __future__ import annotations

import itertools
import math
from typing import Any, List, Sequence, Set


def thin(values: Sequence[Any], limit: int) -> List[int]:
    """Indices of at most ``limit`` points that keep the outline of the series.

    The first and the last point stay; of every bucket of equal length its true minimum, its true
    maximum, and, when it holds a NaN or None, one of these, so that gaps stay visible.

    Parameters
    ----------
    values : sequence of float, int, bool or None, length n
        NaN and None are gaps; infinities count as numbers.
    limit : int
        At least 4: both ends, minimum and maximum; a gap too from 5 on.

    Returns
    -------
    list of int
        Ascending, without repetition; all of them when n <= limit.
    """
    count = len(values)
    if count <= limit:
        return list(range(count))
    has_gaps, room_for_gap = not _all_finite(values), limit > 4
    buckets = max(1, (limit - 2) // (3 if has_gaps else 2))
    inner = count - 2
    kept = [0]
    for number in range(buckets):
        start = 1 + number * inner // buckets
        stop = 1 + (number + 1) * inner // buckets
        if stop > start:
            part = values[start:stop]
            found = _extremes(part, has_gaps, room_for_gap)
            kept.extend(start + at for at in sorted(found))
    kept.append(count - 1)
    return kept


def _extremes(part: Sequence[Any], has_gaps: bool, room_for_gap: bool) -> Set[int]:
    if not has_gaps or _all_finite(part):
        return {part.index(min(part)), part.index(max(part))}
    numbers = [at for at, value in enumerate(part) if not _is_gap(value)]
    found: Set[int] = set()
    if numbers:
        found |= {min(numbers, key=part.__getitem__), max(numbers, key=part.__getitem__)}
    if room_for_gap or not numbers:
        found.update(itertools.islice((at for at, v in enumerate(part) if _is_gap(v)), 1))
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
