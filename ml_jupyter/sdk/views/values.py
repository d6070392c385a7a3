"""Values as JSON can carry them: non-finite floats as text, times in milliseconds."""

from __future__ import annotations

import math
from typing import Any, List, Mapping, Optional, Sequence

#: Integers beyond this are sent as floats: a browser would round them silently anyway.
_EXACT_INTEGER = 2**53


def safe(value: Any) -> Any:
    """``value`` with every NaN and infinity as text: ``"NaN"``, ``"Infinity"``, ``"-Infinity"``.

    Mappings and sequences are copied; keys become text; what JSON does not know becomes its
    ``str``.
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else name_of(value)
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _EXACT_INTEGER else safe(_as_float(value))
    if isinstance(value, Mapping):
        return {str(key): safe(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [safe(item) for item in value]
    return str(value)


def safe_numbers(values: Sequence[Any]) -> List[Any]:
    """As ``safe`` for a long list of numbers; what is no number becomes None."""
    return [safe(item) if isinstance(item, (int, float)) else None for item in values]


def name_of(value: float) -> str:
    """The text that stands for a float which is not finite."""
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def ms(ns: Optional[int]) -> Optional[float]:
    """Nanoseconds as milliseconds; None stays None."""
    return None if ns is None else ns / 1_000_000


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
