"""``get_details()``: what the Azure ML SDK tells of a run, under its names (surface 4.8)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional

from ml_jupyter import _time
from ml_jupyter.jobs import finding
from ml_jupyter.sdk import installed, run_inputs
from ml_jupyter.sdk.views import packages
from ml_jupyter.sdk.views.data import tracked_inputs
from ml_jupyter.sdk.views.files import log_files
from ml_jupyter.sdk.views.imported import imported_json
from ml_jupyter.sdk.views.system import resources_json

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run

#: Keys of a stored definition that are ours and not part of a run definition.
_OURS = ("launch",)


def details_of(run: Run) -> Dict[str, Any]:
    """The details of a run now. Times are ISO 8601, UTC, ending in ``Z``."""
    folder = run._folder
    state, record = folder.state(), folder.record
    found: Dict[str, Any] = {
        "runId": record.id,
        "target": record.target,
        "status": state.status,
    }
    if state.started is not None:
        found["startTimeUtc"] = _time.iso(state.started)
    if state.ended_at_all and state.ended is not None:
        found["endTimeUtc"] = _time.iso(state.ended)
    if state.reason is not None:  # why it waits, or how it ended
        found["reason"] = state.reason
    if state.warnings:
        found["warnings"] = [{"source": "ml_jupyter", "message": text} for text in state.warnings]
    if state.ended_at_all and state.error is not None:
        found["error"] = _error(state.error, state.exit_code)
    found.update(_noted(run))
    found["services"] = {}
    found["properties"] = dict(state.properties)
    found["inputDatasets"] = [
        *run_inputs.as_details(record.definition),
        *map(run_inputs.tracked_as_details, tracked_inputs(folder)),
    ]
    found["outputDatasets"] = run_inputs.outputs_as_details(record.definition, state.facts)
    if record.definition:
        kept = {key: value for key, value in record.definition.items() if key not in _OURS}
        found["runDefinition"] = kept
    found["logFiles"] = {name: str(folder.layout.files / name) for name in log_files(folder)}
    found["submittedBy"] = record.user
    return found


def details_with_logs(run: Run) -> Dict[str, Any]:
    """The details with the logs' contents in place of their paths, and each package by name."""
    found = details_of(run)
    found["logFiles"] = {name: _text(Path(path)) for name, path in found["logFiles"].items()}
    installed = packages.packages_of(run._workspace._folder, run._folder)
    if installed is not None:
        lines = [packages.requirement(item) for item in installed.packages]
        found["packages"]["installed"] = lines
    return found


def all_logs(run: Run, destination: Any) -> List[str]:
    """Copy the logs into ``destination`` (default: here); the paths, in the order of the logs."""
    from ml_jupyter.sdk import artifacts

    root = Path(destination or ".")
    return [
        str(artifacts.download(run._folder, name, root / name)) for name in log_files(run._folder)
    ]


def _noted(run: Run) -> Dict[str, Any]:
    """What the software noted of a job; keys of ours, left out where there is nothing."""
    folder = run._folder
    facts = folder.state().facts
    found = {
        "placement": facts.get("placement"),
        "ranks": facts.get("ranks"),
        "finding": finding.of(run._workspace._folder.layout, folder),
        "resources": resources_json(folder),
        "packages": _packages(run),
        "imported": _imported(run),
    }
    return {key: value for key, value in found.items() if value}


def _packages(run: Run) -> Optional[Dict[str, Any]]:
    installed.wait_for(run.id)
    layout = run._workspace._folder.layout
    found = packages.packages_fact(run._workspace._folder, run._folder)
    if found is None:
        return None
    file = str(layout.packages / f"{found.pop('digest')}.json")
    return {**found, "file": file}


def _imported(run: Run) -> Optional[Dict[str, Any]]:
    found = imported_json(run._folder)
    if found is None:
        return None
    at = found.pop("imported_ms")
    return {**found, "timeUtc": None if at is None else _time.iso(int(at * 1_000_000))}


def _error(error: Mapping[str, Any], exit_code: Any) -> Dict[str, Any]:
    inner = {"code": error.get("code"), "message": error.get("message")}
    if error.get("traceback"):
        inner["details"] = [{"code": "traceback", "message": error["traceback"]}]
    if exit_code is not None:
        inner["exitCode"] = exit_code
    return {"error": inner}


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")
