"""Sizes, durations and lists in words, as sentences about the queue need them."""

from __future__ import annotations

from typing import Sequence

_UNITS = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
_TIMES = ((86400, "d"), (3600, "h"), (60, "min"))


def size(count: int) -> str:
    """Bytes with a decimal unit: ``18.2 GB``."""
    for unit, name in _UNITS:
        if count >= unit:
            text = f"{count / unit:.1f}"
            return f"{text[:-2] if text.endswith('.0') else text} {name}"
    return f"{count} bytes"


def duration(seconds: float) -> str:
    """The largest unit only, so that the sentence does not change all the time: ``3 h``."""
    for unit, name in _TIMES:
        if seconds >= unit:
            return f"{int(seconds // unit)} {name}"
    return "less than 1 min"


def listed(names: Sequence[str], most: int = 3) -> str:
    """``a, b and c``; of more than ``most`` the rest is counted."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
