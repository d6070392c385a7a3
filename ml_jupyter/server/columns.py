"""Columns of a table of runs that its person chooses: newest metric values and parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.jobs.command_line import parameters_of
from ml_jupyter.server.workspaces import OpenWorkspace

METRIC, PARAMETER = "metric:", "param:"
#: Parameters are in no index: they are looked for in so many of the newest runs.
_LOOKED_AT = 200


def add(item: OpenWorkspace, wanted: Sequence[str], runs: list[dict[str, Any]]) -> None:
    """Put ``values`` into each run summary: what it has of the wanted columns."""
    metrics = [name[len(METRIC) :] for name in wanted if name.startswith(METRIC)]
    parameters = [name[len(PARAMETER) :] for name in wanted if name.startswith(PARAMETER)]
    newest = item.index.newest_values([run["id"] for run in runs], metrics)
    for run in runs:
        of_run = newest.get(run["id"], {})
        values: dict[str, Any] = {METRIC + name: value for name, value in of_run.items()}
        if parameters:
            given = _parameters(item, run["id"])
            values.update({PARAMETER + key: given[key] for key in parameters if key in given})
        run["values"] = values


def names(item: OpenWorkspace, experiment: ExperimentRecord) -> dict[str, list[str]]:
    """Metrics, tags and parameters among the runs of an experiment."""
    metrics, tags = item.index.names_in(experiment.id)
    page = item.index.query(RunQuery(experiment_id=experiment.id, limit=_LOOKED_AT))
    counts: dict[str, int] = {}
    for row in page.rows:
        for name in _parameters(item, row.id):
            counts[name] = counts.get(name, 0) + 1
    parameters = sorted(counts, key=lambda name: (-counts[name], name))
    return {"metrics": metrics, "tags": tags, "parameters": parameters}


def _parameters(item: OpenWorkspace, run_id: str) -> dict[str, str]:
    try:
        definition = item.run(run_id).record.definition
    except MlJupyterError:  # deleted just now, or damaged: its row says so
        return {}
    return parameters_of([str(part) for part in definition.get("arguments") or ()])
