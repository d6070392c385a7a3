"""What a run read and wrote, and which other runs used the same data."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ml_jupyter.datasets import registered
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import masking

_MOST_PLACES, _MOST_RUNS = 5, 8
#: Facts of data that MLflow was told of (``ml_jupyter.mlflow``), and its tag for what for.
_TRACKED, _CONTEXT = "mlflow:dataset:", "mlflow.data.context"
#: Source: the classes ``*DatasetSource`` of mlflow.data.
_ADDRESSES = ("url", "uri", "path", "delta_table_name", "table_name")


def data_json(workspace: WorkspaceFolder, run: RunFolder) -> Dict[str, Any]:
    """The ``data`` of a run detail: ``{"read": […], "written": […]}``."""
    definition = run.record.definition
    delivered = run.state().facts.get("delivered") or {}
    inputs: Mapping[str, Any] = definition.get("inputs") or {}
    read = [_read(workspace, run, name, item) for name, item in inputs.items()]
    read += [_tracked(item) for item in tracked_inputs(run)]
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


def tracked_inputs(run: RunFolder) -> List[Dict[str, Any]]:
    """Data that a run told MLflow of, here or before it was imported.

    Returns
    -------
    list of dict
        ``name``, ``digest``, ``context`` (what it was for, may be empty) and ``place`` (its
        address without credentials; empty: it has none).
    """
    found = []
    for key, value in run.state().facts.items():
        dataset = value.get("dataset") if isinstance(value, Mapping) else None
        if not key.startswith(_TRACKED) or not isinstance(dataset, Mapping):
            continue
        tags = value.get("tags")
        context = tags.get(_CONTEXT) if isinstance(tags, Mapping) else None
        found.append(
            {
                "name": str(dataset.get("name") or ""),
                "digest": str(dataset.get("digest") or ""),
                "context": str(context or ""),
                "place": _place(dataset.get("source")),
            }
        )
    return found


def _tracked(item: Mapping[str, str]) -> Dict[str, Any]:
    places = [item["place"]] if item["place"] else []
    return {
        "name": f"{item['name']} {item['digest']}".strip(),
        "dataset": None,
        "version": None,
        "runs": [],
        "kind": "file",
        "mode": item["context"],
        "places": places,
        "count": len(places),
    }


def _place(source: Any) -> str:
    """The address in a source of MLflow's, which is JSON of a form that its kind defines."""
    try:
        value = json.loads(source)
    except (TypeError, ValueError):
        return ""
    for name in _ADDRESSES:
        if isinstance(value, dict) and isinstance(value.get(name), str) and value[name]:
            return masking.text(value[name])
    return ""


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
