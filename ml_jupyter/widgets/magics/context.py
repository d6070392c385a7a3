"""What a cell takes along from its notebook: imports, functions, classes and chosen variables."""

from __future__ import annotations

import ast
import inspect
import io
import pickle
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import FunctionType, ModuleType
from typing import Any

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.widgets.magics.cell import CONTEXT, needed_by

VARIABLES_FILE = f"{CONTEXT}.pickle"
_PROTOCOL = 4
MOST_BYTES = 256 * 1024 * 1024

_HEAD = '''"""What the notebook passed to this cell; written by %%submit."""

import pickle as _pickle
from pathlib import Path as _Path


class _Reader(_pickle.Unpickler):
    """Finds the notebook's own classes here."""

    def find_class(self, module, name):
        if module == "__main__":
            return globals()[name]
        return super().find_class(module, name)
'''
_LOAD = f"""
with (_Path(__file__).parent / {VARIABLES_FILE!r}).open("rb") as _file:
    globals().update(_Reader(_file).load())
"""


class Context:
    """Gathers what names of a notebook mean, until nothing is missing.

    Parameters
    ----------
    namespace : mapping
        The notebook's variables.
    variables : iterable of str
        Those that the user chose to pass.

    Raises
    ------
    UserErrorException
        A chosen variable does not exist.
    """

    def __init__(self, namespace: Mapping[str, Any], variables: Iterable[str] = ()) -> None:
        self._namespace = namespace
        self.imports: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self.variables: dict[str, Any] = {}
        self.unpassed: list[str] = []
        for name in variables:
            if name not in namespace:
                raise UserErrorException(f"--vars names {name!r}, which the notebook does not set.")
            self._take_chosen(name, namespace[name])

    def need(self, names: Iterable[str]) -> None:
        """Take along what these names mean; a plain variable goes to ``unpassed``."""
        for name in sorted(names):
            known = name in self.imports or name in self.sources or name in self.variables
            if not known and name in self._namespace:
                self._take(name, self._namespace[name])

    def give_run(self) -> None:
        """Let the name ``run`` mean the job's own run."""
        self.sources["run"] = "\n\nfrom ml_jupyter import Run as _Run\n\nrun = _Run.get_context()\n"

    @property
    def names(self) -> set[str]:
        """All names that were taken along."""
        return {*self.imports, *self.sources, *self.variables}

    def module(self) -> str:
        """Text of the module that gives all of it to the script."""
        parts = [_HEAD, *self.imports.values(), *self.sources.values()]
        if self.variables:
            parts.append(_LOAD)
        return "\n".join([*parts, ""])

    def pickled(self) -> bytes | None:
        """The chosen variables; None without one.

        Raises
        ------
        UserErrorException
            One cannot be pickled, or all are larger than 256 MiB together.
        """
        if not self.variables:
            return None
        for name, value in self.variables.items():
            _check(name, value)
        data = _dumped(self.variables)
        if len(data) > MOST_BYTES:
            raise UserErrorException(
                f"The variables of --vars take {len(data) / 2**20:.0f} MiB; at most 256 MiB go.",
                hint="Write the data to a file and read it in the cell.",
            )
        return data

    def _take_chosen(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType) or _is_written_here(value):
            self._take(name, value)
            return
        self.variables[name] = value
        if _is_written_here(type(value)):
            self.need([type(value).__name__])

    def _take(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType):
            self.imports[name] = _import_module(name, value)
        elif _is_written_here(value):
            self._take_source(name, value)
        elif (line := _import_of(name, value)) is not None:
            self.imports[name] = line
        elif not name.startswith("_") and name not in ("In", "Out", "get_ipython", "exit", "quit"):
            self.unpassed.append(name)

    def _take_source(self, name: str, value: Any) -> None:
        text = definition(value, self._namespace.get("In") or ())
        self.sources[name] = ""  # seen: it may call itself
        self.need(needed_by(text))
        del self.sources[name]
        alias = "" if value.__name__ == name else f"{name} = {value.__name__}\n"
        self.sources[name] = f"\n\n{text}{alias}"


def definition(value: Any, cells: Sequence[str]) -> str:
    """The code that defined a function or class of the notebook.

    Parameters
    ----------
    value : function or class
        What is looked for.
    cells : sequence of str
        The cells that were executed, oldest first: Python knows no file of a notebook's classes.

    Raises
    ------
    UserErrorException
        No code is known.
    """
    if isinstance(value, FunctionType):
        with suppress(OSError, TypeError):
            text = textwrap.dedent(inspect.getsource(value))
            if text.startswith(("def ", "async def ", "@")):
                return text
    for cell in reversed(cells):
        found = _defined_in(cell, value.__name__)
        if found is not None:
            return found
    raise UserErrorException(
        f"The cell uses {value.__name__!r}, whose source is not known.",
        hint="Define it with def or class in a cell, or in a module beside the notebook.",
    )


def _defined_in(cell: str, name: str) -> str | None:
    try:
        body = ast.parse(cell).body
    except SyntaxError:
        return None
    for node in body:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        if isinstance(node, kinds) and node.name == name:
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            return "\n".join(cell.splitlines()[first - 1 : node.end_lineno]) + "\n"
    return None


def _is_written_here(value: Any) -> bool:
    """A function or class of a cell."""
    kinds = (FunctionType, type)
    return isinstance(value, kinds) and getattr(value, "__module__", None) == "__main__"


def _import_module(name: str, value: ModuleType) -> str:
    full = value.__name__
    return f"import {full}" if full == name else f"import {full} as {name}"


def _import_of(name: str, value: Any) -> str | None:
    """The import of a function, class or named object; None for what is none."""
    module, inner = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if not isinstance(module, str) or not isinstance(inner, str) or module == "__main__":
        return None
    if getattr(sys.modules.get(module), inner, None) is not value:
        return None
    return f"from {module} import {inner}" + ("" if inner == name else f" as {name}")


def _check(name: str, value: Any) -> None:
    try:
        _dumped(value)
    except Exception as error:  # whatever the value's own pickling raises
        raise UserErrorException(
            f"The variable {name!r} ({type(value).__name__}) cannot be passed to a job: {error}",
            hint="Make it in the cell instead, or pass what it is made from.",
        ) from error


def _dumped(value: Any) -> bytes:
    data = io.BytesIO()
    pickle.Pickler(data, _PROTOCOL).dump(value)
    return data.getvalue()
