"""What a run read: paths inside the job, and names and addresses in its details."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional

from ml_jupyter._files import read_json
from ml_jupyter.jobs import inputs

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run
    from ml_jupyter.sdk.workspace import Workspace

_PREFIX = "AZURE_ML_INPUT_"


def given(run: Run) -> Dict[str, Any]:
    """Inputs of this process's own run by name: paths of files, datasets of tables; else empty."""
    if os.environ.get("ML_JUPYTER_RUN_ID") != run.id:
        return {}
    return {
        name[len(_PREFIX) :]: _given(run, name[len(_PREFIX) :], value)
        for name, value in os.environ.items()
        if name.startswith(_PREFIX)
    }


def table_at(path: str, workspace: Workspace) -> Optional[Any]:
    """The table that a job got at a path (what stands in its arguments); None: there is none."""
    for name, value in os.environ.items():
        if name.startswith(_PREFIX) and value == path:
            run_id = os.environ.get("ML_JUPYTER_RUN_ID", "")
            made = _given(workspace.get_run(run_id), name[len(_PREFIX) :], value)
            return None if isinstance(made, str) else made
    return None


def _given(run: Run, name: str, path: str) -> Any:
    from ml_jupyter.sdk import dataset_store

    described = inputs.described(run._folder.layout.inputs / name)
    if not described.exists():
        return path
    value = read_json(described)
    made = dataset_store.of_content(value["content"], run._workspace)
    made._record, made._given = value.get("record"), (path, value["files"])
    return made


def as_details(definition: Mapping[str, Any]) -> List[Dict[str, Any]]:
    """The ``inputDatasets`` of a run's details."""
    found = []
    for name, item in (definition.get("inputs") or {}).items():
        dataset, _, version = str(item.get("dataset", "")).partition(":")
        found.append(
            {
                "dataset": {"name": dataset or None, "version": version or None},
                "consumptionDetails": {
                    "type": "RunInput",
                    "inputName": name,
                    "mechanism": item.get("mode", "mount"),
                },
                "sources": [*item.get("urls", ()), *item.get("paths", ())],
                "content": item.get("snapshot"),
            }
        )
    return found


def tracked_as_details(item: Mapping[str, str]) -> Dict[str, Any]:
    """One of the ``inputDatasets`` that the run told MLflow of."""
    return {
        "dataset": {"name": item["name"] or None, "version": item["digest"] or None},
        "consumptionDetails": {
            "type": "RunInput",
            "inputName": item["context"] or item["name"],
            "mechanism": "direct",
        },
        "sources": [item["place"]] if item["place"] else [],
        "content": None,
    }


def outputs_as_details(
    definition: Mapping[str, Any], facts: Mapping[str, Any]
) -> List[Dict[str, Any]]:
    """The ``outputDatasets`` of a run's details: what it gives, and under which names."""
    delivered = facts.get("delivered") or {}
    found = []
    for item in definition.get("outputs") or ():
        if not item.get("destination"):
            continue
        name = str(item["name"])
        made = delivered.get(name, {})
        dataset, _, version = str(made.get("dataset", "")).rpartition(":")
        found.append(
            {
                "identifier": {"savedId": made.get("id")},
                "dataset": {"name": dataset or None, "version": version or None},
                "outputType": "RunOutput",
                "outputDetails": {"outputName": name, "mechanism": item.get("mode")},
                "path": made.get("path"),
            }
        )
    return found
