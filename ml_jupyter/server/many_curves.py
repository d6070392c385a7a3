"""Curves of very many runs in one answer: the runs once, then each metric as packed numbers."""

from __future__ import annotations

import os
import threading
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ml_jupyter import _ids
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import metrics
from ml_jupyter.history.parameters import DRAWN
from ml_jupyter.history.query import RunQuery, RunRow
from ml_jupyter.sdk import views
from ml_jupyter.sdk.views.series import MOST_POINTS
from ml_jupyter.server import short_series
from ml_jupyter.server.short_series import Floats, Points, View

if TYPE_CHECKING:
    from ml_jupyter.server.workspaces import OpenWorkspace

#: Runs of one answer; a chart of more lines shows nothing more.
MOST_RUNS = 2000
#: Bytes of curves that are kept for the next answer.
_KEPT_BYTES = 24_000_000
#: What a kept curve takes besides its points.
_OVERHEAD_BYTES = 300
#: Columns that may colour the curves.
_MOST_COLUMNS = 30
#: Names of a few runs in the order of their first use; the index adds those of all.
_LOOKED_AT = 3

Key = tuple[Any, ...]


class Curve(NamedTuple):
    """Places from the first one on, and values: little-endian float32; of a file of some size."""

    size: int
    first: float
    places: bytes
    values: bytes


_NOTHING = Curve(0, 0.0, b"", b"")


class ManyCurves:
    """Curves of runs that were looked at lately. Threads may share it."""

    def __init__(self, most_bytes: int = _KEPT_BYTES) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Key, Curve] = OrderedDict()
        self._lock = threading.Lock()

    def of_metric(
        self, item: OpenWorkspace, rows: Sequence[RunRow], name: str, view: View
    ) -> list[Curve]:
        """The curve of one metric of each run; read again only where its file has grown."""
        file = _ids.metric_file(name)
        paths = [f"{_folder(item, row)}/metrics/{file}" for row in rows]
        sizes = [_size(path) for path in paths]
        keys = [(row.id, name, *view) for row in rows]
        with self._lock:
            found = [self._look(key, size) for key, size in zip(keys, sizes, strict=True)]
        missing = [at for at, curve in enumerate(found) if curve is None]
        points = short_series.read([paths[at] for at in missing], view)
        for at, one in zip(missing, points, strict=True):
            if one is None:
                one = _irregular(item, rows[at], name, view)
            found[at] = _curve(sizes[at], *one)
        with self._lock:
            for at in missing:
                self._put(keys[at], found[at] or _NOTHING)
        return [curve or _NOTHING for curve in found]

    def _look(self, key: Key, size: int) -> Curve | None:
        if size == 0:
            return _NOTHING
        kept = self._kept.get(key)
        if kept is None or kept.size != size:
            return None
        self._kept.move_to_end(key)
        return kept

    def _put(self, key: Key, curve: Curve) -> None:
        old = self._kept.pop(key, None)
        self._bytes += _cost(curve) - (_cost(old) if old is not None else 0)
        self._kept[key] = curve
        while self._bytes > self._most and len(self._kept) > 1:
            self._bytes -= _cost(self._kept.popitem(last=False)[1])


def children(item: OpenWorkspace, run_id: str) -> tuple[list[RunRow], int]:
    """The children of a run by number, and how many there are in all."""
    page = item.index.query(RunQuery(parent=run_id, sort="number", limit=MOST_RUNS))
    return page.rows, page.total


def head(item: OpenWorkspace, rows: Sequence[RunRow], total: int) -> dict[str, Any]:
    """The runs, what they have logged, and the settings in which they differ."""
    primaries = [(row.primary or {}).get("name") for row in rows]
    named = [name for name in primaries if name]
    best = [(row.primary or {}).get("best") for row in rows]
    return {
        "runs": [
            {
                "id": row.id,
                "number": row.number,
                "name": row.display_name or row.experiment,
                "status": row.status,
            }
            for row in rows
        ],
        "total": total,
        "metrics": _names(item, rows),
        "primary": max(set(named), key=named.count) if named else None,
        "best": views.safe(best),
        "settings": _differing(_settings(item, rows)),
    }


def packed(
    item: OpenWorkspace, rows: Sequence[RunRow], names: Iterable[str], view: View
) -> list[dict[str, Any]]:
    """The curves of some metrics of the runs as in ``docs/http-api.md``, **curves**."""
    return [_packed(item, rows, name, view) for name in names]


def _packed(item: OpenWorkspace, rows: Sequence[RunRow], name: str, view: View) -> dict[str, Any]:
    found = item.curves.of_metric(item, rows, name, view)
    present = [(at, curve) for at, curve in enumerate(found) if curve.values]
    curves = [curve for _, curve in present]
    first = min((curve.first for curve in curves), default=0.0)
    moved = [_moved(curve, first) for curve in curves]
    shared = len(set(moved)) == 1
    return {
        "name": name,
        "runs": [at for at, _ in present],
        "counts": [len(curve.values) // 4 for curve in curves],
        "from": first,
        "shared": shared,
        "x": _text(moved[:1] if shared else moved),
        "y": _text([curve.values for curve in curves]),
    }


def _moved(curve: Curve, first: float) -> bytes:
    """Places from the first one of all curves on."""
    if curve.first == first:
        return curve.places
    places = np.frombuffer(curve.places, dtype="<f4").astype(np.float64) + (curve.first - first)
    return places.astype("<f4").tobytes()


def _text(parts: Sequence[bytes]) -> str:
    return b64encode(b"".join(parts)).decode("ascii")


def _folder(item: OpenWorkspace, row: RunRow) -> str:
    """A run's folder as text: joining paths costs more than opening a file."""
    return f"{item.folder.layout.runs}/{row.experiment_id}/{row.id}"


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0


def _curve(size: int, places: Floats, values: Floats) -> Curve:
    first = float(places[0]) if len(places) else 0.0
    with np.errstate(over="ignore"):  # beyond float32 lies infinity
        moved = (places - first).astype("<f4")
        return Curve(size, first, moved.tobytes(), values.astype("<f4").tobytes())


def _irregular(item: OpenWorkspace, row: RunRow, name: str, view: View) -> Points:
    """Whole numbers, gaps, texts, what a crash has torn: read as the run's own page reads it."""
    try:
        found = views.metric_series(item.run(row.id), [name], MOST_POINTS)
    except (MlJupyterError, OSError):  # deleted just now, or damaged: its own page says so
        return np.empty(0), np.empty(0)
    if not found or found[0]["kind"] != "scalar":
        return np.empty(0), np.empty(0)
    return short_series.of_answer(found[0], view)


def _names(item: OpenWorkspace, rows: Sequence[RunRow]) -> list[str]:
    """Names of scalar metrics: in the order of some runs' first use, then by how many have them."""
    found: dict[str, None] = {}
    for row in [*rows[:_LOOKED_AT], *rows[-1:]]:
        layout = item.folder.layout.run(row.experiment_id, row.id)
        for entry in metrics.read_names(layout.metric_names)[0].values():
            if entry.shape == "scalar":
                found[entry.name] = None
    for name in item.index.metric_names_of([row.id for row in rows]):
        found.setdefault(name)
    return list(found)


def _settings(item: OpenWorkspace, rows: Sequence[RunRow]) -> list[dict[str, str]]:
    """The parameters of each run, and its tags."""
    given = item.index.parameters_of([row.id for row in rows])
    return [
        {
            **given.get(row.id, {}),
            **{key: text for key, text in row.tags.items() if text and key != DRAWN},
        }
        for row in rows
    ]


def _differing(settings: Sequence[dict[str, str]]) -> dict[str, list[str | None]]:
    names = list(dict.fromkeys(name for one in settings for name in one))
    columns = {name: [one.get(name) for one in settings] for name in names}
    different = [(name, column) for name, column in columns.items() if len(set(column)) > 1]
    return dict(different[:_MOST_COLUMNS])


def _cost(curve: Curve) -> int:
    return len(curve.places) + len(curve.values) + _OVERHEAD_BYTES
