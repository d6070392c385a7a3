"""Numbers, durations and states in words, as the views write them."""

from __future__ import annotations

import math
from typing import Any

_WORDS = {
    "NotStarted": "Queued",
    "Queued": "Queued",
    "Preparing": "Preparing",
    "Provisioning": "Preparing",
    "Starting": "Preparing",
    "CancelRequested": "Stopping",
    "NotResponding": "Not responding",
}
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def state_word(status: str) -> str:
    """The word that the views write for a state."""
    return _WORDS.get(status, status)


def number(value: Any) -> str:
    """A number with four significant digits, thousands separated; other values as text.

    Examples
    --------
    >>> number(0.96341), number(41216), number(9.66e-05), number("NaN")
    ('0.9634', '41,216', '9.66e-05', 'NaN')
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if 1e-4 <= abs(value) < 1e6:
        digits = max(0, 3 - math.floor(math.log10(abs(value))))
        return f"{value:,.{digits}f}"
    return f"{value:.4g}"


def duration(seconds: float) -> str:
    """A duration in two units at most.

    Examples
    --------
    >>> duration(38), duration(5040), duration(0.4)
    ('38 s', '1 h 24 min', '0.4 s')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    rest = int(seconds)
    for index, (unit, size) in enumerate(_UNITS):
        if rest >= size:
            first, rest = divmod(rest, size)
            if index + 1 < len(_UNITS) and size > 60:
                second, length = _UNITS[index + 1]
                if rest // length:
                    return f"{first} {unit} {rest // length} {second}"
            return f"{first} {unit}"
    return "0 s"
