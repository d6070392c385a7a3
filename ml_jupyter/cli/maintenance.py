"""``mlj queue``, ``mlj gc`` and ``mlj stop``: what waits, what can go, and ending everything."""

from __future__ import annotations

import click

from ml_jupyter.cli import context, output
from ml_jupyter.cli.workspaces import folder
from ml_jupyter.config import Settings
from ml_jupyter.history import trash
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.queue_view import queue_entries

_LIVE = (
    "Queued",
    "NotStarted",
    "Preparing",
    "Provisioning",
    "Starting",
    "Running",
    "NotResponding",
)


@click.command()
@output.prints("position", "run_id", "reason")
def queue(workspace_name: str | None) -> list[dict[str, object]]:
    """List the runs that wait, in their order, and why each waits."""
    workspace = WorkspaceFolder(folder(context.workspace(workspace_name)))
    entries = queue_entries(workspace, Settings.load())
    return [{"position": e.position, "run_id": e.run_id, "reason": e.reason} for e in entries]


@click.command()
@click.option(
    "--days",
    type=click.FloatRange(0),
    help="Purge what was deleted longer ago; default: the setting.",
)
@output.prints()
def gc(days: float | None, workspace_name: str | None) -> dict[str, int]:
    """Remove deleted runs from the disk for good and say how many bytes that won."""
    workspace = WorkspaceFolder(folder(context.workspace(workspace_name)))
    limit = Settings.load().trash_days if days is None else days
    return {"bytes_freed": trash.purge(workspace, limit)}


@click.command()
@click.option(
    "--all", "everything", is_flag=True, required=True, help="Needed: says that all runs are meant."
)
@output.prints("run_id", "status")
def stop(everything: bool, workspace_name: str | None) -> list[dict[str, str]]:
    """Stop all queued and running runs of the workspace."""
    stopped = []
    for state in _LIVE:
        for run in context.workspace(workspace_name).get_runs(status=state, include_children=True):
            run.cancel()
            stopped.append({"run_id": run.id, "status": run.get_status()})
    return stopped
