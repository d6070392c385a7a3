"""Reading a tree value by value: each asks for what it expects and reports what it finds."""

from __future__ import annotations

import math
from difflib import get_close_matches
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence

from ml_jupyter.jobfile.document import Entry
from ml_jupyter.jobfile.findings import Place, Report


class Cursor:
    """A value of the tree, its dotted key, and the report that findings go to."""

    def __init__(self, entry: Entry, key: str, report: Report) -> None:
        self._entry = entry
        self.key = key
        self.report = report

    @property
    def place(self) -> Place:
        """Where the value stands."""
        return self._entry.place

    @property
    def is_map(self) -> bool:
        """Whether it is a map."""
        return isinstance(self._entry.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self._entry.value, list)

    @property
    def is_empty(self) -> bool:
        """Whether the key stands there without a value."""
        return self._entry.value is None

    @property
    def plain(self) -> Any:
        """The value with everything below it, without places."""
        return self._entry.plain()

    # -- maps

    def get(self, name: str) -> Optional[Cursor]:
        """The value of a key; None when it is absent, or there without a value."""
        found = self.member(name)
        return None if found is None or found.is_empty else found

    def member(self, name: str) -> Optional[Cursor]:
        """As ``get``, but a key without a value counts."""
        if not isinstance(self._entry.value, dict):
            return None
        entry = self._entry.value.get(name)
        return None if entry is None else Cursor(entry, self._below(name), self.report)

    def members(self) -> Dict[str, Cursor]:
        """All values of a map, those without a value too; an error when it is no map."""
        if not isinstance(self._entry.value, dict):
            self.error(f"{self._what()} is not a map", "one key and value in each line")
            return {}
        found = self._entry.value
        return {name: Cursor(found[name], self._below(name), self.report) for name in found}

    def expect_keys(self, known: Iterable[str], *, only_warn: bool = False) -> None:
        """Report every key that is not known, with the nearest known one."""
        names = list(known)
        for name, cursor in self.members().items():
            if name in names:
                continue
            near = get_close_matches(name, names, 1, 0.6)
            right = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(names))}"
            place = self._entry.keys.get(name, cursor.place)
            tell = self.report.warn if only_warn else self.report.error
            tell(place, cursor.key, "no such key", right)

    def items(self) -> List[Cursor]:
        """The elements of a list; an error when it is none."""
        if not isinstance(self._entry.value, list):
            self.error(f"{self._what()} is not a list", "each element in a line after '- '")
            return []
        return [
            Cursor(item, f"{self.key}[{i}]", self.report)
            for i, item in enumerate(self._entry.value)
        ]

    # -- scalars

    def text(self) -> Optional[str]:
        """A text."""
        if isinstance(self._entry.value, str):
            return self._entry.value
        if self._is_scalar():
            return self._entry.raw
        self.error(f"{self._what()} is not a text")
        return None

    def scalar_text(self) -> Optional[str]:
        """Any scalar as the text that it was written as; true and false in small letters."""
        if isinstance(self._entry.value, bool):
            return str(self._entry.value).lower()
        return self.text()

    def literal(self) -> Any:
        """A text, number or truth value as it is."""
        if self._is_scalar():
            return self._entry.value
        self.error(f"{self._what()} is not a single value")
        return None

    def integer(self, least: int, most: Optional[int] = None) -> Optional[int]:
        """A whole number within bounds."""
        value = self._entry.value
        right = f"a whole number, at least {least}" + (f", at most {most}" if most else "")
        if isinstance(value, bool) or not isinstance(value, int):
            self.error(f"{self._shown()} is not a whole number", right)
        elif value < least or (most is not None and value > most):
            self.error(f"{value} is out of range", right)
        else:
            return value
        return None

    def number(self) -> Optional[float]:
        """A finite number; also one that YAML reads as text, such as 1e-3."""
        value = self._entry.value
        if isinstance(value, (int, float, str)) and not isinstance(value, bool):
            try:
                found = value if isinstance(value, int) else float(value)
                if math.isfinite(found):
                    return found
            except (ValueError, OverflowError):  # no number, or one beyond all floats
                pass
        self.error(f"{self._shown()} is not a number")
        return None

    def above(self, least: float) -> Optional[float]:
        """A number greater than ``least``."""
        value = self.number()
        if value is not None and not value > least:
            self.error(f"{self._shown()} is out of range", f"above {least:g}")
            return None
        return value

    def truth(self) -> Optional[bool]:
        """True or false."""
        if isinstance(self._entry.value, bool):
            return self._entry.value
        self.error(f"{self._shown()} is not true or false")
        return None

    def choice(self, values: Sequence[str]) -> Optional[str]:
        """One of ``values``, whatever its case; blanks around it do not count."""
        text = self.text()
        if text is None:
            return None
        for value in values:
            if text.strip().lower() == value.lower():
                return value
        near = get_close_matches(text.strip().lower(), [item.lower() for item in values], 1, 0.6)
        hint = f"; did you mean {near[0]}?" if near else ""
        self.error(f"{text!r} is not known", f"one of {', '.join(values)}{hint}")
        return None

    # -- findings

    def error(self, message: str, right: Optional[str] = None) -> None:
        """Report an error here."""
        self.report.error(self.place, self.key, message, right)

    def warn(self, message: str, right: Optional[str] = None) -> None:
        """Report a warning here."""
        self.report.warn(self.place, self.key, message, right)

    def _below(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key else name

    def _is_scalar(self) -> bool:
        value = self._entry.value
        return value is not None and not isinstance(value, (dict, list))

    def _shown(self) -> str:
        return repr(self._entry.raw) if self._is_scalar() else self._what()

    def _what(self) -> str:
        if self._entry.value is None:
            return "nothing"
        if self.is_map:
            return "a map"
        return "a list" if self.is_list else repr(self._entry.raw)


def optional(cursor: Optional[Cursor], read: Callable[[Cursor], Any], default: Any = None) -> Any:
    """What ``read`` makes of a value that is there; ``default`` otherwise."""
    if cursor is None:
        return default
    value = read(cursor)
    return default if value is None else value


def one_of(cursors: Sequence[Optional[Cursor]]) -> Optional[Cursor]:
    """The one spelling that is used; an error when the same thing is said twice."""
    found = [cursor for cursor in cursors if cursor is not None]
    for other in found[1:]:
        other.error(f"says the same as {found[0].key}", "give only one of them")
    return found[0] if found else None
