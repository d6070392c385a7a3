"""What users log, turned into what is stored: float, int, bool, None or text (surface 4.5)."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.notices import warn

_PLAIN = (float, int, bool, str, type(None))


def scalar(name: str, value: Any) -> Any:
    """One value of a metric.

    numpy scalars, 0-d arrays and torch scalars become Python ones; what is nothing of the kind is
    stored as its ``repr`` with a warning.

    Raises
    ------
    UserErrorException
        A list, tuple, range, set, dict, generator or array; the message points to ``log_list``.
    """
    if type(value) in _PLAIN:
        return value
    converted = _by_item(value)
    if type(converted) in _PLAIN:
        return converted
    if _is_many(value):
        raise UserErrorException(
            f"Metric {name!r}: log() takes one value, not {_described(value)}.",
            hint="Use log_list() for several values, log_row() for named ones.",
        )
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return _repr(name, value)


def elements(name: str, values: Any) -> List[Any]:
    """The values of ``log_list``, each as ``scalar`` gives it; a generator is consumed once.

    Raises
    ------
    UserErrorException
        Not something to iterate over, or an element is a list itself.
    """
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise UserErrorException(
            f"Metric {name!r}: log_list() takes an iterable, not {_described(values)}.",
            hint="Use log() for one value.",
        )
    if hasattr(values, "tolist") and getattr(values, "ndim", 1) == 1:
        values = values.tolist()
    return [value if type(value) in _PLAIN else scalar(name, value) for value in values]


def row(name: str, values: Mapping[str, Any]) -> Dict[str, Any]:
    """One row of named values.

    Raises
    ------
    UserErrorException
        Nothing was given, or a value is a list.
    """
    if not values:
        raise UserErrorException(f"Metric {name!r}: log_row() needs at least one named value.")
    return {str(key): scalar(f"{name}/{key}", value) for key, value in values.items()}


def table(name: str, value: Any) -> Dict[str, List[Any]]:
    """Columns of equal length, from a dict of lists or, for one row, of single values.

    Raises
    ------
    UserErrorException
        Not a dict, empty, or columns of different length.
    """
    if not isinstance(value, Mapping) or not value:
        raise UserErrorException(f"Metric {name!r}: log_table() takes a dict of column to list.")
    columns = {str(key): _column(f"{name}/{key}", item) for key, item in value.items()}
    lengths = {key: len(item) for key, item in columns.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{key}: {length}" for key, length in lengths.items())
        raise UserErrorException(f"Metric {name!r}: the columns have different lengths ({shown}).")
    return columns


def _column(name: str, value: Any) -> List[Any]:
    many = _is_many(value) and not isinstance(value, Mapping)
    return elements(name, value) if many else [scalar(name, value)]


def _by_item(value: Any) -> Any:
    """What ``.item()`` gives for numpy and torch values of one element; else the value itself."""
    item = getattr(value, "item", None)
    if not callable(item) or getattr(value, "ndim", 0) not in (0,):
        return value
    try:
        return item()
    except (TypeError, ValueError, RuntimeError):
        return value


def _is_many(value: Any) -> bool:
    if isinstance(value, (str, bytes)):
        return False
    return (
        isinstance(value, (Mapping, range))
        or hasattr(value, "__iter__")
        or hasattr(value, "__next__")
    )


def _described(value: Any) -> str:
    return f"a {type(value).__name__}"


def _repr(name: str, value: Any) -> str:
    text = repr(value)
    warn(f"Metric {name!r}: the text of a {type(value).__name__} is stored: {text[:80]}")
    return text
