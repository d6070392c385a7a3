"""What a notebook output keeps of a run: ``application/vnd.ml-jupyter.run+json``."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

from ml_jupyter import _time
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import stream
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.query import RunRow
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.summary import MetricSummaries
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk.views.detail import run_detail
from ml_jupyter.sdk.views.series import metric_series
from ml_jupyter.sdk.views.summary import run_row, run_summary

MIME_TYPE = "application/vnd.ml-jupyter.run+json"
SCHEMA = 1
MOST_BYTES = 256 * 1024
_SERIES, _POINTS, _CHILDREN, _TAIL_BYTES = 12, 200, 50, 4096


def run_snapshot(
    workspace: WorkspaceFolder,
    run: RunFolder,
    *,
    row: Optional[RunRow] = None,
    summaries: Optional[MetricSummaries] = None,
) -> Dict[str, Any]:
    """The present state of a run, at most 256 KiB as JSON.

    What is too much is left out in this order: points of the curves, children, metrics' list, log.
    """
    summaries = summaries or MetricSummaries(run)
    value: Dict[str, Any] = {
        "schema": SCHEMA,
        "workspace_id": workspace.id,
        "workspace_name": workspace.record.name,
        "run_id": run.id,
        "saved_ms": _time.now_ns() / 1e6,
        "run": run_detail(workspace, run, row=row, summaries=summaries),
        "metrics": {"series": _series(run, summaries)},
        "log_tail": log_tail(run),
        "children": _children(workspace, run),
    }
    return _bounded(value)


def log_tail(run: RunFolder, size: int = _TAIL_BYTES) -> str:
    """The end of the terminal's log as text, from the start of a line."""
    path = run.layout.files / STD_LOG
    data = stream.read(path, -size)
    if stream.size(path) > size:
        _, newline, rest = data.partition(b"\n")
        data = rest if newline else data
    return data.decode("utf-8", "replace")


def _series(run: RunFolder, summaries: MetricSummaries) -> List[Dict[str, Any]]:
    summaries.refresh()
    numeric = [n for n, s in summaries.series.items() if s.has_numbers]
    first = summaries.primary(run.state().tags.get("primary_metric"))
    if first in numeric:
        numeric.insert(0, numeric.pop(numeric.index(first)))
    return metric_series(run, numeric[:_SERIES], _POINTS)


def _children(workspace: WorkspaceFolder, run: RunFolder) -> List[Dict[str, Any]]:
    found = []
    for child in run.state().children[::-1][:_CHILDREN]:
        try:
            folder = workspace.run(child, run.record.experiment_id)
            found.append(run_summary(workspace, run_row(workspace, folder)))
        except MlJupyterError:  # deleted meanwhile
            continue
    return found


def _bounded(value: Dict[str, Any]) -> Dict[str, Any]:
    for shorten in (_fewer_points, _fewer_children, _fewer_metrics, _shorter_run):
        if _size(value) <= MOST_BYTES:
            return value
        shorten(value)
    return value


def _size(value: Dict[str, Any]) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _fewer_points(value: Dict[str, Any]) -> None:
    del value["metrics"]["series"][3:]


def _fewer_children(value: Dict[str, Any]) -> None:
    del value["children"][10:]


def _fewer_metrics(value: Dict[str, Any]) -> None:
    for item in value["run"]["metrics"]:
        if isinstance(item["last"], str):
            item["last"] = item["last"][:200]
    del value["run"]["metrics"][200:]


def _shorter_run(value: Dict[str, Any]) -> None:
    run = value["run"]
    for key in ("tags", "properties", "parameters"):
        run[key] = {k[:100]: v if v is None else v[:200] for k, v in list(run[key].items())[:50]}
    for key in ("arguments", "command", "warnings", "log_files"):
        run[key] = [item[:200] for item in (run[key] or [])[:50]]
    for key in ("description", "reason"):
        run[key] = run[key] and run[key][:2000]
    run["finding"] = _shorter_finding(run["finding"])
    if run["error"]:
        run["error"] = {k: v and v[-4000:] for k, v in run["error"].items()}
    value["children"], value["metrics"]["series"] = [], []


def _shorter_finding(finding: Optional[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    """What one reads first; the frames, the traceback and the curve are what is long."""
    if finding is None:
        return None
    long = {"frames": [], "traceback": None, "tail": finding["tail"][-5:], "curve": None}
    return {**finding, **long, "changes": None}
