"""Names that are loaded when they are first used, so that importing the package costs nothing."""

from __future__ import annotations

import importlib
from typing import Any, Callable, Dict, List, Mapping


def exports(
    namespace: Dict[str, Any], modules: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], List[str]]]:
    """``__getattr__`` and ``__dir__`` of a module that re-exports names (PEP 562).

    Parameters
    ----------
    namespace : dict
        ``globals()`` of the module.
    modules : mapping of str to str
        Name to the module that defines it.
    """

    def load(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {namespace['__name__']!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(modules[name]), name)
        namespace[name] = value
        return value

    def names() -> List[str]:
        return sorted({*namespace, *modules})

    return load, names


class Module:
    """A module that is imported when one of its names is first used.

    Parameters
    ----------
    name : str
        Full name of the module.
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(importlib.import_module(self._name), attribute)
