"""Many runs side by side: what each was given and what came of it, as columns."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ml_jupyter.history.parameters import parameters_of
from ml_jupyter.history.query import RunRow
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.summary import Extremes, lower_is_better
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk.views.detail import duration_ms
from ml_jupyter.sdk.views.environment import environment_json
from ml_jupyter.sdk.views.packages import differing
from ml_jupyter.sdk.views.summary import run_summary
from ml_jupyter.sdk.views.values import safe

#: A run with what the index knows of it.
Compared = Tuple[RunFolder, RunRow]
Column = List[Any]
_PACKAGE = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^]]*\])?)\s*(?:===?\s*)?(.*)$")


def comparison(
    workspace: WorkspaceFolder,
    runs: Sequence[Compared],
    extremes_of: Callable[[RunFolder], Mapping[str, Extremes]],
    *,
    can_write: bool = True,
) -> Dict[str, Any]:
    """The **comparison** of ``docs/http-api.md``, without what is missing.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where the runs are.
    runs : sequence of Compared
        In the order to show.
    extremes_of : callable
        Gives newest value and bounds of a run's metrics with numbers, as they are now.
    can_write : bool
        Whether the reader may change the runs.
    """
    count = len(runs)
    parameters: Dict[str, Column] = {}
    environment: Dict[str, Column] = {}
    metrics: Dict[str, Dict[str, Column]] = {}
    for at, (run, _) in enumerate(runs):
        _fill(parameters, at, count, parameters_of(run.state()))
        _fill(environment, at, count, _environment(run))
        for name, item in extremes_of(run).items():
            _fill(metrics.setdefault(name, {}), at, count, _extremes(name, item))
    for at, installed in enumerate(differing(workspace, [run for run, _ in runs])):
        _fill(environment, at, count, installed)
    return {
        "runs": [_summary(workspace, run, row, can_write) for run, row in runs],
        "parameters": parameters,
        "metrics": [
            {"name": name, "lower": lower_is_better(name), **metrics[name]}
            for name in sorted(metrics)
        ],
        "environment": environment,
    }


def _fill(columns: Dict[str, Column], at: int, count: int, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name not in columns:
            columns[name] = [None] * count
        columns[name][at] = value


def _extremes(name: str, item: Extremes) -> Dict[str, Any]:
    return {
        "last": safe(item.last),
        "best": safe(item.best(name)),
        "min": safe(item.least),
        "max": safe(item.greatest),
    }


def _summary(
    workspace: WorkspaceFolder, run: RunFolder, row: RunRow, can_write: bool
) -> Dict[str, Any]:
    return {
        **run_summary(workspace, row, can_write=can_write),
        "duration_ms": duration_ms(row.started, row.ended),
        "snapshot_id": run.record.snapshot_id,
    }


def _environment(run: RunFolder) -> Dict[str, Any]:
    record = run.record
    facts: Dict[str, Optional[Any]] = {"target": record.target, "host": record.host}
    facts["script"] = record.definition.get("script")
    for key in ("commit", "branch", "dirty"):
        facts[f"git {key}"] = record.git.get(key)
    found = environment_json(run)
    if found is not None:
        for key in ("name", "version", "mode", "python", "interpreter", "image"):
            facts["environment" if key == "name" else key] = found[key]
        for key, value in found["limits"].items():
            facts[key] = value
        for key, value in found["variables"].items():
            facts[f"variable {key}"] = value
        for line in (*found["pip"], *found["conda"]):
            name, version = package_of(line)
            facts[f"package {name}"] = version
    return {key: safe(value) for key, value in facts.items() if value is not None}


def package_of(line: str) -> Tuple[str, str]:
    """Name and version of a requirement; "any" when it names no version.

    Examples
    --------
    >>> package_of("torch==2.6"), package_of("numpy>=2,<3"), package_of("pandas")
    (('torch', '2.6'), ('numpy', '>=2,<3'), ('pandas', 'any'))
    """
    found = _PACKAGE.match(line)
    if found is None:
        return line, "any"
    version = found.group(2).strip().lstrip("=").strip()
    return found.group(1), version or "any"
