"""The only clock. Tests replace ``now_ns`` and ``monotonic`` here."""

from __future__ import annotations

import time
from datetime import datetime, timezone

now_ns = time.time_ns
monotonic = time.monotonic


def iso(ns: int) -> str:
    """Time in ISO 8601, UTC, microseconds, ending in ``Z``.

    Parameters
    ----------
    ns : int
        Nanoseconds since the Unix epoch.
    """
    seconds, rest = divmod(ns, 1_000_000_000)
    moment = datetime.fromtimestamp(seconds, timezone.utc).replace(microsecond=rest // 1000)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
