"""A run with everything that its page shows."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional
from urllib.parse import urlencode

from ml_jupyter import _time
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history.layout import BUILD_LOG
from ml_jupyter.history.parameters import parameters_of
from ml_jupyter.history.query import RunRow
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.summary import MetricSummaries, SeriesSummary
from ml_jupyter.history.system_use import SystemUse
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import finding
from ml_jupyter.sdk.views.data import data_json
from ml_jupyter.sdk.views.environment import environment_json
from ml_jupyter.sdk.views.files import log_files
from ml_jupyter.sdk.views.imported import imported_json
from ml_jupyter.sdk.views.packages import packages_fact
from ml_jupyter.sdk.views.ranks import ranks_json
from ml_jupyter.sdk.views.summary import run_row, run_summary
from ml_jupyter.sdk.views.system import resources_json
from ml_jupyter.sdk.views.trials import sweep_json
from ml_jupyter.sdk.views.values import safe

_GIT = ("commit", "branch", "dirty", "repository")
_MOST_PARENTS = 50


def run_detail(
    workspace: WorkspaceFolder,
    run: RunFolder,
    *,
    row: Optional[RunRow] = None,
    summaries: Optional[MetricSummaries] = None,
    use: Optional[SystemUse] = None,
    can_write: bool = True,
) -> Dict[str, Any]:
    """The **run detail** of ``docs/http-api.md``.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where the run is.
    run : RunFolder
        The run.
    row : RunRow, optional
        What the index knows of it; without it the folders of the run and its children are read.
    summaries : MetricSummaries, optional
        Kept from an earlier call, so that only new points are read.
    use : SystemUse, optional
        The same for what its job used.
    can_write : bool
        Whether the reader may change the run.
    """
    state, record = run.state(), run.record
    definition = record.definition
    summary = run_summary(workspace, row or run_row(workspace, run), can_write=can_write)
    logs = log_files(run)
    return {
        **summary,
        "status": state.status,
        "reason": state.reason,
        "description": state.description,
        "properties": dict(state.properties),
        "command": command_of(definition),
        "parameters": parameters_of(state),
        "script": definition.get("script"),
        "arguments": [str(item) for item in definition.get("arguments") or ()],
        "error": _error(state.error),
        "warnings": list(state.warnings),
        "git": {key: record.git.get(key) for key in _GIT} if record.git else None,
        "snapshot_id": record.snapshot_id,
        "environment": safe(environment_json(run)),
        "packages": packages_fact(workspace, run),
        "host": record.host,
        "metrics": _metrics(run, summaries),
        "log_files": logs,
        "build_log": BUILD_LOG if BUILD_LOG in logs else None,
        "finding": safe(finding.of(workspace.layout, run)),
        "resources": safe(resources_json(run, use)),
        "ranks": ranks_json(run),
        "sweep": sweep_json(run),
        "data": safe(data_json(workspace, run)),
        "imported": imported_json(run),
        "placement": safe(state.facts.get("placement")),
        "portal_url": page_address(workspace.id, record.id),
        "duration_ms": duration_ms(state.started, state.ended),
        "parents": _parents(workspace, run),
    }


def page_address(workspace_id: str, run_id: str) -> str:
    """Address of a run's page, relative to the base URL of the Jupyter server."""
    return f"lab?{urlencode({'run': run_id, 'ml-workspace': workspace_id})}"


def command_of(definition: Mapping[str, Any]) -> Optional[List[str]]:
    """What is run: the shell's text alone, or program, script and arguments."""
    command, script = definition.get("command"), definition.get("script")
    if command:
        return [command] if isinstance(command, str) else [str(item) for item in command]
    if not script:
        return None
    return [_program(str(script)), str(script), *map(str, definition.get("arguments") or ())]


def duration_ms(started: Optional[int], ended: Optional[int]) -> Optional[float]:
    """Milliseconds from the start to the end, or until now; None before the start."""
    if started is None:
        return None
    return max(0, (_time.now_ns() if ended is None else ended) - started) / 1_000_000


def _program(script: str) -> str:
    if script.endswith(".ipynb"):
        return "notebook"
    return "sh" if script.endswith(".sh") else "python"


def _error(error: Optional[Mapping[str, Any]]) -> Optional[Dict[str, Any]]:
    if error is None:
        return None
    keys = ("code", "message", "traceback")
    return {key: None if error.get(key) is None else str(error[key]) for key in keys}


def _metrics(run: RunFolder, summaries: Optional[MetricSummaries]) -> List[Dict[str, Any]]:
    summaries = summaries or MetricSummaries(run)
    summaries.refresh()
    found = []
    for name, item in summaries.names.items():
        series = summaries.series.get(name)
        facts = _structured(run, name) if series is None else _scalar(series)
        kind = item.shape if series is None else scalar_kind(series)
        found.append({"name": name, "kind": kind, **facts, "description": item.description})
    return found


def scalar_kind(series: SeriesSummary) -> str:
    """``text`` for a series with texts and without numbers, else ``scalar``."""
    return "text" if isinstance(series.last, str) and not series.has_numbers else "scalar"


def _scalar(series: SeriesSummary) -> Dict[str, Any]:
    return {
        "count": series.count,
        "last": safe(series.last),
        "min": safe(series.least),
        "max": safe(series.greatest),
        "first_nan_step": series.first_nan_step,
    }


def _structured(run: RunFolder, name: str) -> Dict[str, Any]:
    count = len(run.structured(name))
    return {"count": count, "last": None, "min": None, "max": None, "first_nan_step": None}


def _parents(workspace: WorkspaceFolder, run: RunFolder) -> List[Dict[str, Any]]:
    """From the top-level run down to the direct parent."""
    found: List[Dict[str, Any]] = []
    above = run.record.parent_id
    while above is not None and len(found) < _MOST_PARENTS:
        try:
            parent = workspace.run(above, None)
        except MlJupyterError:  # deleted: the trail ends here
            break
        state = parent.state()
        name = state.display_name or parent.record.experiment
        found.append({"id": parent.id, "display_name": name, "number": parent.record.number})
        above = parent.record.parent_id
    return found[::-1]
