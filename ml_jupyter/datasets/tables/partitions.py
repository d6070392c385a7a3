"""``partition_format``: columns whose values stand in the paths of files."""

from __future__ import annotations

import datetime
import re
from typing import Any, Dict, List

from ml_jupyter.exceptions import DataMismatch, UserErrorException

#: Parts of a time in a path, as the Azure ML SDK writes them, and how many digits each has.
_TIMES = {"yyyy": "year", "MM": "month", "dd": "day", "HH": "hour", "mm": "minute", "ss": "second"}
_PART = re.compile(r"\{([^{}:]+)(?::([^{}]+))?\}|\*|[^{}*]+")
_TIME = re.compile("|".join(_TIMES))


class PartitionFormat:
    """A pattern such as ``/{country}/{day:yyyy/MM/dd}/data.csv``; it ends where the path ends.

    Parameters
    ----------
    text : str
        ``{name}`` stands for a text without ``/``, ``{name:yyyy/MM/dd/HH/mm/ss}`` for a time (any
        of its parts, year first), ``*`` for anything without ``/``.

    Raises
    ------
    UserErrorException
        It names no column, one twice, or a time without a year.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._times: Dict[str, List[str]] = {}
        self.columns: List[str] = []
        plain = str(text).lstrip("/")
        found = list(_PART.finditer(plain))
        if "".join(item.group() for item in found) != plain:
            raise UserErrorException(f"partition_format: the brackets of {text!r} do not match.")
        pattern = "".join(self._part(item) for item in found)
        if not self.columns:
            raise UserErrorException(
                f"partition_format: {text!r} names no column, as in '/{{country}}/data.csv'."
            )
        self._pattern = re.compile(rf"(?:^|/){pattern}\Z")

    def values(self, path: str) -> Dict[str, Any]:
        """The columns' values in a path.

        Raises
        ------
        DataMismatch
            The path is not of this form; names both.
        """
        found = self._pattern.search(path)
        if found is None:
            raise DataMismatch(f"{path} is not of the partition_format {self.text!r}.")
        values: Dict[str, Any] = {}
        for number, name in enumerate(self.columns):
            if name in self._times:
                values[name] = self._time(name, number, found, path)
            else:
                values[name] = found.group(f"c{number}")
        return values

    def _part(self, item: Any) -> str:
        if item.group() == "*":
            return "[^/]*"
        name, time = item.group(1), item.group(2)
        if name is None:
            return re.escape(str(item.group()))
        if name in self.columns:
            raise UserErrorException(f"partition_format: the column {name!r} is named twice.")
        number = len(self.columns)
        self.columns.append(name)
        if time is None:
            return rf"(?P<c{number}>[^/]+)"
        return self._time_pattern(name, number, time)

    def _time_pattern(self, name: str, number: int, time: str) -> str:
        parts = _TIME.findall(time)
        if "yyyy" not in parts:
            raise UserErrorException(
                f"partition_format: the time {name!r} has no year; write {{{name}:yyyy/MM/dd}}."
            )
        self._times[name] = parts
        pattern, end = "", 0
        for at, found in enumerate(_TIME.finditer(time)):
            pattern += re.escape(time[end : found.start()])
            pattern += rf"(?P<c{number}_{at}>\d{{{len(found.group())}}})"
            end = found.end()
        return pattern + re.escape(time[end:])

    def _time(self, name: str, number: int, found: Any, path: str) -> datetime.datetime:
        parts = {"month": 1, "day": 1}
        for at, part in enumerate(self._times[name]):
            parts[_TIMES[part]] = int(found.group(f"c{number}_{at}"))
        try:
            return datetime.datetime(**parts)  # type: ignore[arg-type]
        except ValueError as error:
            raise DataMismatch(f"{path}: {name!r} is no time: {error}.") from error
