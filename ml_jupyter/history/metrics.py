"""Scalar series: append-only files of 32-byte little-endian records.

========  ====  ========================================================================
bytes     type  meaning
========  ====  ========================================================================
0-7       i64   step; 0 when none was given
8-15      i64   time, nanoseconds since the Unix epoch, UTC
16-23     any   value: f64, i64, or the offset of an entry in ``events``, as the kind says
24-27     u32   kind: 1 float, 2 int, 3 bool, 4 None, 5 entry in ``events``; +256: no step
28-31     4     ``mlj1``, by which a reader finds the next record behind a torn one
========  ====  ========================================================================

Source: docs/run-folder.md (ours). A record of kind 0, or without the mark, is padding and is passed
over.
"""

from __future__ import annotations

import json
import sys
from array import array
from dataclasses import dataclass
from pathlib import Path
from struct import Struct
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple, Union

from ml_jupyter.history import stream

RECORD_BYTES = 32
MARK = b"mlj1"
FLOAT, INT, BOOL, NONE, EVENT = 1, 2, 3, 4, 5
NO_STEP = 0x100

_FLOAT_RECORD = Struct("<qqdI4s")
_INT_RECORD = Struct("<qqqI4s")
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1

pack_float = _FLOAT_RECORD.pack
pack_int = _INT_RECORD.pack


@dataclass(frozen=True)
class Series:
    """A scalar metric as it was logged.

    Attributes
    ----------
    steps : sequence of int
        The step of each point; its index where none was given.
    times : sequence of int
        Nanoseconds since the Unix epoch.
    values : list
        float, int, bool, None or text, in the order of logging.
    end : int
        Offset in bytes behind the last whole record that was read.
    alike : bool
        All values are known to be floats, or to be ints, without looking at each.
    """

    steps: Sequence[int]
    times: Sequence[int]
    values: List[Any]
    end: int
    alike: bool = False

    def __len__(self) -> int:
        return len(self.values)


class Name(NamedTuple):
    """What ``metrics/names`` says of one metric."""

    name: str
    shape: str
    description: str


def read_names(path: Path, offset: int = 0) -> Tuple[Dict[str, Name], int]:
    """Metrics by file name from ``metrics/names``, and the offset to read on from."""
    data = stream.read(path, offset)
    end = data.rfind(b"\n") + 1
    found: Dict[str, Name] = {}
    for line in data[:end].splitlines():
        entry = parse_line(line)
        if entry is not None and "h" in entry and "n" in entry:
            found.setdefault(
                entry["h"], Name(entry["n"], entry.get("shape", "scalar"), entry.get("d", ""))
            )
    return found, offset + end


def read_series(
    path: Union[str, Path],
    text_at: Callable[[int], Any],
    offset: int = 0,
    first_index: int = 0,
) -> Series:
    """Read a series from ``offset`` to its last whole record.

    Parameters
    ----------
    path : str or Path
        ``metrics/<hash>`` of a run.
    text_at : callable
        Gives the value that the entry at an offset of ``events`` holds.
    offset : int
        Bytes to pass over: the ``end`` of an earlier reading.
    first_index : int
        Index of the first point read, for points without a step.
    """
    data = stream.read(path, offset)
    whole = len(data) - len(data) % RECORD_BYTES
    if _regular(data, whole):
        return _fast(data[:whole], offset, first_index, text_at)
    return _resync(data, offset, first_index, text_at)


def last_value(path: Path, text_at: Callable[[int], Any]) -> Tuple[int, Optional[Any]]:
    """Number of records, and the value of the last one, without reading the rest."""
    count, rest = divmod(stream.size(path), RECORD_BYTES)
    if count == 0:
        return 0, None
    data = stream.read(path, (count - 1) * RECORD_BYTES, RECORD_BYTES)
    if rest == 0 and len(data) == RECORD_BYTES and data[28:] == MARK and data[24]:
        return count, _decode(data, 0, text_at)
    values = read_series(path, text_at).values
    return len(values), values[-1] if values else None


def parse_line(line: bytes) -> Optional[Dict[str, Any]]:
    """The JSON object of a line, also behind a torn one; None when there is none."""
    start = 0
    while start >= 0:
        try:
            value = json.loads(line[start:])
            return value if isinstance(value, dict) else None
        except ValueError:
            start = line.find(b'{"', start + 1)
    return None


def _regular(data: bytes, whole: int) -> bool:
    count = whole // RECORD_BYTES
    return (
        len(data) - whole < RECORD_BYTES
        and all(data[28 + i : whole : RECORD_BYTES].count(MARK[i]) == count for i in range(4))
        and data[24:whole:RECORD_BYTES].count(0) == 0
    )


def _fast(data: bytes, offset: int, first: int, text_at: Callable[[int], Any]) -> Series:
    count = len(data) // RECORD_BYTES
    end = offset + len(data)
    integers, kinds = _column("q", data), data[24::RECORD_BYTES]
    flags = data[25::RECORD_BYTES]
    times = integers[1::4]
    if flags.count(1) == count:
        steps: Sequence[int] = range(first, first + count)
    else:
        steps = integers[0::4]
        if flags.count(1):
            steps = array("q", [first + i if flags[i] else s for i, s in enumerate(steps)])
    if kinds.count(FLOAT) == count:
        return Series(steps, times, _column("d", data)[2::4].tolist(), end, alike=True)
    if kinds.count(INT) == count:
        return Series(steps, times, integers[2::4].tolist(), end, alike=True)
    values = [_decode(data, at, text_at) for at in range(0, len(data), RECORD_BYTES)]
    return Series(steps, times, values, end)


def _column(code: str, data: bytes) -> array[Any]:
    column = array(code)
    column.frombytes(data)
    if sys.byteorder == "big":
        column.byteswap()
    return column


def _resync(data: bytes, offset: int, first: int, text_at: Callable[[int], Any]) -> Series:
    """Read record by record, finding the next mark behind what is torn."""
    steps, times = array("q"), array("q")
    values: List[Any] = []
    at = end = 0
    while at + RECORD_BYTES <= len(data):
        if data[at + 28 : at + 32] != MARK:
            mark = data.find(MARK, at + 1)
            if mark < 0:
                break
            at = max(at + 1, mark - 28)
            continue
        if data[at + 24]:
            step, time, _, kind, _ = _INT_RECORD.unpack_from(data, at)
            steps.append(first + len(values) if kind & NO_STEP else step)
            times.append(time)
            values.append(_decode(data, at, text_at))
        at = end = at + RECORD_BYTES
    return Series(steps, times, values, offset + end)


def _decode(data: bytes, at: int, text_at: Callable[[int], Any]) -> Any:
    kind = data[at + 24]
    if kind == FLOAT:
        return _FLOAT_RECORD.unpack_from(data, at)[2]
    value = _INT_RECORD.unpack_from(data, at)[2]
    if kind == INT:
        return value
    if kind == BOOL:
        return bool(value)
    return text_at(value) if kind == EVENT else None
