"""``mlj run …``: list, show, cancel, tag and download runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ml_jupyter._files import write_atomic
from ml_jupyter.cli import complete, context, output
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.metric_condition import MetricCondition
from ml_jupyter.history.parameter_condition import ParameterCondition
from ml_jupyter.jobs.waking import wake_if_left
from ml_jupyter.sdk import run_query
from ml_jupyter.sdk.experiment import Experiment
from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.views.packages import packages_of, requirement
from ml_jupyter.sdk.workspace import Workspace

COLUMNS = (
    "run_id",
    "number",
    "experiment_name",
    "status",
    "display_name",
    "start_time_utc",
    "tags",
)
_EXPERIMENT = "Its experiment; checked when given."


def _run_id(command: Any) -> Any:
    """``-r`` and ``-e`` of the commands that are about one run."""
    command = click.option("-e", "--experiment-name", help=_EXPERIMENT)(command)
    return click.option(
        "-r", "--run", "run_id", required=True, help="Id of the run.", shell_complete=complete.runs
    )(command)


@click.group()
def run() -> None:
    """Look at runs and change them."""


@run.command(
    "list",
    epilog=output.examples(
        "mlj run list --status Failed -o table",
        "mlj run list --query '[0].run_id' -o tsv",
        "mlj run list --experiment-name digits --query \"[?tags.quality=='good']\"",
    ),
)
@click.option("--experiment-name", help="Only runs of this experiment.")
@click.option(
    "--last", type=click.IntRange(1), default=20, show_default=True, help="At most so many."
)
@click.option("--status", help="Only runs in this state.")
@click.option("--tags", multiple=True, metavar="K[=V]", help="Only runs with this tag; repeatable.")
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="NAME>NUMBER",
    help="Only runs whose newest value of a metric is so, such as 'loss<0.5'; repeatable.",
)
@click.option(
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Only runs with such a parameter: 'lr<0.01', 'optimizer=adam'; ~ contains; repeatable.",
)
@click.option("--parent-run-id", help="Only children of this run.")
@click.argument("rest", nargs=-1, metavar="")
@output.prints(*COLUMNS)
def list_(
    experiment_name: str | None,
    last: int,
    status: str | None,
    tags: tuple[str, ...],
    metrics: tuple[str, ...],
    parameters: tuple[str, ...],
    parent_run_id: str | None,
    rest: tuple[str, ...],
    workspace_name: str | None,
) -> output.Result:
    """List runs, newest first."""
    query = _query_of(rest)
    workspace = context.workspace(workspace_name)
    wake_if_left(workspace._settings)
    asked = replace(
        run_query.of(tags=[_label(text) for text in tags] or None, status=status),
        metrics=tuple(MetricCondition.parse(text) for text in metrics),
        parameters=tuple(ParameterCondition.parse(text) for text in parameters),
    )
    if parent_run_id is not None:
        found = run_query.children(workspace, Run.get(workspace, parent_run_id), asked, False)
    elif experiment_name is not None:
        experiment = _existing(workspace, experiment_name)
        found = run_query.runs(workspace, run_query.within(asked, experiment.id))
    else:
        found = run_query.runs(workspace, asked)
    rows = [as_json(item) for _, item in zip(range(last), found)]
    return output.Result(rows if query is None else query.search(rows))


@run.command(epilog=output.examples("mlj run show -r RUN -o yaml"))
@_run_id
@output.prints(*COLUMNS)
def show(run_id: str, experiment_name: str | None, workspace_name: str | None) -> dict[str, Any]:
    """Show one run."""
    return as_json(context.run(workspace_name, run_id, experiment_name))


@run.command(epilog=output.examples("mlj run cancel -r RUN"))
@_run_id
@output.prints(*COLUMNS)
def cancel(run_id: str, experiment_name: str | None, workspace_name: str | None) -> dict[str, Any]:
    """Stop a run with everything that it started."""
    found = context.run(workspace_name, run_id, experiment_name)
    found.cancel()
    return as_json(found)


@run.command(epilog=output.examples("mlj run update -r RUN --add-tag quality=good"))
@_run_id
@click.option(
    "--add-tag", "tags", multiple=True, metavar="K[=V]", help="Tag to add or overwrite; repeatable."
)
@output.prints(*COLUMNS)
def update(
    run_id: str, experiment_name: str | None, tags: tuple[str, ...], workspace_name: str | None
) -> dict[str, Any]:
    """Add tags to a run."""
    found = context.run(workspace_name, run_id, experiment_name)
    for text in tags:
        key, mark, value = text.partition("=")
        found.tag(key, value if mark else None)
    return as_json(found)


@run.command(
    "download", epilog=output.examples("mlj run download -r RUN -d results --prefix outputs")
)
@_run_id
@click.option("-d", "--output-dir", default=".", show_default=True, help="Folder for the files.")
@click.option("--prefix", help="Only files below this folder of the run, such as outputs.")
@output.prints("file")
def download(
    run_id: str,
    experiment_name: str | None,
    output_dir: str,
    prefix: str | None,
    workspace_name: str | None,
) -> list[dict[str, str]]:
    """Copy a run's files to a folder."""
    found = context.run(workspace_name, run_id, experiment_name)
    found.download_files(prefix=prefix, output_directory=output_dir)
    names = [name for name in found.get_file_names() if prefix is None or name.startswith(prefix)]
    return [{"file": name} for name in names]


@run.command(
    "packages",
    epilog=output.examples(
        "mlj run packages -r RUN -o table", "mlj run packages -r RUN -f requirements.txt"
    ),
)
@_run_id
@click.option("-f", "--file", "output_file", help="Write them there, as a requirements file.")
@output.prints("name", "version", "origin")
def packages(
    run_id: str, experiment_name: str | None, output_file: str | None, workspace_name: str | None
) -> output.Result:
    """List the packages that were installed where a run ran."""
    found = context.run(workspace_name, run_id, experiment_name)
    installed = packages_of(found._workspace._folder, found._folder)
    if installed is None:
        raise UserErrorException(f"The packages of run {run_id} were not recorded.")
    if output_file is not None:
        lines = "".join(f"{requirement(item)}\n" for item in installed.packages)
        write_atomic(output_file, lines.encode("utf-8"))
        return output.Result({"file": output_file, "count": len(installed.packages)})
    return output.Result(
        [{**item._asdict(), "origin": item.origin or None} for item in installed.packages]
    )


@run.command("export", epilog=output.examples("mlj run export -r RUN_ID -f run.html"))
@click.option(
    "-r", "--run", "run_ids", required=True, multiple=True, help="Id of a run; repeatable."
)
@click.option("-f", "--file", "output_file", required=True, help="The HTML file to write.")
@output.prints("file", "size")
def export(
    run_ids: tuple[str, ...], output_file: str, workspace_name: str | None
) -> dict[str, Any]:
    """Write runs as one HTML file that needs no server and no network."""
    workspace = context.workspace(workspace_name)
    first, *others = [Run.get(workspace, run_id) for run_id in dict.fromkeys(run_ids)]
    file = first.export_html(output_file, others)
    return {"file": file, "size": Path(file).stat().st_size}


def as_json(found: Run) -> dict[str, Any]:
    """What the command prints of a run; ``tags`` and ``properties`` are always objects."""
    details = found.get_details()
    return {
        "run_id": found.id,
        "number": found.number,
        "experiment_name": found.experiment.name,
        "status": details["status"],
        "display_name": found.display_name,
        "type": found.type,
        "parent_run_id": found.parent.id if found.parent is not None else None,
        "target": details.get("target"),
        "start_time_utc": details.get("startTimeUtc"),
        "end_time_utc": details.get("endTimeUtc"),
        "tags": found.get_tags(),
        "properties": found.get_properties(),
        "error": details.get("error"),
        "packages": _packages(details),
        "imported": details.get("imported"),
        "portal_url": found.get_portal_url(),
    }


def _packages(details: dict[str, Any]) -> dict[str, Any] | None:
    found = details.get("packages")
    return found and {"count": found["count"], "python": found["python"]}


def _query_of(rest: tuple[str, ...]) -> Any:
    """A query that was given without ``--query``, as the documents of Azure ML do."""
    if not rest:
        return None
    text = " ".join(rest)
    if not text.startswith("[?"):
        raise click.UsageError(f"Got unexpected extra arguments ({text})")
    click.echo(f"mlj: warning: taken as --query {text!r}; quote it for the shell.", err=True)
    return output.compiled(text)


def _label(text: str) -> Any:
    key, mark, value = text.partition("=")
    return {key: value} if mark else key


def _existing(workspace: Workspace, name: str) -> Experiment:
    found: Experiment | None = workspace.experiments.get(name)
    if found is None:
        near = ", ".join(sorted(workspace.experiments)[:10]) or "none yet"
        raise UserErrorException(f"There is no experiment {name!r}.", hint=f"Experiments: {near}.")
    return found
