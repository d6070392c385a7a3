"""Steps that leave a part of a table's rows or columns, on a stream of chunks.

A step is a list as it is stored with a dataset: ``["take", 3]``, ``["skip", 3]``, ``["sample", low,
high, seed]``, ``["filter", condition]``, ``["keep", names]``, ``["drop", names]``, ``["between",
column, from, to, inclusive]`` or ``["recent", column, seconds, inclusive]``.
"""

from __future__ import annotations

import datetime
import operator
from typing import Any, Callable, Iterator, Mapping, Optional, Sequence, Set

from ml_jupyter.datasets.tables import expressions
from ml_jupyter.exceptions import DataMismatch

Step = Sequence[Any]
Frames = Iterator[Any]


def through(frames: Frames, steps: Sequence[Step]) -> Frames:
    """What the steps leave of the frames; reads no further than it has to."""
    for step in steps:
        frames = _STAGES[str(step[0])](frames, step)
    return frames


def read_columns(steps: Sequence[Step]) -> Optional[Set[str]]:
    """The columns that have to be read; None: all."""
    found: Set[str] = set()
    for step in steps:
        kind = step[0]
        if kind == "keep":
            return found | set(step[1])
        if kind == "filter":
            found |= set(expressions.columns_of(step[1]))
        elif kind in ("between", "recent"):
            found.add(str(step[1]))
    return None


def require(names: Sequence[str], there: Sequence[str]) -> None:
    """Refuse columns that are not there.

    Raises
    ------
    DataMismatch
        Names the first, and those that are there.
    """
    for name in names:
        if name not in there:
            known = ", ".join(map(repr, there))
            raise DataMismatch(f"There is no column {name!r}.", hint=f"Columns: {known}.")


def _take(frames: Frames, step: Step) -> Frames:
    left = int(step[1])
    for frame in frames:
        yield frame[:left]
        left -= len(frame)
        if left <= 0:
            return


def _skip(frames: Frames, step: Step) -> Frames:
    left = int(step[1])
    for frame in frames:
        rest = frame[left:]
        left = max(0, left - len(frame))
        yield rest


def _sample(frames: Frames, step: Step) -> Frames:
    import numpy as np

    low, high, draw = step[1], step[2], np.random.default_rng(int(step[3]))
    for frame in frames:
        drawn = draw.random(len(frame))
        yield frame[(drawn >= low) & (drawn < high)]


def _filter(frames: Frames, step: Step) -> Frames:
    for frame in frames:
        require(expressions.columns_of(step[1]), list(frame.columns))
        kept = expressions.evaluate(step[1], frame.__getitem__)
        yield frame[kept.fillna(False).astype(bool)]


def _keep(frames: Frames, step: Step) -> Frames:
    for frame in frames:
        require(step[1], list(frame.columns))
        yield frame[list(step[1])]


def _drop(frames: Frames, step: Step) -> Frames:
    for frame in frames:
        require(step[1], list(frame.columns))
        yield frame.drop(columns=list(step[1]))


def _between(frames: Frames, step: Step) -> Frames:
    name, inclusive = str(step[1]), bool(step[4])
    low, high = [None if item is None else _time(item) for item in step[2:4]]
    for frame in frames:
        require([name], list(frame.columns))
        times = frame[name]
        if not _is_time(times):
            raise DataMismatch(
                f"The column {name!r} holds no times.",
                hint="Name its type: set_column_types={...: DataType.to_datetime()}.",
            )
        after, before = (operator.ge, operator.le) if inclusive else (operator.gt, operator.lt)
        kept = times.notna()
        kept &= True if low is None else after(times, _like(low, times))
        kept &= True if high is None else before(times, _like(high, times))
        yield frame[kept]


def _recent(frames: Frames, step: Step) -> Frames:
    now = datetime.datetime.now(datetime.timezone.utc)
    low = now - datetime.timedelta(seconds=float(step[2]))
    return _between(frames, ["between", step[1], low.isoformat(), None, step[3]])


def _is_time(values: Any) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_datetime64_any_dtype(values.dtype)) or bool(values.isna().all())


def _time(text: Any) -> datetime.datetime:
    return datetime.datetime.fromisoformat(str(text))


def _like(time: datetime.datetime, values: Any) -> Any:
    """A time with or without zone, as the column has it; without one means UTC."""
    import pandas as pd

    stamp, zone = pd.Timestamp(time), getattr(values.dt, "tz", None)
    if zone is None:
        return stamp if stamp.tzinfo is None else stamp.tz_convert("UTC").tz_localize(None)
    return stamp.tz_localize(zone) if stamp.tzinfo is None else stamp.tz_convert(zone)


_STAGES: Mapping[str, Callable[[Frames, Step], Frames]] = {
    "take": _take,
    "skip": _skip,
    "sample": _sample,
    "filter": _filter,
    "keep": _keep,
    "drop": _drop,
    "between": _between,
    "recent": _recent,
}
