"""What the shell offers behind an option: names of runs and of workspaces."""

from __future__ import annotations

from itertools import islice

import click
from click.shell_completion import CompletionItem

from ml_jupyter.exceptions import MlJupyterError

_MOST = 200


def runs(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Ids of the newest runs that begin with what was typed."""
    from ml_jupyter.cli import context as of_command

    try:
        workspace = of_command.workspace(context.params.get("workspace_name"))
        found = islice(workspace.get_runs(include_children=True), _MOST)
        return [
            CompletionItem(run.id, help=f"{run.display_name or ''} {run.status}".strip())
            for run in found
            if run.id.startswith(incomplete)
        ]
    except MlJupyterError:  # the shell shows nothing then
        return []


def workspaces(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of the workspaces that the user has made or opened."""
    from ml_jupyter.sdk.workspace import Workspace

    try:
        return [CompletionItem(name) for name in Workspace.list("") if name.startswith(incomplete)]
    except MlJupyterError:
        return []
