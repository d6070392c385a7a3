"""``mlj import``: the history of other tools, into a workspace; ``mlj export``: out of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from ml_jupyter import importers
from ml_jupyter.cli import complete, context, output
from ml_jupyter.exceptions import ExperimentNotFound
from ml_jupyter.importers.report import ImportReport
from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.workspace import Workspace

_experiment = click.option(
    "-e", "--experiment", help="Put all runs there; default: into experiments of their own names."
)
_SHOWN = 20


@click.group("import")
def import_() -> None:
    """Bring in runs of MLflow and other tools. Again adds only what is new."""


@import_.command(
    epilog=output.examples(
        "mlj import mlflow mlruns", "mlj import mlflow sqlite:///mlflow.db -w history"
    )
)
@click.argument("source")
@_experiment
@output.prints(text=True)
def mlflow(source: str, experiment: str | None, workspace_name: str | None) -> output.Result:
    """Bring in an MLflow store: a folder mlruns or a file mlflow.db, with registered models."""
    return _bring(importers.import_mlflow, source, experiment, workspace_name)


@import_.command(epilog=output.examples("mlj import tensorboard logs"))
@click.argument("source")
@_experiment
@output.prints(text=True)
def tensorboard(source: str, experiment: str | None, workspace_name: str | None) -> output.Result:
    """Bring in folders with TensorBoard's event files, a run each."""
    return _bring(importers.import_tensorboard, source, experiment, workspace_name)


@import_.command(epilog=output.examples("mlj import wandb wandb"))
@click.argument("source")
@_experiment
@output.prints(text=True)
def wandb(source: str, experiment: str | None, workspace_name: str | None) -> output.Result:
    """Bring in runs of Weights & Biases from their logs on this machine, offline ones too."""
    return _bring(importers.import_wandb, source, experiment, workspace_name)


@click.group()
def export() -> None:
    """Write runs into an MLflow server or store. Again adds only what is new."""


@export.command(
    "mlflow",
    epilog=output.examples(
        "mlj export mlflow sqlite:///mlflow.db -e digits",
        "mlj export mlflow http://127.0.0.1:5000 RUN OTHER-RUN",
    ),
)
@click.argument("target")
@click.argument("run_ids", nargs=-1, metavar="[RUN]...", shell_complete=complete.runs)
@click.option("-e", "--experiment", help="All its runs; without runs and this: all runs.")
@output.prints(text=True)
def export_mlflow(
    target: str, run_ids: tuple[str, ...], experiment: str | None, workspace_name: str | None
) -> output.Result:
    """Write runs, with their children, into the MLflow tracking server at TARGET."""
    if run_ids:
        named = [context.run(workspace_name, item) for item in run_ids]
    else:
        named = _all(context.workspace(workspace_name), experiment)
    children = [child for run in named for child in run.get_children(recursive=True)]
    runs = {run.id: run for run in (*named, *children)}
    report = importers.export_mlflow(list(runs.values()), target, progress=_progress())
    return output.Result(report.serialize(), text=lambda: _say(report))


def _all(workspace: Workspace, experiment: str | None) -> list[Run]:
    if experiment is None:
        return list(workspace.get_runs())
    found = workspace.experiments.get(experiment)
    if found is None:
        raise ExperimentNotFound(f"There is no experiment {experiment!r}.")
    return list(found.get_runs())


def _bring(
    call: Callable[..., ImportReport], source: str, experiment: str | None, name: str | None
) -> output.Result:
    report = call(source, context.workspace(name), experiment=experiment, progress=_progress())
    return output.Result(
        report.serialize(), exit_code=1 if report.failed else 0, text=lambda: _say(report)
    )


def _progress() -> Callable[[int, int, str], None] | None:
    """A line that is written over, where somebody looks at it."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int, name: str) -> None:
        said = f"{done:,} of {total:,} runs  {name}"[:78] if done < total else ""
        click.echo(f"\r\x1b[K{said}", nl=False, err=True)

    return show


def _say(report: ImportReport) -> None:
    parts = [
        f"{report.new:,} new", f"{report.renewed:,} renewed", f"{report.unchanged:,} unchanged",
    ]  # fmt: skip
    click.echo(f"{report.runs:,} runs: {', '.join(parts)}.")
    click.echo(f"{report.points:,} points, {report.files:,} files, {report.models:,} models.")
    _list("Passed over", report.left)
    _list("Not read", report.failed)


def _list(title: str, found: list[Any]) -> None:
    for what, why in found[:_SHOWN]:
        click.echo(f"{title}: {what}: {why}")
    if len(found) > _SHOWN:
        click.echo(f"{title}: {len(found) - _SHOWN:,} more; -o json lists all.")
