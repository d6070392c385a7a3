"""What a run read and wrote, and which other runs used the same data."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Tuple

from ml_jupyter.datasets import registered
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder

_MOST_PLACES, _MOST_RUNS = 5, 8


def data_json(workspace: WorkspaceFolder, run: RunFolder) -> Dict[str, Any]:
    """The ``data`` of a run detail: ``{"read": […], "written": […]}``."""
    definition = run.record.definition
    delivered = run.state().facts.get("delivered") or {}
    inputs: Mapping[str, Any] = definition.get("inputs") or {}
    read = [_read(workspace, run, name, item) for name, item in inputs.items()]
    outputs = [item for item in definition.get("outputs") or () if item.get("destination")]
    written = [_written(workspace, run, item, delivered) for item in outputs]
    return {"read": read, "written": written}


def _read(
    workspace: WorkspaceFolder, run: RunFolder, name: str, item: Mapping[str, Any]
) -> Dict[str, Any]:
    places = [str(place) for place in (*item.get("urls", ()), *item.get("paths", ()))]
    return {
        "name": name,
        **_named(workspace, run, item.get("dataset")),
        "kind": str(item.get("kind") or "file"),
        "mode": str(item.get("mode") or "mount"),
        "places": places[:_MOST_PLACES],
        "count": len(places),
    }


def _written(
    workspace: WorkspaceFolder,
    run: RunFolder,
    item: Mapping[str, Any],
    delivered: Mapping[str, Any],
) -> Dict[str, Any]:
    name = str(item["name"])
    made: Mapping[str, Any] = delivered.get(name) or {}
    content = (item.get("register") or {}).get("content") or {}
    places = [str(made["path"])] if made.get("path") else []
    return {
        "name": name,
        **_named(workspace, run, made.get("dataset")),
        "kind": str(content.get("kind") or "file"),
        "mode": str(item.get("mode") or "mount"),
        "places": places,
        "count": len(places),
    }


def _named(workspace: WorkspaceFolder, run: RunFolder, dataset: Any) -> Dict[str, Any]:
    name, version = _parts(dataset)
    others = [] if name is None else registered.uses(workspace.layout.root, name, version)
    runs = [
        {"id": str(item["run"]), "name": str(item.get("name") or item["run"]), "role": item["role"]}
        for item in others
        if item["run"] != run.id
    ]
    return {"dataset": name, "version": version, "runs": runs[:_MOST_RUNS]}


def _parts(dataset: Any) -> Tuple[Optional[str], Optional[int]]:
    name, _, version = str(dataset or "").rpartition(":")
    return (name, int(version)) if name and version.isdigit() else (None, None)
