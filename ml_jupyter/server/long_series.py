"""Long series of floats, thinned by numpy straight from their file.

The result is the same as that of ``ml_jupyter.sdk.views``; whatever is not a plain series of floats
is left to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ml_jupyter.history.metrics import FLOAT, MARK, NO_STEP, RECORD_BYTES
from ml_jupyter.sdk.views.values import safe_numbers

#: Shorter series are as quick without numpy.
LONG_BYTES = 20_000 * RECORD_BYTES

_BLOCK = 65_536
#: The last eight bytes of a point that is a float, with and without a step.
_TAILS = tuple(int.from_bytes(MARK, "little") << 32 | kind for kind in (FLOAT, FLOAT | NO_STEP))

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
    count, rest = divmod(path.stat().st_size, RECORD_BYTES)
    if rest or count * RECORD_BYTES < LONG_BYTES:
        return None
    with path.open("rb") as file:
        found = _columns(file, count, None if (low, high) == (None, None) else by_time)
        if found is None:
            return None
        values, places, has_steps = found
        start, stop = _window(places, count, low, high)
        kept = thin(values[start:stop], points) + start
        records = _records(file, kept)
    return {
        "name": name,
        "kind": "scalar",
        "count": count,
        "steps": (records[:, 0] if has_steps else kept).tolist(),
        "times_ms": (records[:, 1] / 1e6).tolist(),
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
            kept.update(start + at for at in _extremes(values[start:stop], limit > 4))
    return np.array(sorted(kept), dtype=np.int64)


def _columns(
    file: BinaryIO, count: int, by_time: bool | None
) -> tuple[Floats, Integers | None, bool] | None:
    """Values, places on the axis (None: not asked for, or the index), and whether there are steps.

    Read block by block, so that only the columns that are needed are in memory.
    """
    values: Floats = np.empty(count, dtype=np.float64)
    places: Integers | None = None if by_time is None else np.empty(count, dtype=np.int64)
    first: int | None = None
    for start in range(0, count, _BLOCK):
        words = np.fromfile(file, dtype="<u8", count=min(_BLOCK, count - start) * 4)
        stop, tails = start + len(words) // 4, words[3::4]
        first = int(tails[0]) if first is None else first
        if first not in _TAILS or not bool((tails == first).all()):
            return None
        values[start:stop] = words.view("<f8")[2::4]
        if places is not None:
            places[start:stop] = words.view("<i8")[1 if by_time else 0 :: 4]
    has_steps = first == _TAILS[0]
    return values, places if by_time or has_steps else None, has_steps


def _records(file: BinaryIO, kept: Integers) -> Integers:
    """Step and time of some points."""
    found = np.empty((len(kept), 2), dtype=np.int64)
    for row, index in enumerate(kept.tolist()):
        file.seek(index * RECORD_BYTES)
        found[row] = np.frombuffer(file.read(16), dtype="<i8")
    return found


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


def _extremes(part: Floats, room_for_gap: bool) -> set[int]:
    low = int(part.argmin())
    if part[low] == part[low]:
        return {low, int(part.argmax())}
    numbers = np.flatnonzero(~np.isnan(part))
    if not len(numbers):
        return {low}
    present = part[numbers]
    found = {int(numbers[present.argmin()]), int(numbers[present.argmax()])}
    return found | {low} if room_for_gap else found
