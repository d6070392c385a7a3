"""One metric of very many runs as places and values: few points a run, nothing else.

Series of one length are thinned together, so that a run costs little more than reading its file.
The points kept are those of ``ml_jupyter.sdk.views.thinning``: ends, and each bucket's least,
greatest and gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml_jupyter.history.metrics import FLOAT, MARK, NO_STEP, RECORD_BYTES
from ml_jupyter.server import long_series

Floats = NDArray[np.float64]
#: Places and values of one run.
Points = tuple[Floats, Floats]

#: Bytes of series that are in memory at a time.
_BLOCK_BYTES = 32_000_000
_MARK = int.from_bytes(MARK, "little") << 32
#: The last eight bytes of a point that is a float: with a step, and without.
_STEPPED, _COUNTED = _MARK | FLOAT, _MARK | FLOAT | NO_STEP
_NOTHING: Points = (np.empty(0), np.empty(0))


class View(NamedTuple):
    """How series are looked at.

    Attributes
    ----------
    axis : str
        ``step``, ``time`` (ms since the epoch) or ``relative`` (ms since the series' first point).
    points : int
        Most points to give, at least 4.
    x_min, x_max : float, optional
        Only points between these, and their neighbours.
    """

    axis: str
    points: int
    x_min: float | None = None
    x_max: float | None = None


def read(paths: Sequence[str], view: View) -> list[Points | None]:
    """Points of each series; None for a file that is not regular or not of floats.

    Parameters
    ----------
    paths : sequence of str
        ``metrics/<hash>`` of each run; one that is not there has no points.
    view : View
        Axis, points and range.
    """
    found: list[Points | None] = [None] * len(paths)
    for block in _blocks(paths):
        by_length: dict[int, list[int]] = {}
        for at, data in block.items():
            by_length.setdefault(len(data), []).append(at)
        for length, members in by_length.items():
            if length == 0:
                points: Sequence[Points | None] = [_NOTHING] * len(members)
            else:
                points = _together([block[at] for at in members], view)
            for at, one in zip(members, points, strict=True):
                found[at] = one
    return found


def of_answer(found: dict[str, Any], view: View) -> Points:
    """The same from a series of ``views.metric_series``, for what is not plain floats."""
    places = np.array(found["steps" if view.axis == "step" else "times_ms"], dtype=np.float64)
    if view.axis == "relative" and len(places):
        places -= places[0]
    values = [np.nan if value is None else float(value) for value in found["values"]]
    return _alone(places, np.array(values, dtype=np.float64), view)


def _blocks(paths: Sequence[str]) -> Iterator[dict[int, bytes]]:
    """Contents by position, some files at a time."""
    block: dict[int, bytes] = {}
    size = 0
    for at, path in enumerate(paths):
        try:
            with open(path, "rb", buffering=0) as file:
                block[at] = file.read()
        except (FileNotFoundError, NotADirectoryError):
            block[at] = b""
        size += len(block[at])
        if size > _BLOCK_BYTES:
            yield block
            block, size = {}, 0
    yield block


def _together(blobs: Sequence[bytes], view: View) -> Sequence[Points | None]:
    """Series of one length."""
    if len(blobs[0]) % RECORD_BYTES:
        return [None] * len(blobs)
    words = np.frombuffer(b"".join(blobs), dtype="<i8").reshape(len(blobs), -1, 4)
    tail = int(words[0, 0, 3])
    if tail not in (_STEPPED, _COUNTED) or not bool((words[:, :, 3] == tail).all()):
        return [None] if len(blobs) == 1 else [_together([one], view)[0] for one in blobs]
    values = words.view("<f8")[:, :, 2]
    places = _places(words, view.axis, stepped=tail == _STEPPED)
    simple = (view.x_min, view.x_max) == (None, None) and values.shape[1] > view.points
    if not simple or not _is_plain(places, values):
        return [_alone(*pair, view) for pair in zip(places, values, strict=True)]
    kept = _kept(values, view.points)
    rows = zip(
        np.take_along_axis(places, kept, 1), np.take_along_axis(values, kept, 1), strict=True
    )
    return list(rows)


def _places(words: NDArray[np.int64], axis: str, *, stepped: bool) -> Floats:
    runs, count, _ = words.shape
    if axis == "step":
        if stepped:
            return words[:, :, 0].astype(np.float64)
        return np.broadcast_to(np.arange(count, dtype=np.float64), (runs, count))
    times = words[:, :, 1]
    # Taken as integers first: nanoseconds since the epoch do not fit a float.
    return (times - times[:, :1]) / 1e6 if axis == "relative" else times / 1e6


def _is_plain(places: Floats, values: Floats) -> bool:
    """Whether all runs are in order and have no gap."""
    return not bool(np.isnan(values).any()) and not bool((np.diff(places, axis=1) < 0).any())


def _kept(values: Floats, limit: int) -> NDArray[np.int64]:
    """For each run the positions that stay, ascending; some may come twice."""
    runs, count = values.shape
    inner = values[:, 1:-1]
    buckets = max(1, (limit - 2) // 2)
    size = -(-(count - 2) // buckets)
    # The last value again where the last buckets are short: it changes no extreme of theirs.
    parts = np.repeat(inner[:, -1:], buckets * size, axis=1)
    parts[:, : count - 2] = inner
    parts = parts.reshape(runs, buckets, size)
    starts = 1 + size * np.arange(buckets)
    low, high = starts + parts.argmin(axis=2), starts + parts.argmax(axis=2)
    ends = np.tile([0, count - 1], (runs, 1))
    found = np.concatenate([ends, np.minimum(low, count - 2), np.minimum(high, count - 2)], axis=1)
    return np.sort(found, axis=1)


def _alone(places: Floats, values: Floats, view: View) -> Points:
    """One series: sorted by place, cut to the range, thinned."""
    if len(places) > 1 and bool((np.diff(places) < 0).any()):
        order = np.argsort(places, kind="stable")
        places, values = places[order], values[order]
    low = 0 if view.x_min is None else int(np.searchsorted(places, view.x_min, "left")) - 1
    high = len(places)
    if view.x_max is not None:
        high = int(np.searchsorted(places, view.x_max, "right")) + 1
    places, values = places[max(0, low) : max(0, high)], values[max(0, low) : max(0, high)]
    if len(values) <= view.points:
        return places, values
    kept = long_series.thin(values, view.points)
    return places[kept], values[kept]
