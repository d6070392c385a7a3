"""A group of plain settings with the camel-case form that ``.runconfig`` files use."""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping, TypeVar

Kind = TypeVar("Kind", bound="Section")


class Section:
    """Settings as plain attributes; equal when all of them are equal."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        values = ", ".join(f"{key}={value!r}" for key, value in vars(self).items())
        return f"{type(self).__name__}({values})"

    def to_dict(self) -> Dict[str, Any]:
        """The settings under their camel-case names."""
        return {camel(key): plain(value) for key, value in vars(self).items()}

    def update(self, values: Mapping[str, Any]) -> None:
        """Take settings over from camel-case names; unknown ones are kept as they are."""
        for key, value in values.items():
            name = snake(key)
            present = getattr(self, name, None)
            if isinstance(present, Section) and isinstance(value, Mapping):
                present.update(value)
            else:
                setattr(self, name, value)


def plain(value: Any) -> Any:
    """A setting as JSON: sections become mappings."""
    if isinstance(value, Section):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def camel(name: str) -> str:
    """``node_count`` as ``nodeCount``."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def snake(name: str) -> str:
    """``nodeCount`` as ``node_count``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
