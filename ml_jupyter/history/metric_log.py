"""Writing the metrics of one run: the hot path of the package."""

from __future__ import annotations

import json
import math
import os
import struct
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from ml_jupyter import _ids, _time
from ml_jupyter._files import storage_failed
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history import events, metrics
from ml_jupyter.history.append import Appender
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.metrics import (
    BOOL,
    EVENT,
    FLOAT,
    INT,
    INT64_MAX,
    INT64_MIN,
    MARK,
    NO_STEP,
    NONE,
    RECORD_BYTES,
    pack_float,
    pack_int,
)

SCALAR = "scalar"
_FLOAT_NO_STEP = FLOAT | NO_STEP


class MetricLog:
    """Appends metrics; may be used from many threads and from forked processes.

    Parameters
    ----------
    layout : RunLayout
        The run's folder.
    event_log : Appender
        The run's ``events``.
    """

    def __init__(self, layout: RunLayout, event_log: Appender) -> None:
        self._layout = layout
        self._events = event_log
        self._series: Dict[str, Callable[[bytes], None]] = {}
        self._files: List[Appender] = []
        self._shapes: Dict[str, str] = {}
        self._names = Appender(layout.metric_names)
        self._names_read = 0

    def log(self, name: str, value: Any, step: Optional[int] = None) -> None:
        """Append one float, int, bool, None or text to the series ``name``.

        Raises
        ------
        UserErrorException
            The name has another shape, the step is no 64-bit integer, or the value is of another
            type.
        StorageFailed
            The system refused to write; nothing already written is harmed.
        """
        append = self._series.get(name)
        if append is None:
            append = self._new_series(name)
        if type(value) is float:
            if step is None:
                append(pack_float(0, _time.now_ns(), value, _FLOAT_NO_STEP, MARK))
                return
            if type(step) is int and INT64_MIN <= step <= INT64_MAX:
                append(pack_float(step, _time.now_ns(), value, FLOAT, MARK))
                return
        append(self._encode(name, value, step))

    def log_many(self, name: str, values: Iterable[Any]) -> int:
        """Append values in order, one write for every 4,096; returns how many there were."""
        append = self._series.get(name) or self._new_series(name)
        count = 0
        block = []
        for value in values:
            block.append(self._encode(name, value, None))
            count += 1
            if len(block) == 4096:
                append(b"".join(block))
                block = []
        if block:
            append(b"".join(block))
        return count

    def log_points(self, name: str, points: Iterable[Tuple[int, int, float]]) -> None:
        """Append measured points, each a step, a time in nanoseconds since the epoch and a value.

        Raises
        ------
        UserErrorException
            The name has another shape, or a number does not fit 64 bits.
        StorageFailed
            The system refused to write.
        """
        append = self._series.get(name) or self._new_series(name)
        try:
            records = [pack_float(step, time, value, FLOAT, MARK) for step, time, value in points]
        except struct.error as error:
            raise UserErrorException(f"A point of metric {name!r} is out of range.") from error
        for at in range(0, len(records), 4096):
            append(b"".join(records[at : at + 4096]))

    def log_structured(
        self, name: str, shape: str, value: Any, description: str = "", step: Optional[int] = None
    ) -> None:
        """Append a row, table, image or standard chart to the metric ``name``."""
        self.declare(name, shape, description)
        self._events.append(
            events.encode(
                events.METRIC, _time.now_ns(), name=name, shape=shape, value=value, step=step
            )
        )

    def declare(self, name: Any, shape: str, description: str = "") -> None:
        """Fix the shape of a metric at its first use.

        Raises
        ------
        UserErrorException
            The name is in use with another shape, or is empty.
        """
        if not isinstance(name, str) or not name:
            raise UserErrorException(
                f"A metric's name must be a text that is not empty, not {name!r}."
            )
        key = _ids.metric_file(name)
        if key not in self._shapes:
            self._read_names()
        known = self._shapes.get(key)
        if known is None:
            self._write_name(key, name, shape, description)
        elif known != shape:
            raise UserErrorException(
                f"Metric {name!r} holds values of shape {known!r} and cannot take {shape!r}.",
                hint="Log it under another name.",
            )

    def _new_series(self, name: str) -> Callable[[bytes], None]:
        self.declare(name, SCALAR)
        file = Appender(self._layout.metrics / _ids.metric_file(name), RECORD_BYTES)
        self._files.append(file)
        append = self._series[name] = file.append
        return append

    def close(self) -> None:
        """Close the descriptors; a later call opens the files again."""
        self._names.close()
        for file in self._files:
            file.close()

    def _read_names(self) -> None:
        found, self._names_read = metrics.read_names(self._layout.metric_names, self._names_read)
        for key, name in found.items():
            self._shapes.setdefault(key, name.shape)

    def _write_name(self, key: str, name: str, shape: str, description: str) -> None:
        try:
            os.mkdir(str(self._layout.metrics))
        except FileExistsError:
            pass
        except OSError as error:
            raise storage_failed(error, self._layout.metrics) from error
        entry: Dict[str, Any] = {"h": key, "n": name, "shape": shape}
        if description:
            entry["d"] = description
        line = json.dumps(entry, ensure_ascii=False) + "\n"
        self._names.append(line.encode("utf-8", "surrogatepass"))
        self._shapes[key] = shape

    def _encode(self, name: str, value: Any, step: Optional[int]) -> bytes:
        time, flag, at = _time.now_ns(), 0, 0
        if step is None:
            flag = NO_STEP
        else:
            at = _checked_step(step)
        kind = type(value)
        if kind is float:
            return pack_float(at, time, value, FLOAT | flag, MARK)
        if kind is bool:
            return pack_int(at, time, int(value), BOOL | flag, MARK)
        if kind is int and INT64_MIN <= value <= INT64_MAX:
            return pack_int(at, time, value, INT | flag, MARK)
        if value is None:
            return pack_int(at, time, 0, NONE | flag, MARK)
        if kind is int or kind is str:
            line = events.encode(events.METRIC, time, name=name, value=value)
            return pack_int(at, time, self._events.append_at(line), EVENT | flag, MARK)
        raise UserErrorException(f"Metric {name!r} cannot take a value of type {kind.__name__}.")


def _checked_step(step: Any) -> int:
    try:
        number = step.__index__() if hasattr(step, "__index__") else float(step)
        if isinstance(number, float):
            if math.isnan(number) or not number.is_integer():
                raise ValueError
            number = int(number)
    except (TypeError, ValueError, OverflowError) as error:
        raise UserErrorException(f"step must be an integer, not {step!r}.") from error
    if not INT64_MIN <= number <= INT64_MAX:
        raise UserErrorException(f"step {step!r} does not fit 64 bits.")
    return int(number)
