"""Numbers as people read them: three digits, a unit after a space."""

from __future__ import annotations

from typing import Sequence

_SIZES = ("B", "kB", "MB", "GB", "TB", "PB")


def size(count: float) -> str:
    """Bytes in decimal units: ``18.2 GB``, ``512 MB``.

    Examples
    --------
    >>> size(18_200_000_000)
    '18.2 GB'
    """
    value, unit = float(count), 0
    while value >= 999.5 and unit < len(_SIZES) - 1:
        value, unit = value / 1000, unit + 1
    digits = 0 if unit == 0 or value >= 99.95 else 1
    return f"{value:.{digits}f} {_SIZES[unit]}"


def duration(seconds: float) -> str:
    """Two units at most: ``38 s``, ``12 min``, ``1 h 24 min``, ``2 d 3 h``."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, hours, days = whole // 60, whole // 3600, whole // 86_400
    if minutes < 60:
        rest = whole % 60
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    if hours < 24:
        rest = minutes % 60
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    rest = hours % 24
    return f"{days} d {rest} h" if rest else f"{days} d"


def rounded(seconds: float) -> str:
    """The largest unit only, for what is shown while it goes on: ``3 h``."""
    for length, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{int(seconds)} s"


def plural(count: int, one: str, many: str = "") -> str:
    """``1 core``, ``2 cores``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(items: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def shorten(text: str, most: int) -> str:
    """``text`` with its middle left out, when it is longer than ``most`` characters."""
    if len(text) <= most:
        return text
    head = (most - 1) // 2
    return f"{text[:head]}…{text[-(most - 1 - head) :]}"
