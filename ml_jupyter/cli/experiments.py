"""``mlj experiment …``: the experiments of a workspace."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from ml_jupyter import _time
from ml_jupyter.cli import context, output
from ml_jupyter.exceptions import ExperimentNotFound, MlJupyterError
from ml_jupyter.sdk import views
from ml_jupyter.sdk.experiment import Experiment
from ml_jupyter.sdk.workspace import Workspace

_COLUMNS = ("name", "run_count", "active_count", "last_run_utc", "tags")


def _names(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    try:
        found = Experiment.list(context.workspace(ctx.params.get("workspace_name")))
        return [CompletionItem(item.name) for item in found if item.name.startswith(incomplete)]
    except MlJupyterError:  # the shell shows nothing then
        return []


_name = click.option(
    "-n", "--name", required=True, shell_complete=_names, help="Name of the experiment."
)


@click.group()
def experiment() -> None:
    """Look at experiments, tag and archive them."""


@experiment.command("list", epilog=output.examples("mlj experiment list -o table"))
@click.option("--include-archived", is_flag=True, help="Archived ones too.")
@output.prints(*_COLUMNS)
def list_(include_archived: bool, workspace_name: str | None) -> list[dict[str, Any]]:
    """List experiments with their runs, newest first."""
    return _shown(context.workspace(workspace_name), include_archived)


@experiment.command(epilog=output.examples("mlj experiment show -n digits"))
@_name
@output.prints(*_COLUMNS)
def show(name: str, workspace_name: str | None) -> dict[str, Any]:
    """Show one experiment: its runs by state, who ran them and where, its best value."""
    return _one(context.workspace(workspace_name), name)


@experiment.command(
    epilog=output.examples("mlj experiment update -n digits --add-tag area=birds --remove-tag old")
)
@_name
@click.option("--add-tag", "tags", multiple=True, metavar="K[=V]", help="Repeatable.")
@click.option("--remove-tag", "gone", multiple=True, metavar="K", help="Repeatable.")
@click.option("--description", help="What it is about.")
@output.prints(*_COLUMNS)
def update(
    name: str,
    tags: tuple[str, ...],
    gone: tuple[str, ...],
    description: str | None,
    workspace_name: str | None,
) -> dict[str, Any]:
    """Change tags and description of an experiment."""
    workspace = context.workspace(workspace_name)
    found = _found(workspace, name)
    given = [tag.partition("=") for tag in tags]
    if given:
        found.set_tags({key: value if equals else None for key, equals, value in given})
    if gone:
        found.remove_tags(list(gone))
    if description is not None:
        workspace._folder.update_experiment(found.id, description=description)
    return _one(workspace, name)


@experiment.command(epilog=output.examples("mlj experiment archive -n digits"))
@_name
@output.prints(*_COLUMNS)
def archive(name: str, workspace_name: str | None) -> dict[str, Any]:
    """Hide an experiment from lists; its runs stay, new ones are refused."""
    workspace = context.workspace(workspace_name)
    _found(workspace, name).archive()
    return _one(workspace, name)


@experiment.command(epilog=output.examples("mlj experiment restore -n digits"))
@_name
@output.prints(*_COLUMNS)
def restore(name: str, workspace_name: str | None) -> dict[str, Any]:
    """Show an archived experiment in lists again."""
    workspace = context.workspace(workspace_name)
    _found(workspace, name).reactivate()
    return _one(workspace, name)


@experiment.command(epilog=output.examples("mlj experiment delete -n digits"))
@_name
@output.prints("name", "id")
def delete(name: str, workspace_name: str | None) -> dict[str, Any]:
    """Delete an experiment that has no runs."""
    workspace = context.workspace(workspace_name)
    found = _found(workspace, name)
    Experiment.delete(workspace, found.id)
    return {"name": name, "id": found.id}


def _found(workspace: Workspace, name: str) -> Experiment:
    for item in Experiment.list(workspace, name, view_type="All"):
        return item
    raise ExperimentNotFound(
        f"There is no experiment {name!r}.", hint="mlj experiment list --include-archived"
    )


def _one(workspace: Workspace, name: str) -> dict[str, Any]:
    wanted = _found(workspace, name).id
    return next(item for item in _shown(workspace, True) if item["id"] == wanted)


def _shown(workspace: Workspace, include_archived: bool) -> list[dict[str, Any]]:
    folder, index = workspace._folder, workspace._index
    return [
        _with_times(item)
        for archived in (False, True)[: 2 if include_archived else 1]
        for item in views.experiments_json(folder, index, archived=archived)
    ]


def _with_times(item: dict[str, Any]) -> dict[str, Any]:
    for key in ("created", "last_run"):
        ms = item.pop(f"{key}_ms")
        item[f"{key}_utc"] = None if ms is None else _time.iso(round(ms * 1_000_000))
    return item
