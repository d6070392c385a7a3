"""Write the commands of ``mlj`` into docs/cli.md, and its help texts into the tests' golden file.

``python scripts/cli_reference.py`` after a change of a command; ``--check`` only compares, and ends
with 1 when something is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click

from ml_jupyter.cli.commands import mlj

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "cli.md"
GOLDEN = ROOT / "tests" / "unit" / "cli" / "help.txt"
MARK = "<!-- From here on written by scripts/cli_reference.py. -->\n"
#: Options of nearly every command, told once at the top of the page.
EVERYWHERE = {"workspace_name", "output", "query", "help"}


def walk(group: click.Group = mlj, words: str = "mlj") -> Iterator[tuple[str, click.Command]]:
    """All commands with their names, groups left out."""
    context = click.Context(group, info_name=words)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from walk(command, f"{words} {name}")
        elif not command.hidden:
            yield f"{words} {name}", command


def page() -> str:
    """The part of docs/cli.md that is made from the commands."""
    commands = sorted(walk())
    lines = ["## All commands", "", "| command | what it does |", "|---|---|"]
    for name, command in commands:
        anchor = name.replace(" ", "-")
        lines.append(f"| [`{name}`](#{anchor}) | {_short(command)} |")
    for name, command in commands:
        lines += ["", *_section(name, command)]
    return "\n".join(lines) + "\n"


def helps() -> str:
    """What ``--help`` prints of every command in a terminal of 80 columns."""
    parts = []
    for name, command in [("mlj", mlj), *sorted(walk())]:
        context = click.Context(
            command, info_name=name, terminal_width=80,
            help_option_names=["-h", "--help"],
        )  # fmt: skip
        parts.append(f"$ {name} --help\n{command.get_help(context).rstrip()}\n")
    return "\n".join(parts)


def main() -> int:
    """Write or compare."""
    before = PAGE.read_text("utf-8")
    made = {PAGE: before.partition(MARK)[0] + MARK + "\n" + page(), GOLDEN: helps()}
    stale = [path for path, text in made.items() if not _holds(path, text)]
    for path in stale:
        if "--check" in sys.argv:
            print(f"{path.relative_to(ROOT)} is stale: python scripts/cli_reference.py")
        else:
            path.write_text(made[path], "utf-8")
    return 1 if stale and "--check" in sys.argv else 0


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


def _short(command: click.Command) -> str:
    return command.short_help or _cell(cleandoc(command.help or "").split("\n\n")[0])


def _section(name: str, command: click.Command) -> Iterator[str]:
    shown = [item for item in command.params if not getattr(item, "hidden", False)]
    arguments = [item for item in shown if isinstance(item, click.Argument)]
    words = " ".join(item.metavar or str(item.name).upper() for item in arguments)
    yield f"### {name}"
    yield ""
    yield from cleandoc(command.help or "").splitlines()
    yield ""
    yield f"    {name} [OPTIONS] {words}".rstrip()
    options = [
        item for item in shown if isinstance(item, click.Option) and item.name not in EVERYWHERE
    ]
    if options:
        yield from ("", "| option | meaning |", "|---|---|")
        yield from map(_row, options)
    if command.epilog:
        yield from ("", "```sh", *_examples(command.epilog), "```")


def _row(option: click.Option) -> str:
    flags = ", ".join(f"`{name}`" for name in option.opts)
    value = "" if option.is_flag else f" `{_metavar(option)}`"
    notes = []
    if option.required:
        notes.append("Required.")
    if option.show_default and option.default is not None and not option.is_flag:
        notes.append(f"Default: {option.default}.")
    return f"| {flags}{_cell(value)} | {_cell(' '.join([option.help or '', *notes]).strip())} |"


def _metavar(option: click.Option) -> str:
    kind: Any = option.type
    if option.metavar:
        return option.metavar
    if isinstance(kind, click.Choice):
        return "|".join(map(str, kind.choices))
    if isinstance(kind, click.IntRange):
        return "NUMBER"
    name = str(kind.name).split()[0].upper()
    return "NUMBER" if name in ("INTEGER", "FLOAT") else name


def _examples(epilog: str) -> list[str]:
    """Lines of ``output.examples``."""
    return [line.strip() for line in epilog.splitlines()[2:]]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
