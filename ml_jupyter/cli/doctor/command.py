"""The command: runs all checks, prints what they found, and tells by its exit status."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Iterable, Iterator

import click

from ml_jupyter.cli import output
from ml_jupyter.cli.doctor import jupyter, kernels, machine, packages, processes, storage
from ml_jupyter.cli.doctor.finding import NOTE, OK, PROBLEM, WARNING, Finding
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError

_SIGNS = {OK: ("ok", "green"), NOTE: ("note", "cyan"),
          WARNING: ("warning", "yellow"), PROBLEM: ("PROBLEM", "red")}  # fmt: skip
_MARGIN = 9
_COLUMNS = ("state", "check", "message", "mend")


@click.command(
    epilog=output.examples(
        "mlj doctor", "mlj doctor --quiet", "mlj doctor -o json --query \"[?state=='problem']\""
    )
)
@click.option("--quiet", is_flag=True, help="Only what is wrong.")
@output.prints(*_COLUMNS, text=True)
def doctor(quiet: bool, workspace_name: str | None) -> output.Result:
    """Find what is wrong with this installation, and how to mend each.

    Looks at the packages, both extensions, the server that runs, the kernels and their CUDA,
    GPUs, Docker, folders, disks, locks, clocks, workspaces, and processes without a run. It
    changes nothing. The exit status is 1 when there is a problem.
    """
    found = [item for item in look() if not quiet or item.state in (WARNING, PROBLEM)]
    failed = any(item.state == PROBLEM for item in found)
    return output.Result(
        [item.to_json() for item in found], exit_code=int(failed), text=lambda: _say(found)
    )


def look() -> Iterator[Finding]:
    """All findings, as they are found."""
    yield from packages.check()
    try:
        settings = Settings.load()
    except MlJupyterError as error:
        yield Finding("settings", PROBLEM, error.message, error.hint or "Mend or remove the file.")
        return
    checks: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        ("extension", jupyter.check),
        ("kernel", kernels.check),
        ("machine", machine.check),
        ("storage", lambda: storage.check(settings)),
        ("processes", lambda: processes.check(settings)),
    )
    for name, check in checks:
        yield from _guarded(name, check)


def _guarded(name: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """A check that fails is a finding too: the others go on."""
    try:
        yield from check()
    except Exception as error:
        said = f"This could not be looked at: {type(error).__name__}: {error}"
        yield Finding(name, PROBLEM, said, "mlj doctor --debug shows more; please report it.")


def _say(found: list[Finding]) -> None:
    width = min(shutil.get_terminal_size().columns, 100)
    for item in found:
        word, colour = _SIGNS[item.state]
        text = textwrap.wrap(item.message, width - _MARGIN, break_long_words=False) or [""]
        mend = textwrap.wrap(item.mend or "", width - _MARGIN - 2, break_long_words=False)
        head = click.style(f"{word:<{_MARGIN}}", fg=colour, bold=item.state == PROBLEM)
        click.echo(head + text[0], color=output.is_coloured())
        for line in text[1:]:
            click.echo(" " * _MARGIN + line)
        if item.state != OK:
            for at, line in enumerate(mend):
                click.echo(" " * _MARGIN + ("→ " if at == 0 else "  ") + line)
    click.echo(_summary(found))


def _summary(found: list[Finding]) -> str:
    counts = {state: sum(1 for item in found if item.state == state) for state in _SIGNS}
    if not counts[PROBLEM] and not counts[WARNING]:
        return "\nNothing is wrong."
    parts = [f"{counts[state]} {state}{'s' * (counts[state] != 1)}" for state in (PROBLEM, WARNING)]
    return "\n" + ", ".join(parts) + "."
