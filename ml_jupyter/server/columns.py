"""Columns of a table of runs that its person chooses: newest metric values and parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ml_jupyter.history.query import METRIC, PARAMETER
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.server.workspaces import OpenWorkspace


def add(item: OpenWorkspace, wanted: Sequence[str], runs: list[dict[str, Any]]) -> None:
    """Put ``values`` into each run summary: what it has of the wanted columns."""
    ids = [run["id"] for run in runs]
    metrics = item.index.newest_values(ids, _names(wanted, METRIC))
    parameters = item.index.parameters_of(ids, _names(wanted, PARAMETER))
    for run in runs:
        values: dict[str, Any] = {}
        for kind, found in ((METRIC, metrics), (PARAMETER, parameters)):
            values.update({kind + name: of for name, of in found.get(run["id"], {}).items()})
        run["values"] = values


def names(item: OpenWorkspace, experiment: ExperimentRecord) -> dict[str, list[str]]:
    """Metrics, tags and parameters among the runs of an experiment."""
    return asdict(item.index.names_in(experiment.id))


def _names(wanted: Sequence[str], kind: str) -> list[str]:
    return [name[len(kind) :] for name in wanted if name.startswith(kind)]
