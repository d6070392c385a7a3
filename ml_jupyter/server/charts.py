"""Series for charts, each computed once for all who look at it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

from ml_jupyter import _ids
from ml_jupyter.history import stream
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.sdk import views
from ml_jupyter.sdk.views.series import points_each
from ml_jupyter.server import long_series

#: Points that the cache may hold; one takes some 110 bytes, as measured.
_KEPT_POINTS = 200_000

Key = tuple[Any, ...]


class SeriesCache:
    """The newest answers by (file, points, range): one each, as long as the file has not grown.

    Threads may share it.
    """

    def __init__(self, most_points: int = _KEPT_POINTS) -> None:
        self._most = most_points
        self._points = 0
        self._kept: OrderedDict[Key, tuple[int, list[dict[str, Any]]]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def points(self) -> int:
        """Points that it holds."""
        return self._points

    def get(self, key: Key, size: int) -> list[dict[str, Any]] | None:
        """What was put under ``key`` when the file had ``size`` bytes, if it is still there."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found[0] != size:
                return None
            self._kept.move_to_end(key)
            return found[1]

    def put(self, key: Key, size: int, value: list[dict[str, Any]]) -> None:
        """Keep ``value`` in place of older ones, forgetting what was asked for longest ago."""
        with self._lock:
            old = self._kept.pop(key, None)
            self._points += _cost(value) - (_cost(old[1]) if old else 0)
            self._kept[key] = (size, value)
            while self._points > self._most and len(self._kept) > 1:
                self._points -= _cost(self._kept.popitem(last=False)[1][1])


def series(
    cache: SeriesCache,
    run: RunFolder,
    names: list[str] | None,
    points: int,
    x_min: float | None,
    x_max: float | None,
    axis: str,
) -> list[dict[str, Any]]:
    """The series of a run, not to be changed: those that have not grown come from the cache."""
    known = run.metric_names()
    scalars = [name for name in known if known[name].shape == "scalar"]
    wanted = scalars if names is None else list(dict.fromkeys(names))
    points = points_each(points, len(wanted))
    found = []
    for name in wanted:
        if name not in known:
            continue
        if known[name].shape != "scalar":
            found += views.metric_series(run, [name], points, x_min, x_max, axis)
            continue
        for item in _scalar(cache, run, name, (points, x_min, x_max, axis)):
            if names is not None or item["kind"] == "scalar":
                found.append(item)
    return found


def _scalar(cache: SeriesCache, run: RunFolder, name: str, view: Key) -> list[dict[str, Any]]:
    path = run.layout.metrics / _ids.metric_file(name)
    key, size = (str(path), *view), stream.size(path)
    found = cache.get(key, size)
    if found is None:
        quick = _long(run, path, name, *view)
        found = views.metric_series(run, [name], *view) if quick is None else [quick]
        cache.put(key, size, found)
    return found


def _long(
    run: RunFolder,
    path: Path,
    name: str,
    points: int,
    x_min: float | None,
    x_max: float | None,
    axis: str,
) -> dict[str, Any] | None:
    origin = run.record.created if axis == "relative" else 0
    scale = 1.0 if axis == "step" else 1e6
    low, high = (None if x is None else x * scale + origin for x in (x_min, x_max))
    try:
        return long_series.read(path, name, points, low, high, by_time=axis != "step")
    except OSError:  # no point yet
        return None


def _cost(value: list[dict[str, Any]]) -> int:
    return sum(len(item.get("values", ())) + len(item.get("entries", ())) + 1 for item in value)
