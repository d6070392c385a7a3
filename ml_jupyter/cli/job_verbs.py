"""``mlj job show/list/cancel/download/update/archive/restore``: what is done with jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ml_jupyter.cli import context, job_view, output
from ml_jupyter.cli import web as web_page
from ml_jupyter.cli.jobs import job, named
from ml_jupyter.cli.set_option import Changing, set_option
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.jobfile.overrides import split
from ml_jupyter.jobs.waking import wake_if_left
from ml_jupyter.sdk.run import Run


@job.command(epilog=output.examples("mlj job show -n NAME --query status -o tsv"))
@named
@click.option("--web", is_flag=True, help="Open its page in JupyterLab, and print its address.")
@output.prints(*job_view.COLUMNS)
def show(name: str, web: bool, workspace_name: str | None) -> dict[str, Any]:
    """Show one job."""
    run = context.run(workspace_name, name)
    if web:
        click.echo(run.get_portal_url(), err=True)
        web_page.in_background(run)
    return job_view.as_json(run)


@job.command("open", epilog=output.examples("mlj job open -n NAME"))
@named
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@output.prints("url", "browser", "started")
def open_(name: str, no_browser: bool, workspace_name: str | None) -> dict[str, Any]:
    """Open a job's page in the running JupyterLab, or start one."""
    run = context.run(workspace_name, name)
    return web_page.show(run, browser=not no_browser, may_start=True)


@job.command("list", epilog=output.examples("mlj job list -o table", "mlj job list -r 5"))
@click.option(
    "-r", "--max-results", type=click.IntRange(1), default=50, show_default=True,
    metavar="NUMBER", help="At most so many.",
)  # fmt: skip
@click.option("--all-results", is_flag=True, help="All of them.")
@click.option("-p", "--parent-job-name", help="Only the trials or children of this job.")
@click.option("--archived-only", is_flag=True, help="Only archived ones.")
@click.option("--include-archived", is_flag=True, help="Archived ones too.")
@click.option("--tag", "tags", multiple=True, metavar="K[=V]", help="Only with this tag.")
@output.prints(*job_view.COLUMNS)
def list_(
    max_results: int,
    all_results: bool,
    parent_job_name: str | None,
    archived_only: bool,
    include_archived: bool,
    tags: tuple[str, ...],
    workspace_name: str | None,
) -> list[dict[str, Any]]:
    """List jobs, newest first."""
    workspace = context.workspace(workspace_name)
    wake_if_left(workspace._settings)
    wanted: list[Any] = [_label(text) for text in tags]
    if parent_job_name is not None:
        found = Run.get(workspace, parent_job_name).get_children(tags=wanted or None)
    else:
        found = workspace.get_runs(tags=wanted or None)
    rows: list[dict[str, Any]] = []
    for run in found:
        archived = run._folder.state().archived
        if archived and not (archived_only or include_archived):
            continue
        if archived_only and not archived:
            continue
        rows.append(job_view.as_json(run))
        if len(rows) == max_results and not all_results:
            break
    return rows


@job.command(epilog=output.examples("mlj job cancel -n NAME"))
@named
@output.prints()
def cancel(name: str, workspace_name: str | None) -> output.Result:
    """Stop a job with everything that it started; fine when it has ended."""
    context.run(workspace_name, name).cancel()
    return output.Result(output.NOTHING)


@job.command(
    epilog=output.examples(
        "mlj job download -n NAME", "mlj job download -n NAME --output-name model -p results"
    )
)
@named
@click.option("--all", "everything", is_flag=True, hidden=True)
@click.option("--outputs", is_flag=True, hidden=True)
@click.option("--output-name", help="Only this named output.")
@click.option("-p", "--download-path", default=".", show_default=True, help="Where to.")
@output.prints("file")
def download(
    name: str,
    everything: bool,
    outputs: bool,
    output_name: str | None,
    download_path: str,
    workspace_name: str | None,
) -> list[dict[str, str]]:
    """Copy outputs, logs and all else that the job kept into a folder that is named as the job."""
    run = context.run(workspace_name, name)
    names = run.get_file_names()
    if output_name is not None:
        prefix = f"outputs/{output_name}"
        names = [item for item in names if item == prefix or item.startswith(prefix + "/")]
        if not names:
            raise UserErrorException(
                f"Job {name} has no output {output_name!r}.", hint=_where(run, output_name)
            )
    folder = Path(download_path) / name
    for item in names:
        run.download_file(item, str(folder / item))
    folder.mkdir(parents=True, exist_ok=True)
    return [{"file": str(folder / item)} for item in names]


@job.command(
    cls=Changing,
    epilog=output.examples("mlj job update -n NAME --set tags.quality=good display_name='my best'"),
)
@named
@set_option
@output.prints(*job_view.COLUMNS)
def update(name: str, settings: tuple[str, ...], workspace_name: str | None) -> dict[str, Any]:
    """Change tags, display name or description."""
    run = context.run(workspace_name, name)
    changes = [split(text) for text in settings]
    for key, _ in changes:
        if key not in ("display_name", "description") and not key.startswith("tags."):
            raise click.UsageError(
                f"{key!r} cannot be changed: tags.NAME, display_name or description."
            )
    for key, value in changes:
        if key.startswith("tags."):
            run.tag(key[len("tags.") :], value)
        elif key == "display_name":
            run.display_name = value
        else:
            run.description = value
    return job_view.as_json(run)


@job.command(epilog=output.examples("mlj job archive -n NAME"))
@named
@output.prints()
def archive(name: str, workspace_name: str | None) -> output.Result:
    """Hide a job from lists."""
    context.run(workspace_name, name)._folder.set_details(archived=True)
    return output.Result(output.NOTHING)


@job.command(epilog=output.examples("mlj job restore -n NAME"))
@named
@output.prints()
def restore(name: str, workspace_name: str | None) -> output.Result:
    """Show an archived job in lists again."""
    context.run(workspace_name, name)._folder.set_details(archived=False)
    return output.Result(output.NOTHING)


@job.command("show-services", epilog=output.examples("mlj job show-services -n NAME"))
@named
@output.prints()
def show_services(name: str, workspace_name: str | None) -> dict[str, Any]:
    """Addresses of what belongs to a job."""
    services: dict[str, Any] = job_view.as_json(context.run(workspace_name, name))["services"]
    return services


def _label(text: str) -> Any:
    key, mark, value = text.partition("=")
    return {key: value} if mark else key


def _where(run: Run, output_name: str) -> str | None:
    """What to do about an output that is not among the run's files."""
    made = (run._folder.state().facts.get("delivered") or {}).get(output_name) or {}
    if "dataset" in made:
        return f"It became data: mlj data download -n {made['dataset'].partition(':')[0]}"
    return f"It lies in {made['path']}." if "path" in made else None
