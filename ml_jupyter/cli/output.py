"""Printing results: JSON for programs by default, an aligned table for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
_GAP = "  "


def options(command: Command) -> Command:
    """Add the flags that every command has: ``-w`` and ``-o``."""
    command = click.option(
        "-o",
        "--output",
        type=click.Choice(["json", "table", "tsv", "none"]),
        default="json",
        show_default=True,
        help="Form of the result.",
    )(command)
    return click.option(
        "-w", "--workspace-name", help="Workspace; default: as Workspace.from_config finds it."
    )(command)


def show(value: Any, output: str, columns: Sequence[str] = ()) -> None:
    """Print a JSON value, or a list of objects as a table of ``columns``."""
    if output == "none":
        return
    if output == "json":
        click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))
        return
    rows = value if isinstance(value, list) else [value]
    if output == "tsv":
        for row in rows:
            click.echo("\t".join(cell(row.get(name)) for name in columns or row))
        return
    _table(rows, columns or (list(rows[0]) if rows else []))


def cell(value: Any) -> str:
    """A value as the text of a table's cell."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(key if item is None else f"{key}={item}" for key, item in value.items())
    return str(value).replace("\n", " ").replace("\t", " ")


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    cells = [[cell(row.get(name)) for name in columns] for row in rows]
    heads = [name.replace("_", " ") for name in columns]
    widths = [max(len(line[i]) for line in [heads, *cells]) for i in range(len(columns))]
    for line in [heads, *cells]:
        click.echo(_GAP.join(text.ljust(width) for text, width in zip(line, widths)).rstrip())
