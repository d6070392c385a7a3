"""Which run a command means: one that is named, or the newest."""

from __future__ import annotations

from typing import Any

import click

from ml_jupyter.cli import complete, context, output
from ml_jupyter.exceptions import RunNotFound
from ml_jupyter.sdk.run import Run


def run_argument(command: Any) -> Any:
    """``[RUN]``, ``-n RUN`` and ``-r RUN``: all the same."""
    for flags in (("-n", "--name"), ("-r", "--run")):
        command = click.option(
            *flags, "named", metavar="RUN", help="The same as RUN.", shell_complete=complete.runs
        )(command)
    return click.argument("run_id", metavar="[RUN]", required=False, shell_complete=complete.runs)(
        command
    )


def run(workspace_name: str | None, run_id: str | None) -> Run:
    """The run of this id; without one the newest of the workspace.

    Raises
    ------
    RunNotFound
        There is none.
    """
    if run_id is not None:
        return context.run(workspace_name, run_id)
    workspace = context.workspace(workspace_name)
    newest = next(iter(workspace.get_runs()), None)
    if newest is None:
        raise RunNotFound(
            f"There is no run in the workspace {workspace.name!r} yet.",
            hint="Submit one: mlj job create -f job.yml",
        )
    output.say(f"Run: {newest.id}, the newest")
    return newest
