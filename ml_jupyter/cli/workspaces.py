"""``mlj workspace …``: list, make, show and merge workspaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ml_jupyter.cli import context, output
from ml_jupyter.history.merge import merge as merge_folders
from ml_jupyter.history.upgrade import raise_format
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk.workspace import Workspace

_COLUMNS = ("name", "id", "folder")


@click.group()
def workspace() -> None:
    """Look at workspaces and bring copies together."""


@workspace.command("list", epilog=output.examples("mlj workspace list -o table"))
@output.prints(*_COLUMNS)
def list_(workspace_name: str | None) -> list[dict[str, Any]]:
    """List the workspaces that this user has made or opened."""
    found = [item for items in Workspace.list("").values() for item in items]
    return [_as_json(item) for item in found]


@workspace.command(epilog=output.examples("mlj workspace show -w lab"))
@output.prints(*_COLUMNS)
def show(workspace_name: str | None) -> dict[str, Any]:
    """Show one workspace."""
    return _as_json(context.workspace(workspace_name))


@workspace.command(
    epilog=output.examples(
        "mlj workspace create -w lab", "mlj workspace create -w lab --location /data/lab"
    )
)
@click.option("--location", help="Folder; default: below the data folder of ml_jupyter.")
@output.prints(*_COLUMNS)
def create(location: str | None, workspace_name: str | None) -> dict[str, Any]:
    """Make a workspace."""
    if workspace_name is None:
        raise click.UsageError("Say its name with -w.")
    made = Workspace.create(workspace_name, location=None if location is None else Path(location))
    return _as_json(made)


@workspace.command(epilog=output.examples("mlj workspace merge /media/stick/lab -w lab"))
@click.argument("source", type=click.Path(exists=True, file_okay=False))
@output.prints()
def merge(source: str, workspace_name: str | None) -> output.Result:
    """Bring the runs of the copy in folder SOURCE into the workspace; SOURCE is not changed."""
    target = context.workspace(workspace_name)
    report = merge_folders(WorkspaceFolder(Path(source)), WorkspaceFolder(folder(target)))
    found = {name: list(ids) for name, ids in report._asdict().items()}
    return output.Result(found, exit_code=1 if report.conflicts else 0)


@workspace.command(
    epilog=output.examples("mlj workspace upgrade -w lab", "mlj workspace upgrade --all")
)
@click.option("--all", "everything", is_flag=True, help="All workspaces that you have opened.")
@output.prints("name", "before", "after", "changed", "folder")
def upgrade(everything: bool, workspace_name: str | None) -> list[dict[str, Any]]:
    """Bring a workspace to the format that this version writes; what is there stays readable.

    Without it an older workspace is read and written as it is.
    """
    if everything:
        found = [item for items in Workspace.list("").values() for item in items]
    else:
        found = [context.workspace(workspace_name)]
    return [{"name": item.name, **_upgraded(folder(item))} for item in found]


def _upgraded(root: Path) -> dict[str, Any]:
    before, after = raise_format(WorkspaceFolder(root))
    return {"before": before, "after": after, "changed": before != after, "folder": str(root)}


def folder(found: Workspace) -> Path:
    """The folder of a workspace."""
    return Path(found.get_details()["folder"])


def _as_json(found: Workspace) -> dict[str, Any]:
    details = found.get_details()
    return {
        "name": found.name,
        "id": details["id"],
        "folder": str(folder(found)),
        "location": found.location,
        "resource_group": found.resource_group,
        "subscription_id": found.subscription_id,
    }
