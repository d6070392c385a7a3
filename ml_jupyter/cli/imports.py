"""``mlj import``: the history of other tools, into a workspace."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from ml_jupyter import importers
from ml_jupyter.cli import context, output
from ml_jupyter.importers.report import ImportReport

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
