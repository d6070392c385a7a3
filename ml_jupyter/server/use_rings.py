"""Rings of samples on disk: what a machine was used for, fine for an hour, coarse for a week.

A ring is a file of JSON lines that is only appended to; when it holds twice what it has to, it is
written again with the newer half. A coarse ring is filled from the next finer one, a bucket at a
time, with the mean and the peak of each value; so nothing has to be in memory, and a server that
starts again goes on where another one ended. A line that was cut off by a crash is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml_jupyter._files import write_atomic

#: Mean and peak of one value in the time of a record.
Extent = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Record:
    """What was measured at a time, or within a bucket that begins then.

    Attributes
    ----------
    time_ms : int
        Milliseconds since the epoch.
    values : mapping of str to (float, float)
        Mean and peak by the name of the series.
    """

    time_ms: int
    values: Mapping[str, Extent]


@dataclass(frozen=True, slots=True)
class Tier:
    """How finely, and for how long.

    Attributes
    ----------
    name : str
        Name of the ring's file.
    bucket_ms : int
        Time that a record stands for.
    kept : int
        Records that are kept at least.
    """

    name: str
    bucket_ms: int
    kept: int


class Ring:
    """One tier's records in a file. One process at a time writes; any may read.

    Parameters
    ----------
    folder : Path
        Where the file lies; it exists.
    tier : Tier
        Which one.
    """

    def __init__(self, folder: Path, tier: Tier) -> None:
        self.tier = tier
        self._path = folder / f"{tier.name}.jsonl"
        self._lines: int | None = None
        self._last_ms = 0

    def append(self, record: Record) -> None:
        """Add a record behind the others.

        Raises
        ------
        OSError
            It cannot be written.
        """
        if self._lines is None:
            self._lines = len(self.read(0))
            self._end_line()
        with self._path.open("ab") as file:
            file.write(_line(record))
        self._lines += 1
        self._last_ms = record.time_ms
        if self._lines > 2 * self.tier.kept:
            newest = self.read(0)[-self.tier.kept :]
            write_atomic(self._path, b"".join(map(_line, newest)), sync=False)
            self._lines = len(newest)

    def read(self, since_ms: float) -> list[Record]:
        """The records from a time on, the oldest first; none where nothing was written."""
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        found = [record for record in map(_record, lines) if record is not None]
        return [record for record in found if record.time_ms >= since_ms]

    def last_ms(self) -> int:
        """Time of the newest record, for the process that writes; 0: there is none."""
        if not self._last_ms:
            found = self.read(0)
            self._last_ms = found[-1].time_ms if found else 0
        return self._last_ms

    def _end_line(self) -> None:
        """End a line that a crash has cut off, so that the next one stands alone."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return
        if data and not data.endswith(b"\n"):
            with self._path.open("ab") as file:
                file.write(b"\n")


def roll_up(fine: Iterable[Record], bucket_ms: int, after_ms: int, now_ms: int) -> list[Record]:
    """Buckets that are over, later than ``after_ms``, each with mean and peak of its records.

    Parameters
    ----------
    fine : iterable of Record
        In order of time.
    bucket_ms : int
        Length of a bucket.
    after_ms : int
        Beginning of the last bucket that was made already.
    now_ms : int
        The bucket of this moment is not over, and not made.
    """
    buckets: dict[int, list[Record]] = {}
    for record in fine:
        start = record.time_ms - record.time_ms % bucket_ms
        if start > after_ms and start + bucket_ms <= now_ms:
            buckets.setdefault(start, []).append(record)
    return [Record(start, _together(records)) for start, records in sorted(buckets.items())]


def _together(records: list[Record]) -> dict[str, Extent]:
    found: dict[str, list[Extent]] = {}
    for record in records:
        for name, extent in record.values.items():
            found.setdefault(name, []).append(extent)
    return {
        name: (sum(mean for mean, _ in every) / len(every), max(peak for _, peak in every))
        for name, every in found.items()
    }


def _line(record: Record) -> bytes:
    values = {
        name: [_short(mean)] if mean == peak else [_short(mean), _short(peak)]
        for name, (mean, peak) in record.values.items()
    }
    return json.dumps({"t": record.time_ms, "v": values}, separators=(",", ":")).encode() + b"\n"


def _short(value: float) -> float:
    return round(value, 1) if abs(value) < 1e6 else round(value)


def _record(line: bytes) -> Record | None:
    try:
        facts: Any = json.loads(line)
        values = {name: (float(pair[0]), float(pair[-1])) for name, pair in facts["v"].items()}
        return Record(int(facts["t"]), values)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None
