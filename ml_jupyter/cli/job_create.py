"""``mlj job create``: submit what a job file says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ml_jupyter.cli import context, follow, job_view, output
from ml_jupyter.cli import web as web_page
from ml_jupyter.cli.findings import refused
from ml_jupyter.cli.jobs import job
from ml_jupyter.cli.set_option import Changing, set_option
from ml_jupyter.exceptions import (
    DatasetNotFound,
    EnvironmentNotFound,
    JobFileInvalid,
    RunNotFound,
    UserErrorException,
)
from ml_jupyter.jobfile.model import JobFile
from ml_jupyter.jobfile.read import load
from ml_jupyter.sdk import job_file_submission
from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.workspace import Workspace


@job.command(
    cls=Changing,
    epilog=output.examples(
        "mlj job create -f job.yml",
        "mlj job create -f job.yml --set compute.target=local --stream",
        "run_id=$(mlj job create -f job.yml --query name -o tsv)",
    ),
)
@click.option("-f", "--file", "file", required=True, help="Job file; - reads standard input.")
@click.option("-n", "--name", help="Name of the job, which is the id of its run.")
@set_option
@click.option("--stream", is_flag=True, help="Follow the job; the exit status tells how it ended.")
@click.option("--web", is_flag=True, help="Open its page in the browser.")
@click.option("-a", "--save-as", help="Write the job as it was submitted to this file.")
@click.option("--skip-validation", is_flag=True, help="Do not look for local files beforehand.")
@output.prints(*job_view.COLUMNS)
def create(
    file: str,
    name: str | None,
    settings: tuple[str, ...],
    stream: bool,
    web: bool,
    save_as: str | None,
    skip_validation: bool,
    workspace_name: str | None,
) -> output.Result:
    """Submit a job file and print the job."""
    try:
        made = load(file, settings, check_paths=not skip_validation)
    except JobFileInvalid as invalid:
        return refused(invalid)
    for finding in made.warnings:
        output.say(str(finding))
    run = _submitted(made, context.workspace(workspace_name), name)
    address = run.get_portal_url()
    output.say(f"Run: {address}")
    if web:
        web_page.in_background(run)
    code = follow.to_the_end(run) if stream else 0
    value = job_view.as_json(run)
    if save_as is not None:
        _save(value, Path(save_as))
    return output.Result(value, exit_code=code)


def _submitted(made: JobFile, workspace: Workspace, name: str | None) -> Run:
    try:
        return job_file_submission.submit(made, workspace, name=name)
    except (
        DatasetNotFound,
        EnvironmentNotFound,
        RunNotFound,
    ) as error:  # it is the file that is wrong
        raise UserErrorException(error.message, hint=error.hint) from error


def _save(value: dict[str, Any], path: Path) -> None:
    import yaml

    path.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), "utf-8")
