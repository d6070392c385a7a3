"""What the machine was used for in the last hour, day and week: written, and read for a view."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ml_jupyter import _time
from ml_jupyter._files import write_json
from ml_jupyter.exceptions import RunLocked
from ml_jupyter.history import lock
from ml_jupyter.server.spans import SPANS
from ml_jupyter.server.use_rings import Extent, Record, Ring, Tier, roll_up

_SECOND = 1000
_MINUTE = 60 * _SECOND
#: A ring for each span. A quarter more than its span is kept, for what is rolled up late.
_BUCKETS = {"hour": 0, "day": 5 * _MINUTE, "week": 30 * _MINUTE}
#: The ring that another one is filled from.
_FINER = {"day": "hour", "week": "day"}
#: Buckets without a record after which a curve has a gap.
_GAP = 2.5


class Channel(NamedTuple):
    """What is measured: as the **system series** of ``docs/http-api.md`` name it."""

    name: str
    label: str
    unit: str
    full: float | None = None
    gpu: str | None = None


class UseHistory:
    """The rings of one machine in a folder. One process at a time writes; any may read.

    Parameters
    ----------
    folder : Path
        Made when something is written.
    interval_s : float
        Seconds between two samples.
    """

    def __init__(self, folder: Path, interval_s: float) -> None:
        self._folder, self._every = folder, max(1, round(interval_s * _SECOND))
        self._rings = {name: Ring(folder, self._tier(name)) for name in SPANS}
        self._channels: dict[str, Channel] | None = None
        self._held: lock.HeldLock | None = None

    def write(self, sample: Mapping[Channel, float]) -> bool:
        """Keep a sample of now; False: another server of this user on this machine writes.

        Raises
        ------
        OSError, StorageFailed
            It cannot be written.
        """
        if not self._is_ours():
            return False
        self._describe(sample)
        now = _time.now_ns() // 1_000_000
        values: dict[str, Extent] = {item.name: (value, value) for item, value in sample.items()}
        self._rings["hour"].append(Record(now, values))
        for coarse, fine in _FINER.items():
            self._fill(coarse, fine, now)
        return True

    def read(self, span: str) -> dict[str, Any]:
        """The **machine history** of ``docs/http-api.md`` for ``hour``, ``day`` or ``week``."""
        until = _time.now_ns() // 1_000_000
        since = until - SPANS[span]
        tier = self._rings[span].tier
        records = self._records(span, since, until)
        gap = _GAP * tier.bucket_ms
        return {
            "span": span,
            "interval_s": tier.bucket_ms / _SECOND,
            "from_ms": since,
            "to_ms": until,
            "series": [_series(item, records, gap) for item in self._known().values()],
        }

    def _records(self, span: str, since: int, until: int) -> list[Record]:
        """Those of a ring, and behind them the bucket that is not over yet, from the finer one."""
        tier = self._rings[span].tier
        records = self._rings[span].read(since)
        if span not in _FINER:
            return records
        last = records[-1].time_ms + tier.bucket_ms if records else since
        rest = self._records(_FINER[span], last, until)
        return records + roll_up(rest, tier.bucket_ms, 0, until + tier.bucket_ms)

    def close(self) -> None:
        """Let another server write."""
        held, self._held = self._held, None
        if held is not None:
            held.release()

    def _tier(self, span: str) -> Tier:
        bucket = max(self._every, _BUCKETS[span])
        return Tier(span, bucket, int(1.25 * SPANS[span] / bucket) + 1)

    def _is_ours(self) -> bool:
        if self._held is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with contextlib.suppress(RunLocked):
                self._held = lock.acquire(self._folder / "writer.lock", 0)
        return self._held is not None

    def _fill(self, coarse: str, fine: str, now_ms: int) -> None:
        ring = self._rings[coarse]
        made = ring.last_ms()
        if now_ms - made < 2 * ring.tier.bucket_ms and made:
            return
        buckets = roll_up(self._rings[fine].read(made), ring.tier.bucket_ms, made, now_ms)
        for record in buckets:
            ring.append(record)

    def _describe(self, sample: Iterable[Channel]) -> None:
        known = self._known()
        if any(known.get(item.name) != item for item in sample):
            known.update({item.name: item for item in sample})
            self._channels = known
            write_json(self._path, [item._asdict() for item in known.values()])

    def _known(self) -> dict[str, Channel]:
        if self._held is not None and self._channels is not None:
            return dict(self._channels)
        try:
            found = [Channel(**item) for item in json.loads(self._path.read_bytes())]
        except (OSError, ValueError, TypeError):
            return {}
        return {item.name: item for item in found}

    @property
    def _path(self) -> Path:
        return self._folder / "series.json"


def _series(channel: Channel, records: list[Record], gap_ms: float) -> dict[str, Any]:
    """Times, means and peaks; a null stands where nothing was measured for a while."""
    found = [(item.time_ms, *item.values[channel.name]) for item in records
             if channel.name in item.values]  # fmt: skip
    times: list[float] = []
    values: list[float | None] = []
    peaks: list[float | None] = []
    for time, mean, peak in found:
        if times and time - times[-1] > gap_ms:
            times.append(times[-1] + 1)
            values.append(None)
            peaks.append(None)
        times.append(time)
        values.append(mean)
        peaks.append(peak)
    return {
        **channel._asdict(),
        "count": len(found),
        "times_ms": times,
        "values": values,
        "peaks": peaks,
        "downsampled": False,
        "last": found[-1][1] if found else None,
        "peak": max((peak for _, _, peak in found), default=None),
        "mean": sum(mean for _, mean, _ in found) / len(found) if found else None,
    }
