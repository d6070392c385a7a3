"""A cell's code as a script whose lines keep their numbers, and what it needs from outside."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ml_jupyter.exceptions import UserErrorException

#: Module that holds what a cell takes along; lies beside the script.
CONTEXT = "notebook_context"
_BUILTINS = frozenset(dir(builtins)) | {"__file__", "__name__", "__doc__"}


class Cell(NamedTuple):
    """What was found in a cell's code.

    Parameters
    ----------
    magic : str
        Its first line, ``%%submit …``.
    lines : list of str
        What stands below, future statements blanked out.
    futures : list of str
        Their features.
    needed : frozenset of str
        Names that the code reads and does not set, builtins left out.
    """

    magic: str
    lines: list[str]
    futures: list[str]
    needed: frozenset[str]

    def script(self, names: Iterable[str]) -> str:
        """The script: its line *n* is line *n* of the cell, line 1 imports these names."""
        shared = ", ".join(sorted(names))
        head = f"from __future__ import {', '.join(self.futures)}; " if self.futures else ""
        head += f"from {CONTEXT} import {shared}  " if shared else ""
        return "\n".join([f"{head}# {self.magic}", *self.lines]) + "\n"


def read(magic: str, code: str, transform: Callable[[str], str]) -> Cell:
    """Look through a cell.

    Parameters
    ----------
    magic : str
        The first line, ``%%submit …``.
    code : str
        What stands below it.
    transform : callable
        Gives the plain Python of code with a notebook's own syntax in it.

    Raises
    ------
    UserErrorException
        The cell is empty, is no Python, or holds what only a notebook can run; names the line.
    """
    if not code.strip():
        raise UserErrorException("The cell is empty.", hint="Write the job's code below %%submit.")
    tree = _parsed(code, transform)
    return Cell(magic, *_without_futures(code, tree), needed_by(code))


def needed_by(code: str) -> frozenset[str]:
    r"""Names that code reads from its surroundings.

    Examples
    --------
    >>> sorted(needed_by("model = Net(width)\nfor x in data: print(model(x))"))
    ['Net', 'data', 'width']
    """
    top = symtable.symtable(code, "<cell>", "exec")
    set_here = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    set_here |= {s.get_name() for s in top.get_symbols() if s.is_namespace()}
    return frozenset(_read_globals(top)) - set_here - _BUILTINS


def _read_globals(table: symtable.SymbolTable) -> set[str]:
    outer = table.get_type() == "module"
    found = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (outer or symbol.is_global())
    }
    for child in table.get_children():
        found |= _read_globals(child)
    return found


def _parsed(code: str, transform: Callable[[str], str]) -> ast.Module:
    try:
        return ast.parse(code)
    except SyntaxError as error:
        line = (error.lineno or 1) + 1
        text = code.splitlines()[line - 2].strip() if line - 2 < len(code.splitlines()) else ""
        try:
            ast.parse(transform(code))
        except SyntaxError:
            message = f"Line {line} of the cell is no Python ({error.msg}): {text}"
            raise UserErrorException(message) from error
        raise UserErrorException(
            f"Line {line} of the cell is something that only a notebook can run: {text}",
            hint="Move it to a cell of its own.",
        ) from error


def _without_futures(code: str, tree: ast.Module) -> tuple[list[str], list[str]]:
    lines = code.splitlines()
    futures: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            futures += [alias.name for alias in node.names]
            for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                lines[number - 1] = ""
    return lines, futures
