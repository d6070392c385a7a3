"""``mlj experiment …``: list experiments."""

from __future__ import annotations

import click

from ml_jupyter.cli import context, output
from ml_jupyter.sdk.experiment import Experiment


@click.group()
def experiment() -> None:
    """Look at experiments."""


@experiment.command("list", epilog=output.examples("mlj experiment list -o table"))
@click.option("--include-archived", is_flag=True, help="Archived ones too.")
@output.prints("name", "id", "tags")
def list_(include_archived: bool, workspace_name: str | None) -> list[dict[str, object]]:
    """List experiments."""
    workspace = context.workspace(workspace_name)
    view = "All" if include_archived else "ActiveOnly"
    return [
        {"name": item.name, "id": item.id, "tags": dict(item.tags)}
        for item in Experiment.list(workspace, view_type=view)
    ]
