"""``mlj configure`` and ``mlj login``: defaults, and why there is nothing to log in to."""

from __future__ import annotations

import click

from ml_jupyter.cli import defaults, output


@click.command(
    epilog=output.examples(
        "mlj configure --defaults workspace=lab group=any", "mlj configure -d output=table"
    )
)
@click.option(
    "-d",
    "--defaults",
    "pairs",
    multiple=True,
    metavar="K=V",
    help="workspace=NAME, output=table, …; an empty value takes one away.",
)
@click.argument("more", nargs=-1)
@click.option("-l", "--list-defaults", is_flag=True, help="Only show them.")
@output.prints()
def configure(
    pairs: tuple[str, ...],
    more: tuple[str, ...],
    list_defaults: bool,
    workspace_name: str | None,
) -> dict[str, str]:
    """Set what commands use when an option is left out."""
    values = dict(_pair(text) for text in (*pairs, *more))
    if workspace_name is not None:
        values["workspace"] = workspace_name
    return defaults.everything() if list_defaults else defaults.change(values)


@click.command(epilog=output.examples("mlj login"))
@click.argument("ignored", nargs=-1, type=click.UNPROCESSED)
def login(ignored: tuple[str, ...]) -> None:
    """Nothing to do: runs are recorded on this machine, for the user who makes them."""
    click.echo("No login is needed: runs are recorded on this machine, under your user.", err=True)


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or name not in defaults.NAMES:
        known = ", ".join(defaults.NAMES)
        raise click.UsageError(f"{text!r} is not KEY=VALUE with one of these keys: {known}.")
    if name == "output" and value and value not in output.FORMS:
        raise click.UsageError(f"output={value}: there are {', '.join(output.FORMS)}.")
    return name, value
