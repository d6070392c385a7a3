"""Types of columns: asked for by name, or found in the values."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ml_jupyter.exceptions import DataMismatch, UserErrorException

BOOL, TIME, FLOAT, LONG, TEXT = "bool", "datetime", "float", "long", "string"
EMPTY = "empty"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]|\Z)")
_LOOKED_AT = 200


class DataType:
    """A column's type, for ``set_column_types={"name": DataType.to_string()}``."""

    def __init__(self, kind: str, **options: Any) -> None:
        self._value = {"kind": kind, **{k: v for k, v in options.items() if v is not None}}

    def __repr__(self) -> str:
        return f"DataType({self._value['kind']})"

    @staticmethod
    def to_bool(
        true_values: Optional[Sequence[str]] = None,
        false_values: Optional[Sequence[str]] = None,
        mismatch_as: Optional[str] = None,
    ) -> DataType:
        """True and false.

        Parameters
        ----------
        true_values, false_values : sequence of str, optional
            How they are written; default: ``true``, ``yes``, ``1`` and their opposites.
        mismatch_as : str, optional
            ``true`` or ``false``: what anything else is; default: an error.
        """
        if mismatch_as not in (None, "true", "false", "error"):
            raise UserErrorException(
                f"mismatch_as is {mismatch_as!r}; it must be 'true', 'false' or 'error'."
            )
        lists = {"true": true_values, "false": false_values}
        given = {key: [str(item) for item in value] for key, value in lists.items() if value}
        return DataType(BOOL, mismatch=mismatch_as, **given)

    @staticmethod
    def to_datetime(formats: Any = None) -> DataType:
        """A time; ``formats``: one or several of ``strptime``, default: ISO 8601."""
        texts = [formats] if isinstance(formats, str) else list(formats or ())
        return DataType(TIME, formats=texts or None)

    @staticmethod
    def to_float(decimal_mark: str = ".") -> DataType:
        """A number; ``decimal_mark`` is ``.`` or ``,``."""
        if decimal_mark not in (".", ","):
            raise UserErrorException(f"decimal_mark must be '.' or ',', not {decimal_mark!r}.")
        return DataType(FLOAT, mark=decimal_mark)

    @staticmethod
    def to_long() -> DataType:
        """A whole number of 64 bits."""
        return DataType(LONG)

    @staticmethod
    def to_string() -> DataType:
        """A text, as it stands in the file."""
        return DataType(TEXT)

    def to_json(self) -> Dict[str, Any]:
        """As it is stored with a dataset."""
        return dict(self._value)


def kind_of(values: Any) -> str:
    """What a series holds: one of the types above, ``empty``, or the name of another dtype."""
    import pandas as pd

    kinds = pd.api.types
    if values.isna().all():
        return EMPTY
    if kinds.is_bool_dtype(values.dtype):
        return BOOL
    if kinds.is_integer_dtype(values.dtype):
        return LONG
    if kinds.is_float_dtype(values.dtype):
        return FLOAT
    if kinds.is_datetime64_any_dtype(values.dtype):
        return TIME
    if kinds.is_object_dtype(values.dtype):
        return BOOL if kinds.infer_dtype(values, skipna=True) == "boolean" else TEXT
    return TEXT if kinds.is_string_dtype(values.dtype) else str(values.dtype)


def joined(first: str, second: str) -> str:
    """The type that can hold both."""
    if first == second or second == EMPTY:
        return first
    if first == EMPTY:
        return second
    return FLOAT if {first, second} == {LONG, FLOAT} else TEXT


def with_times(values: Any) -> Any:
    """Times in the place of texts, where all are times in ISO 8601; otherwise the same series."""
    import pandas as pd

    there = values.dropna()
    if there.empty or not all(isinstance(v, str) and _DAY.match(v) for v in there[:_LOOKED_AT]):
        return values
    try:
        return pd.to_datetime(values, format="ISO8601")
    except (ValueError, OverflowError):
        return values


def converted(values: Any, wanted: Mapping[str, Any], name: str, *, fail: bool) -> Any:
    """A series as the type that is asked for; what is not of it is null, or an error.

    Raises
    ------
    DataMismatch
        ``fail`` is True and a value is not of the type; names column and value.
    """
    made = _CONVERT[str(wanted["kind"])](values, wanted)
    if fail:
        lost: List[Any] = list(values[made.isna() & values.notna()][:1])
        if lost:
            raise DataMismatch(f"Column {name!r}: {lost[0]!r} is no {wanted['kind']}.")
    return made


def _to_text(values: Any, _: Mapping[str, Any]) -> Any:
    if kind_of(values) == TEXT:
        return values
    return values.astype(object).where(values.isna(), values.astype(str))


def _to_float(values: Any, wanted: Mapping[str, Any]) -> Any:
    import pandas as pd

    if wanted.get("mark") == "," and kind_of(values) == TEXT:
        values = values.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    return pd.to_numeric(values, errors="coerce").astype("float64")


def _to_long(values: Any, _: Mapping[str, Any]) -> Any:
    import pandas as pd

    numbers = pd.to_numeric(values, errors="coerce")
    if not pd.api.types.is_integer_dtype(numbers.dtype):
        numbers = numbers.where(numbers % 1 == 0)  # also leaves out what is endless
    return numbers.astype("Int64") if numbers.isna().any() else numbers.astype("int64")


def _to_bool(values: Any, wanted: Mapping[str, Any]) -> Any:
    if kind_of(values) == BOOL:
        return values
    true = [item.lower() for item in wanted.get("true", ("true", "yes", "1", "t", "y"))]
    false = [item.lower() for item in wanted.get("false", ("false", "no", "0", "f", "n"))]
    known = {**dict.fromkeys(true, True), **dict.fromkeys(false, False)}
    made = values.map(lambda item: known.get(str(item).strip().lower()), na_action="ignore")
    rest = {"true": True, "false": False}.get(str(wanted.get("mismatch")))
    if rest is not None:
        made = made.astype(object).where(made.notna() | values.isna(), rest)
    return made.astype("boolean") if made.isna().any() else made.astype(bool)


def _to_time(values: Any, wanted: Mapping[str, Any]) -> Any:
    import pandas as pd

    made = None
    for form in wanted.get("formats") or ["ISO8601"]:
        tried = pd.to_datetime(values, format=form, errors="coerce")
        made = tried if made is None else made.where(made.notna(), tried)
    return made


_CONVERT = {BOOL: _to_bool, TIME: _to_time, FLOAT: _to_float, LONG: _to_long, TEXT: _to_text}
