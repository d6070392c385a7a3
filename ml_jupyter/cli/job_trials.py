"""``mlj job trials``: the table of a sweep's trials."""

from __future__ import annotations

from typing import Any

import click

from ml_jupyter.cli import context, output
from ml_jupyter.cli.jobs import job, named
from ml_jupyter.history.query import RunQuery
from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.views import Trials, sweep_json
from ml_jupyter.sweeps import importance as what_mattered
from ml_jupyter.sweeps.space import Parameter

#: What a table shows of a trial before its metric.
_LEADING = ("trial", "status")


@job.command(
    epilog=output.examples(
        "mlj job trials -n SWEEP -o table",
        "mlj job trials -n SWEEP --top 5",
        "mlj job trials -n SWEEP --importance -o table",
    )
)
@named
@click.option("--top", type=click.IntRange(1), help="Only the best so many.")
@click.option(
    "--importance", is_flag=True, help="How much each parameter mattered, in place of the trials."
)
@output.prints()
def trials(
    name: str, top: int | None, importance: bool, workspace_name: str | None
) -> output.Result:
    """List a sweep's trials with their parameters, best first."""
    run = context.run(workspace_name, name)
    found = _ranked(run)
    if importance:
        return output.Result(_importance(run, found), columns=("parameter", "importance"))
    sweep = sweep_json(run._folder) or {}
    metric = f"best_{sweep['metric']}"
    names = [item["name"] for item in sweep["parameters"]]
    rows = [_row(item, metric, names) for item in found[:top]]
    return output.Result(rows, columns=(*_LEADING, metric, *names, "duration_s", "name"))


def _ranked(run: Run) -> list[dict[str, Any]]:
    """The trials, those without a value last.

    Raises
    ------
    UserErrorException
        The run is no sweep.
    """
    workspace = run.experiment.workspace
    reader = Trials(workspace._folder, run._folder)
    children = workspace._index.query(RunQuery(parent=run.id, sort="number")).rows
    sign = -1 if reader.maximize else 1

    def order(row: dict[str, Any]) -> tuple[bool, float]:
        value = row["best"]
        return (True, 0.0) if value is None else (False, sign * value)

    return sorted(reader.rows(children), key=order)


def _row(trial: dict[str, Any], metric: str, names: list[str]) -> dict[str, Any]:
    begun, ended = trial["started_ms"], trial["ended_ms"]
    return {
        "name": trial["run_id"],
        "trial": trial["trial"],
        "status": "Stopped early" if trial["stopped_early"] else trial["status"],
        metric: trial["best"],
        **{name: trial["parameters"].get(name) for name in names},
        "duration_s": None if begun is None or ended is None else round((ended - begun) / 1000, 1),
    }


def _importance(run: Run, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sweep = sweep_json(run._folder) or {}
    plan = run._folder.record.definition["sweep"]
    space = [Parameter.from_json(name, item) for name, item in plan["space"].items()]
    scored = [
        (row["parameters"], row["best"])
        for row in found
        if row["ended_ms"] is not None and row["best"] is not None
    ]
    if len(scored) < what_mattered.LEAST_TRIALS:
        least = what_mattered.LEAST_TRIALS
        click.echo(f"Told after {least} trials with a value; there are {len(scored)}.", err=True)
    shares = what_mattered.importance(space, scored, maximize=sweep["goal"] == "maximize")
    return [{"parameter": name, "importance": round(share, 3)} for name, share in shares.items()]
