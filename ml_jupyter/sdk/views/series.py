"""Metrics as series of points, thinned to what a chart can show."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any, Dict, Iterable, List, Optional, Sequence

from ml_jupyter._files import confine, read_json
from ml_jupyter.exceptions import MlJupyterError, UserErrorException
from ml_jupyter.history.metrics import Series
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.sdk.views.thinning import thin
from ml_jupyter.sdk.views.values import safe, safe_numbers

AXES = ("step", "time", "relative")
#: Of one series; and of all series of an answer or a page, which is then some 100 MB.
LEAST_POINTS, MOST_POINTS, ALL_POINTS = 5, 10_000, 2_000_000
_ENTRIES = 100
_PLAIN = ("row", "table", "image")


def points_each(wanted: int, count: int) -> int:
    """Points of each of ``count`` series: as many as are wanted, while all stay within bounds."""
    return max(LEAST_POINTS, min(wanted, ALL_POINTS // max(1, count)))


def metric_series(
    run: RunFolder,
    names: Optional[Iterable[str]] = None,
    points: int = 1000,
    x_min: Optional[float] = None,
    x_max: Optional[float] = None,
    axis: str = "step",
) -> List[Dict[str, Any]]:
    """Series of a run as in ``docs/http-api.md``.

    Parameters
    ----------
    run : RunFolder
        The run.
    names : iterable of str, optional
        Metrics to give, unknown ones are passed over; None: all scalar ones.
    points : int
        Most points of a series, from 5 to 10,000.
    x_min, x_max : float, optional
        Give only points between these (and their neighbours, so that lines reach the border).
    axis : str
        What ``x_min`` and ``x_max`` are: ``step``, ``time`` (milliseconds since the epoch) or
        ``relative`` (milliseconds since the run's creation).

    Raises
    ------
    UserErrorException
        ``points`` or ``axis`` is out of its range.
    """
    if not LEAST_POINTS <= points <= MOST_POINTS:
        raise UserErrorException(
            f"points must be from {LEAST_POINTS} to {MOST_POINTS}, not {points}."
        )
    if axis not in AXES:
        raise UserErrorException(f"axis must be one of {', '.join(AXES)}, not {axis!r}.")
    known = run.metric_names()
    wanted = [n for n in known if known[n].shape == "scalar"] if names is None else names
    found = []
    for name in wanted:
        if name not in known:
            continue
        if known[name].shape != "scalar":
            found.append(_entries(run, name, known[name].shape))
            continue
        item = scalar_series(run, name, run.series(name), points, x_min, x_max, axis)
        if names is not None or item["kind"] == "scalar":
            found.append(item)
    return found


def scalar_series(
    run: RunFolder,
    name: str,
    series: Series,
    points: int,
    x_min: Optional[float] = None,
    x_max: Optional[float] = None,
    axis: str = "step",
) -> Dict[str, Any]:
    """One scalar metric that was read before; as entries when all its values are texts."""
    if _is_text(series.values):
        first = max(0, len(series) - _ENTRIES)
        entries = [
            {"step": s, "time_ms": t / 1e6, "value": safe(v)}
            for s, t, v in zip(series.steps[first:], series.times[first:], series.values[first:])
        ]
        return {"name": name, "kind": "text", "count": len(series), "entries": entries}
    start, stop = _window(run, series, x_min, x_max, axis)
    values = _numbers(
        series.values[start:stop] if (start, stop) != (0, len(series)) else series.values
    )
    kept = thin(values, points)
    return {
        "name": name,
        "kind": "scalar",
        "count": len(series),
        "steps": [series.steps[start + at] for at in kept],
        "times_ms": [series.times[start + at] / 1e6 for at in kept],
        "values": safe_numbers([values[at] for at in kept]),
        "downsampled": len(kept) < len(values),
    }


def _is_text(values: Sequence[Any]) -> bool:
    return (
        bool(values)
        and isinstance(values[-1], str)
        and not any(isinstance(value, (int, float)) for value in values)
    )


def _numbers(values: List[Any]) -> List[Any]:
    return [None if isinstance(v, str) else v for v in values] if _mixed(values) else values


def _mixed(values: List[Any]) -> bool:
    try:
        sum(values)
    except TypeError:
        return True
    return False


def _window(
    run: RunFolder, series: Series, x_min: Optional[float], x_max: Optional[float], axis: str
) -> tuple[int, int]:
    if x_min is None and x_max is None:
        return 0, len(series)
    scale, origin = 1.0, 0.0
    places: Sequence[int] = series.steps
    if axis != "step":
        places, scale = series.times, 1e6
        origin = run.record.created if axis == "relative" else 0.0
    start = 0 if x_min is None else bisect_left(places, x_min * scale + origin) - 1
    stop = len(series) if x_max is None else bisect_right(places, x_max * scale + origin) + 1
    return max(0, start), min(len(series), max(stop, 0))


def _entries(run: RunFolder, name: str, shape: str) -> Dict[str, Any]:
    entries = run.structured(name)
    newest = [
        {
            "step": e.get("step"),
            "time_ms": e["t"] / 1e6,
            "value": _value(run, shape, e.get("value")),
        }
        for e in entries[-_ENTRIES:]
    ]
    return {"name": name, "kind": shape, "count": len(entries), "entries": newest}


def _value(run: RunFolder, shape: str, value: Any) -> Any:
    """Rows, tables and images as they are; of a chart the ``data`` of its file."""
    if shape in _PLAIN or not isinstance(value, dict):
        return safe(value)
    try:
        return safe(read_json(confine(run.layout.files, str(value.get("path"))))["data"])
    except (MlJupyterError, OSError, KeyError, TypeError):  # the file was removed or changed
        return None
