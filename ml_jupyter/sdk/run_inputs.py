"""What a run read: paths inside the job, and names and addresses in its details."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Dict, List, Mapping

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run

_PREFIX = "AZURE_ML_INPUT_"


def paths_here(run: Run) -> Dict[str, str]:
    """Inputs of this process's own run by name: where their files lie; empty elsewhere."""
    if os.environ.get("ML_JUPYTER_RUN_ID") != run.id:
        return {}
    return {
        name[len(_PREFIX) :]: value
        for name, value in os.environ.items()
        if name.startswith(_PREFIX)
    }


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
