"""``mlj job …``: follow a submitted run's terminal."""

from __future__ import annotations

import sys

import click

from ml_jupyter.cli import context, output
from ml_jupyter.exceptions import ExperimentExecutionException


@click.group()
def job() -> None:
    """Follow submitted jobs."""


@job.command()
@click.option("-n", "--name", required=True, help="Id of the run.")
@output.options
def stream(name: str, workspace_name: str | None, output: str) -> int:
    """Print a run's terminal as it grows; the exit status is 0 when the run completes."""
    run = context.run(workspace_name, name)
    try:
        run.wait_for_completion(show_output=True, raise_on_error=False)
    except ExperimentExecutionException:
        click.echo(f"\nThe run goes on. Stop it with: mlj run cancel -r {name}", err=True)
        return 130
    sys.stdout.flush()
    return 0 if run.get_status() == "Completed" else 1
