"""``mlj queue``, ``mlj gc`` and ``mlj stop``: what waits, what can go, and ending everything."""

from __future__ import annotations

import click

from ml_jupyter import containers
from ml_jupyter.cli import context, output
from ml_jupyter.cli.workspaces import folder
from ml_jupyter.config import Settings
from ml_jupyter.containers import images as docker_images
from ml_jupyter.datasets.cache import DataCache
from ml_jupyter.environments import garbage, store
from ml_jupyter.history import trash
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import queue_orders
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


@click.command(
    epilog=output.examples(
        "mlj queue -o table", "mlj queue --priority RUN 10", "mlj queue --hold RUN"
    )
)
@click.option("--hold", multiple=True, metavar="RUN", help="Let a run wait; others go past.")
@click.option("--release", multiple=True, metavar="RUN", help="Let a held run go on.")
@click.option(
    "--priority",
    type=(str, int),
    multiple=True,
    metavar="RUN NUMBER",
    help="Move a run that waits: higher goes first.",
)
@click.option(
    "--move",
    type=(str, str),
    multiple=True,
    metavar="RUN BEFORE",
    help="Put a run right before another one that waits; `last` instead of a run: behind all.",
)
@output.prints("position", "run_id", "needs", "reason")
def queue(
    hold: tuple[str, ...],
    release: tuple[str, ...],
    priority: tuple[tuple[str, int], ...],
    move: tuple[tuple[str, str], ...],
    workspace_name: str | None,
) -> list[dict[str, object]]:
    """List the runs that wait, in their order, what each needs, and why it waits.

    Options change runs first.
    """
    workspace = WorkspaceFolder(folder(context.workspace(workspace_name)))
    settings = Settings.load()
    for run_id in hold:
        queue_orders.hold(workspace.run(run_id), settings)
    for run_id in release:
        queue_orders.release(workspace.run(run_id), settings)
    for run_id, number in priority:
        queue_orders.set_priority(workspace.run(run_id), number, settings)
    for run_id, before in move:
        queue_orders.move(workspace, run_id, None if before == "last" else before, settings)
    return [
        {
            "position": entry.position,
            "run_id": entry.run_id,
            "priority": entry.priority,
            "held": entry.held,
            "needs": entry.request.text,
            "reason": entry.reason,
        }
        for entry in queue_entries(workspace, settings)
    ]


@click.command(epilog=output.examples("mlj gc", "mlj gc --days 0 --environment-days 7 --images"))
@click.option(
    "--days",
    type=click.FloatRange(0),
    help="Purge runs that were deleted longer ago; default: the setting trash_days.",
)
@click.option(
    "--environment-days",
    type=click.FloatRange(0),
    help="Remove built environments unused for longer; default: the setting environment_days.",
)
@click.option("--images", is_flag=True, help="Remove Docker images built here and unused as long.")
@output.prints()
def gc(
    days: float | None, environment_days: float | None, images: bool, workspace_name: str | None
) -> dict[str, object]:
    """Remove deleted runs, unused environments and unused fetched data for good."""
    workspace = WorkspaceFolder(folder(context.workspace(workspace_name)))
    settings = Settings.load()
    freed = trash.purge(workspace, settings.trash_days if days is None else days)
    removed = garbage.collect(settings, environment_days)
    value: dict[str, object] = {
        "bytes_freed": freed + sum(item.bytes for item in removed),
        "environments": [item.name for item in removed],
    }
    cache = DataCache.of(settings)
    value["data"] = [
        *cache.collect(settings.data_days * 86_400),
        *cache.shrink(settings.data_cache_limit),
    ]
    if images:
        value["images"] = _collect_images(settings, environment_days)
    return value


def _collect_images(settings: Settings, days: float | None) -> list[str]:
    unused_s = (settings.environment_days if days is None else days) * 86_400
    kept = {place.digest for place in store.places(settings) if place.is_whole}
    return docker_images.collect(containers.connect(), settings, unused_s, kept)


@click.command(epilog=output.examples("mlj stop --all"))
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
