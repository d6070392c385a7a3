"""Help texts and docs/cli.md are those of the commands, and their examples are right."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ml_jupyter.cli.commands import COMMANDS, mlj

ROOT = Path(__file__).resolve().parents[3]


def commands(group: click.Group = mlj, words: str = "mlj") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group, info_name=words)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{words} {name}")
        elif command is not None:
            yield f"{words} {name}", command


ALL = dict(commands())


def test_the_page_and_the_golden_help_texts_are_current() -> None:
    script = ROOT / "scripts" / "cli_reference.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", list(ALL))
def test_every_option_is_explained(name: str) -> None:
    silent = [
        item.opts[0]
        for item in ALL[name].params
        if isinstance(item, click.Option) and not item.hidden and not item.help
    ]
    assert ALL[name].help
    assert silent == []


@pytest.mark.parametrize("name", list(ALL))
def test_every_command_has_examples_that_it_understands(name: str) -> None:
    epilog = ALL[name].epilog or ""
    lines = [line.strip() for line in epilog.splitlines()[2:]]
    assert lines, "output.examples(…) belongs in its epilog"
    for line in lines:
        words = shlex.split(line.split(" >> ")[0].split(" > ")[0].removeprefix("run_id=$("))
        assert " ".join(words).startswith(name)
        rest = [word.rstrip(")") for word in words[len(name.split()) :]]
        assert _refusal(ALL[name], rest) in ("", "no file here")


def _refusal(command: click.Command, words: list[str]) -> str:
    try:
        command.make_context("mlj", words)
    except click.BadParameter as error:
        return "no file here" if "does not exist" in error.message else error.message
    except click.UsageError as error:
        return error.message
    return ""


def test_the_overview_loads_no_command() -> None:
    program = (
        "import sys; from ml_jupyter.cli.main import main; code = main(['--help']); "
        "print([name for name in sys.modules if name.startswith('ml_jupyter.sdk')]); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.rstrip().endswith("[]")
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
