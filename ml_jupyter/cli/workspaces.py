"""``mlj workspace …``: list, make, show and merge workspaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ml_jupyter.cli import context, output
from ml_jupyter.history.merge import merge as merge_folders
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk.workspace import Workspace

_COLUMNS = ("name", "id", "folder")


@click.group()
def workspace() -> None:
    """Look at workspaces and bring copies together."""


@workspace.command("list")
@output.options
def list_(workspace_name: str | None, output: str) -> None:
    """List the workspaces that this user has made or opened."""
    found = [item for items in Workspace.list("").values() for item in items]
    _show([_as_json(item) for item in found], output)


@workspace.command()
@output.options
def show(workspace_name: str | None, output: str) -> None:
    """Show one workspace."""
    _show(_as_json(context.workspace(workspace_name)), output)


@workspace.command()
@click.option("--location", help="Folder; default: below the data folder of ml_jupyter.")
@output.options
def create(location: str | None, workspace_name: str | None, output: str) -> None:
    """Make a workspace."""
    if workspace_name is None:
        raise click.UsageError("Say its name with -w.")
    made = Workspace.create(workspace_name, location=None if location is None else Path(location))
    _show(_as_json(made), output)


@workspace.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False))
@output.options
def merge(source: str, workspace_name: str | None, output: str) -> int:
    """Bring the runs of the copy in folder SOURCE into the workspace; SOURCE is not changed."""
    target = context.workspace(workspace_name)
    report = merge_folders(WorkspaceFolder(Path(source)), WorkspaceFolder(folder(target)))
    _show({name: list(ids) for name, ids in report._asdict().items()}, output)
    return 1 if report.conflicts else 0


def folder(found: Workspace) -> Path:
    """The folder of a workspace."""
    return Path(found.get_details()["folder"])


def _as_json(found: Workspace) -> dict[str, Any]:
    return {"name": found.name, "id": found.get_details()["id"], "folder": str(folder(found))}


def _show(value: Any, form: str) -> None:
    output.show(value, form, _COLUMNS if not isinstance(value, dict) or "folder" in value else ())
