"""How commands print: JSON for programs by default, a table for people, JMESPath on all of it.

A command returns its result; ``prints`` gives it the common flags and prints what it returns.
Results go to standard output and nothing else does.
"""

from __future__ import annotations

import functools
import inspect
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import click

from ml_jupyter.cli import defaults

Command = TypeVar("Command", bound=Callable[..., Any])
#: Options of Azure's command line that every command takes and that have no effect here.
_ACCEPTED = ("resource_group", "subscription")
FORMS = ("json", "jsonc", "yaml", "yamlc", "table", "tsv", "none")


#: The result of a command that prints nothing.
NOTHING = object()


@dataclass(frozen=True)
class Result:
    """What a command prints when its exit status is not 0, or its columns depend on the result."""

    value: Any
    exit_code: int = 0
    columns: Sequence[str] = ()
    #: Prints it for people, where the command says so and no form was asked for.
    text: Callable[[], None] | None = None


def prints(*columns: str, text: bool = False) -> Callable[[Command], Command]:
    """Give a command ``-w``, ``-o`` and ``--query``, and print what it returns.

    Parameters
    ----------
    *columns : str
        Keys that a table shows, in their order; none: all keys of the first object.
    text : bool
        Without ``-o`` and ``--query`` the result is printed by its ``text``.
    """

    def decorate(command: Command) -> Command:
        wanted = inspect.signature(command).parameters

        @functools.wraps(command)
        def wrapped(*args: Any, output: str | None, query: str | None, **values: Any) -> int:
            expression = compiled(query)
            for name in _ACCEPTED:
                if name not in wanted:
                    values.pop(name, None)
            made = command(*args, **values)
            result = made if isinstance(made, Result) else Result(made)
            if result.value is NOTHING:
                return result.exit_code
            if text and result.text is not None and output is None and expression is None:
                result.text()
                return result.exit_code
            value = result.value if expression is None else expression.search(result.value)
            shown = (result.columns or columns) if expression is None else ()
            show(value, output or defaults.get("output") or "json", shown)
            return result.exit_code

        return cast(Command, options(wrapped))

    return decorate


def options(command: Any) -> Any:
    """Add the flags that every command has."""
    query = click.option(
        "--query", metavar="JMESPATH", help="Part of the result to print (jmespath.org)."
    )
    form = click.option(
        "-o",
        "--output",
        type=click.Choice(FORMS),
        help="Form of the result; default: json, or as set by mlj configure.",
    )
    for flags in (("-g", "--resource-group"), ("--subscription",)):
        command = click.option(*flags, default="", hidden=True)(command)
    return workspace_option(form(query(command)))


def workspace_option(command: Any) -> Any:
    """``-w``, and the flags that change what is said when something goes wrong."""
    from ml_jupyter.cli import complete

    for name in ("debug", "verbose", "only_show_errors"):
        command = click.option(
            "--" + name.replace("_", "-"), name, is_flag=True, hidden=True, expose_value=False,
            callback=_note,
        )(command)  # fmt: skip
    return click.option(
        "-w",
        "--workspace-name",
        metavar="NAME",
        help="Workspace; default: that of the job around, of config.json here or above, or yours.",
        shell_complete=complete.workspaces,
    )(command)


def _note(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Keep a flag where ``commands.run`` finds it, whatever becomes of the command."""
    if value and isinstance(context.find_root().obj, dict):
        context.find_root().obj[parameter.name] = True


def is_quiet() -> bool:
    """Whether ``--only-show-errors`` was given."""
    here = click.get_current_context(silent=True)
    flags = None if here is None else here.find_root().obj
    return isinstance(flags, dict) and bool(flags.get("only_show_errors"))


def say(notice: str) -> None:
    """A warning or what is good to know, on standard error."""
    if not is_quiet():
        click.echo(notice, err=True)


def examples(*lines: str) -> str:
    """The end of a help text: lines to type, each on a line of its own."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def compiled(query: str | None) -> Any:
    """A JMESPath expression, ready to search.

    Raises
    ------
    click.UsageError
        It is none; the message shows where it breaks off.
    """
    if query is None:
        return None
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        return _Query(jmespath.compile(query))
    except JMESPathError as error:
        raise click.UsageError(f"--query: {error}") from error


class _Query:
    """Errors of values, such as ``keys`` of nothing, are told as those of the syntax are."""

    def __init__(self, expression: Any) -> None:
        self._expression = expression

    def search(self, value: Any) -> Any:
        from jmespath.exceptions import JMESPathError

        try:
            return self._expression.search(json.loads(_json(value)))
        except JMESPathError as error:
            raise click.UsageError(f"--query: {error}") from error


def show(value: Any, form: str, columns: Sequence[str] = ()) -> None:
    """Print a JSON value in one of ``FORMS``."""
    if form in ("json", "jsonc"):
        text = _json(value, indent=2, ascii_only=not is_unicode())
        _highlighted(text, "json", wanted=form == "jsonc")
    elif form in ("yaml", "yamlc"):
        import yaml

        text = yaml.safe_dump(json.loads(_json(value)), sort_keys=False, allow_unicode=is_unicode())
        _highlighted(text.rstrip("\n"), "yaml", wanted=form == "yamlc")
    elif form == "tsv":
        for line in _tsv(value, columns):
            click.echo(line)
    elif form == "table":
        from ml_jupyter.cli import table

        table.show(value, columns)


def is_coloured() -> bool:
    """Whether standard output is a terminal that shows colours (no-color.org)."""
    import os

    able = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return able and not os.environ.get("NO_COLOR")


def is_unicode() -> bool:
    """Whether standard output can take every letter; elsewhere JSON is written with escapes."""
    return (sys.stdout.encoding or "utf-8").lower().replace("-", "").startswith("utf")


def cell(value: Any) -> str:
    """A value as the text of a table's cell; a map as ``key=value, …``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return ", ".join(
            key if item is None else f"{key}={cell(item)}" for key, item in value.items()
        )
    if isinstance(value, (list, tuple)):
        return ", ".join(map(cell, value))
    return str(value)


def _tsv(value: Any, columns: Sequence[str]) -> list[str]:
    rows = value if isinstance(value, list) else [value]
    lines = []
    for row in rows:
        if isinstance(row, Mapping):
            items = [row.get(name) for name in columns] if columns else list(row.values())
        else:
            items = list(row) if isinstance(row, (list, tuple)) else [row]
        lines.append("\t".join(cell(item).replace("\t", " ").replace("\n", " ") for item in items))
    return lines


def _highlighted(text: str, language: str, *, wanted: bool) -> None:
    if not (wanted and is_coloured()):
        click.echo(text)
        return
    from rich.console import Console
    from rich.syntax import Syntax

    Console().print(Syntax(text, language, theme="ansi_dark", background_color="default"))


def _json(value: Any, indent: int | None = None, *, ascii_only: bool = False) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=ascii_only, default=str)
