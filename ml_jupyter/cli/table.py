"""Tables for people: aligned, cut to the width of the terminal, states in colour."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ml_jupyter.cli.output import cell, is_coloured

#: Columns of a table whose output is no terminal: wide enough that nothing is cut.
_WIDE = 10_000
#: Keys whose text is never cut, and those that give way first.
_WHOLE = frozenset({"status", "number", "position", "name", "run_id"})
#: Of a number with a fraction; the other forms of output have all digits.
_DIGITS = ".6g"
_COLOURS = {
    "Completed": "green",
    "Failed": "red",
    "Canceled": "bright_black",
    "CancelRequested": "yellow",
    "NotResponding": "yellow",
    "Running": "blue",
    "Finalizing": "blue",
    "Starting": "blue",
    "Preparing": "cyan",
    "Provisioning": "cyan",
    "Queued": "cyan",
}


def show(value: Any, columns: Sequence[str]) -> None:
    """Print a list of objects with one line each, an object with one line a key, or a value."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE
    console = Console(
        width=width, no_color=not is_coloured(), force_terminal=is_coloured(), highlight=False,
        soft_wrap=False, emoji=False,
    )  # fmt: skip
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        _rows(console, value, columns)
    elif isinstance(value, Mapping):
        _facts(console, value, columns)
    else:
        for item in value if isinstance(value, list) else [value]:
            console.print(Text(cell(item)), overflow="ellipsis", no_wrap=True)


def _rows(console: Console, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    names = list(columns) or list(dict.fromkeys(key for row in rows for key in row))
    if not rows:
        console.print(Text("Nothing to show."))
        return
    table = Table(box=None, pad_edge=False, header_style="bold", collapse_padding=False)
    for name in names:
        numeric = all(isinstance(row.get(name), (int, float, type(None))) for row in rows)
        table.add_column(
            name.replace("_", " "),
            justify="right" if numeric else "left",
            no_wrap=True,
            overflow="ellipsis",
            min_width=None if name not in _WHOLE else max(len(cell(row.get(name))) for row in rows),
        )
    for row in rows:
        table.add_row(*(_text(row.get(name)) for name in names))
    console.print(table)


def _facts(console: Console, value: Mapping[str, Any], columns: Sequence[str]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name in [*columns, *(key for key in value if key not in columns)]:
        if value.get(name) not in (None, {}, []):
            table.add_row(name.replace("_", " "), _text(value[name]))
    console.print(table)


def _text(value: Any) -> Text:
    rounded = f"{value:{_DIGITS}}" if isinstance(value, float) else cell(value)
    shown = rounded.replace("\n", " ").replace("\t", " ")
    return Text(shown, style=_COLOURS.get(shown, ""))
