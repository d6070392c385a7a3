"""Long series of floats, thinned by numpy straight from their file.

The result is the same as that of ``ml_jupyter.sdk.views``; whatever is not a plain series of floats
is left to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml_jupyter.history.metrics import FLOAT, MARK, NO_STEP, RECORD_BYTES
from ml_jupyter.sdk.views.values import safe_numbers

#: Shorter series are as quick without numpy.
LONG_BYTES = 20_000 * RECORD_BYTES

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def read(
    path: Path,
    name: str,
    points: int,
    low: float | None,
    high: float | None,
    *,
    by_time: bool,
) -> dict[str, Any] | None:
    """One thinned series as in ``docs/http-api.md``; None unless it is regular and of floats.

    Parameters
    ----------
    path : Path
        ``metrics/<hash>`` of a run.
    name : str
        Name of the metric.
    points : int
        Most points to give, at least 4.
    low, high : float, optional
        Give only points between these and their neighbours: steps, or nanoseconds since the epoch.
    by_time : bool
        Which of the two.
    """
    size = path.stat().st_size
    if size < LONG_BYTES or size % RECORD_BYTES:
        return None
    words: NDArray[np.uint64] = np.fromfile(path, dtype="<u8", count=size // 8)
    has_steps = _kind(words[3::4])
    if has_steps is None:
        return None
    integers = words.view("<i8")
    steps, times = (integers[0::4] if has_steps else None), integers[1::4]
    values = np.ascontiguousarray(words.view("<f8")[2::4])
    start, stop = _window(times if by_time else steps, len(values), low, high)
    kept = thin(values[start:stop], points) + start
    return {
        "name": name,
        "kind": "scalar",
        "count": len(values),
        "steps": (kept if steps is None else steps[kept]).tolist(),
        "times_ms": (times[kept] / 1e6).tolist(),
        "values": safe_numbers(values[kept].tolist()),
        "downsampled": len(kept) < stop - start,
    }


def thin(values: Floats, limit: int) -> Integers:
    """Indices that ``views.thinning.thin`` would keep: ends, and each bucket's extremes and gap."""
    count = len(values)
    if count <= limit:
        return np.arange(count, dtype=np.int64)
    has_gaps = bool(np.isnan(values.sum()) and np.isnan(values).any())
    buckets = max(1, (limit - 2) // (3 if has_gaps else 2))
    edges = 1 + np.arange(buckets + 1, dtype=np.int64) * (count - 2) // buckets
    kept = {0, count - 1}
    for start, stop in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if stop > start:
            kept.update(start + at for at in _extremes(values[start:stop]))
    return np.array(sorted(kept), dtype=np.int64)


def _kind(tails: NDArray[np.uint64]) -> bool | None:
    """Whether the points have steps; None when they are not all floats of one kind."""
    mark = int.from_bytes(MARK, "little") << 32
    for kind, has_steps in ((FLOAT, True), (FLOAT | NO_STEP, False)):
        if int(tails[0]) == mark | kind:
            return has_steps if bool((tails == tails[0]).all()) else None
    return None


def _window(
    places: Integers | None, count: int, low: float | None, high: float | None
) -> tuple[int, int]:
    if places is None:
        places = np.arange(count, dtype=np.int64) if (low, high) != (None, None) else None
    if places is None:
        return 0, count
    start = 0 if low is None else int(np.searchsorted(places, low, "left")) - 1
    stop = count if high is None else int(np.searchsorted(places, high, "right")) + 1
    return max(0, start), min(count, max(stop, 0))


def _extremes(part: Floats) -> set[int]:
    low = int(part.argmin())
    if part[low] == part[low]:
        return {low, int(part.argmax())}
    numbers = np.flatnonzero(~np.isnan(part))
    if not len(numbers):
        return {low}
    present = part[numbers]
    return {low, int(numbers[present.argmin()]), int(numbers[present.argmax()])}
