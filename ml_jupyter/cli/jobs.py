"""``mlj job …``: the group, and the commands that follow a job and check a file."""

from __future__ import annotations

from typing import Any

import click

from ml_jupyter.cli import complete, context, follow, output
from ml_jupyter.cli.findings import told
from ml_jupyter.cli.set_option import Changing, set_option
from ml_jupyter.jobfile.model import JobFile
from ml_jupyter.jobfile.read import load


@click.group()
def job() -> None:
    """Submit job files, and see to what became of them."""


def named(command: Any) -> Any:
    """``-n``: which job."""
    return click.option(
        "-n", "--name", required=True, help="Name of the job: its run's id.",
        shell_complete=complete.runs,
    )(command)  # fmt: skip


@job.command(epilog=output.examples("mlj job stream -n NAME"))
@named
@click.option("-w", "--workspace-name", help="Workspace.")
def stream(name: str, workspace_name: str | None) -> int:
    """Print a job's terminal as it grows; the exit status is 0 when it completes."""
    return follow.to_the_end(context.run(workspace_name, name), on_standard_output=True)


@job.command(
    cls=Changing,
    epilog=output.examples(
        "mlj job validate -f job.yml",
        "mlj job validate -f job.yml --set compute.target=local -o table",
    ),
)
@click.option("-f", "--file", "file", required=True, help="Job file; - reads standard input.")
@set_option
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
