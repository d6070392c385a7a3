"""Conditions on columns, as they are stored with a dataset and tried on rows or on frames."""

from __future__ import annotations

import datetime
import operator
from typing import Any, Callable, Dict, List, Mapping, Sequence

from ml_jupyter.exceptions import DataMismatch, UserErrorException

_COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TEXT = ("startswith", "endswith", "contains")
_Column = Callable[[str], Any]


class Expression:
    """A column, or a condition on columns: ``(ds["age"] > 30) & ~ds["name"].is_null()``.

    Parameters
    ----------
    form : list
        As it is stored: ``["column", name]``, ``["value", v]``, or an operator and its operands.
    """

    __hash__ = None  # type: ignore[assignment]  # == makes a condition

    def __init__(self, form: Sequence[Any]) -> None:
        self.form: List[Any] = list(form)

    def __repr__(self) -> str:
        return f"Expression({_said(self.form)})"

    def __bool__(self) -> bool:
        raise UserErrorException(
            "A condition on a column has no truth of its own.",
            hint="Join conditions by & and |, negate by ~, each in brackets.",
        )

    def __eq__(self, other: object) -> Expression:  # type: ignore[override]
        return self._with("==", other)

    def __ne__(self, other: object) -> Expression:  # type: ignore[override]
        return self._with("!=", other)

    def __lt__(self, other: Any) -> Expression:
        return self._with("<", other)

    def __le__(self, other: Any) -> Expression:
        return self._with("<=", other)

    def __gt__(self, other: Any) -> Expression:
        return self._with(">", other)

    def __ge__(self, other: Any) -> Expression:
        return self._with(">=", other)

    def __and__(self, other: Any) -> Expression:
        return self._with("and", other)

    def __or__(self, other: Any) -> Expression:
        return self._with("or", other)

    def __invert__(self) -> Expression:
        return Expression(["not", self.form])

    def is_null(self) -> Expression:
        """Where there is no value."""
        return Expression(["null", self.form])

    def isin(self, values: Sequence[Any]) -> Expression:
        """Where the value is one of these."""
        return Expression(["in", self.form, [_stored(item) for item in values]])

    def startswith(self, text: str) -> Expression:
        """Where a text begins so."""
        return self._with("startswith", str(text))

    def endswith(self, text: str) -> Expression:
        """Where a text ends so."""
        return self._with("endswith", str(text))

    def contains(self, text: str) -> Expression:
        """Where a text has this in it; no pattern."""
        return self._with("contains", str(text))

    def _with(self, name: str, other: Any) -> Expression:
        form = other.form if isinstance(other, Expression) else ["value", _stored(other)]
        return Expression([name, self.form, form])


def column(name: Any) -> Expression:
    """The column of this name, as a part of conditions."""
    if not isinstance(name, str) or not name:
        raise UserErrorException(f"A column is named by a text, not {name!r}.")
    return Expression(["column", name])


def condition(value: Any) -> List[Any]:
    """The stored form of a condition.

    Raises
    ------
    UserErrorException
        It is none.
    """
    if not isinstance(value, Expression) or value.form[0] in ("column", "value"):
        raise UserErrorException(
            f"expression: {value!r} is no condition.", hint='Write one as dataset["column"] > 3.'
        )
    return value.form


def columns_of(form: Sequence[Any]) -> List[str]:
    """Names of the columns in a stored condition."""
    if form[0] == "column":
        return [str(form[1])]
    if form[0] == "value":
        return []
    parts = form[1:2] if form[0] == "in" else form[1:]
    return [name for part in parts for name in columns_of(part)]


def evaluate(form: Sequence[Any], get: _Column) -> Any:
    """What a stored condition says of a row or of a frame.

    Parameters
    ----------
    form : sequence
        The condition.
    get : callable
        A column's value by its name: a single one, or a pandas series.

    Raises
    ------
    DataMismatch
        Values cannot be compared, such as a text with a number.
    """
    try:
        return _evaluated(form, get)
    except (TypeError, AttributeError) as error:
        raise DataMismatch(f"The filter {_said(form)} cannot be tried: {error}.") from error


def _evaluated(form: Sequence[Any], get: _Column) -> Any:
    name, first = form[0], form[1]
    if name == "column":
        return get(str(first))
    if name == "value":
        return _loaded(first)
    left = _evaluated(first, get)
    if name == "not":
        return (not left) if isinstance(left, bool) else ~left
    if name == "null":
        return left.isna() if hasattr(left, "isna") else left is None
    if name == "in":
        values = [_loaded(item) for item in form[2]]
        return left.isin(values) if hasattr(left, "isin") else left in values
    right = _evaluated(form[2], get)
    if name in _TEXT:
        return _on_text(name, left, right)
    if name in ("and", "or"):
        return left & right if name == "and" else left | right
    return _COMPARED[name](left, right)


def _on_text(name: str, left: Any, right: str) -> Any:
    if hasattr(left, "str"):
        extra: Dict[str, Any] = {"regex": False} if name == "contains" else {}
        return getattr(left.str, name)(right, na=False, **extra)
    return right in left if name == "contains" else getattr(left, name)(right)


def _stored(value: Any) -> Any:
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):  # a number of numpy
        value = value.item()
    if isinstance(value, (datetime.datetime, datetime.date)):
        return {"time": value.isoformat()}
    if value is not None and not isinstance(value, (bool, int, float, str)):
        raise UserErrorException(
            f"{value!r} cannot be compared with a column: give a number, a text or a time."
        )
    return value


def _loaded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return datetime.datetime.fromisoformat(str(value["time"]))
    return value


def _said(form: Sequence[Any]) -> str:
    name = form[0]
    if name in ("column", "value"):
        return str(form[1]) if name == "column" else repr(_loaded(form[1]))
    if name in ("not", "null"):
        return f"{name}({_said(form[1])})"
    right = repr(form[2]) if name == "in" else _said(form[2])
    return f"({_said(form[1])} {name} {right})"
