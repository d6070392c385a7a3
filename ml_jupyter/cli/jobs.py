"""``mlj job …``: check job files, follow a submitted run's terminal."""

from __future__ import annotations

import sys

import click

from ml_jupyter.cli import context, output
from ml_jupyter.cli.findings import told
from ml_jupyter.exceptions import ExperimentExecutionException
from ml_jupyter.jobfile.model import JobFile
from ml_jupyter.jobfile.read import load


@click.group()
def job() -> None:
    """Check job files and follow submitted jobs."""


@job.command()
@click.option("-n", "--name", required=True, help="Id of the run.")
@click.option("-w", "--workspace-name", help="Workspace.")
def stream(name: str, workspace_name: str | None) -> int:
    """Print a run's terminal as it grows; the exit status is 0 when the run completes."""
    run = context.run(workspace_name, name)
    try:
        run.wait_for_completion(show_output=True, raise_on_error=False)
    except ExperimentExecutionException:
        click.echo(f"\nThe run goes on. Stop it with: mlj run cancel -r {name}", err=True)
        return 130
    sys.stdout.flush()
    return 0 if run.get_status() == "Completed" else 1


@job.command(
    epilog=output.examples(
        "mlj job validate -f job.yml",
        "mlj job validate -f job.yml --set compute.target=local -o table",
    )
)
@click.option("-f", "--file", "file", required=True, help="Job file; - reads standard input.")
@click.option("--set", "settings", multiple=True, metavar="K=V", help="Change a key; repeatable.")
@click.option("--no-check-paths", is_flag=True, help="Do not look for local files and folders.")
@click.option("--dialect", is_flag=True, help="Print which dialect the file was recognised as.")
@output.prints()
def validate(
    file: str,
    settings: tuple[str, ...],
    no_check_paths: bool,
    dialect: bool,
    workspace_name: str | None,
) -> output.Result:
    """Say everything that is wrong with a job file; starts nothing and needs no workspace."""

    def read() -> JobFile:
        made = load(file, settings, check_paths=not no_check_paths)
        if dialect:
            click.echo(made.dialect, err=True)
        return made

    return told(read)
