"""How far back the histories of machine and queue reach."""

from __future__ import annotations

_HOUR = 3_600_000
#: Milliseconds by the name of a span.
SPANS = {"hour": _HOUR, "day": 24 * _HOUR, "week": 7 * 24 * _HOUR}
