"""A job as the command line prints it: the keys of Azure's CLI v2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml_jupyter import _time
from ml_jupyter.history.records import SWEEP
from ml_jupyter.sdk.run import Run

#: What a table shows of a job.
COLUMNS = ("name", "type", "status", "display_name", "experiment_name", "compute")


def as_json(run: Run) -> dict[str, Any]:
    """The job; ``tags`` and ``properties`` are always objects."""
    details = run.get_details()
    definition: Mapping[str, Any] = details.get("runDefinition", {})
    environment = definition.get("environment") or {}
    record = run._folder.record
    value: dict[str, Any] = {
        "name": run.id,
        "id": run.id,
        "type": "sweep" if run.type == SWEEP else "command",
        "status": details["status"],
        "display_name": run.display_name,
        "description": run.description or "",
        "experiment_name": run.experiment.name,
        "creation_context": {
            "created_at": _time.iso(record.created),
            "created_by": record.user,
        },
        "compute": record.target,
        "command": definition.get("command") or definition.get("script"),
        "arguments": definition.get("arguments", []),
        "environment": environment.get("name"),
        "code": record.snapshot_id,
        "inputs": definition.get("inputs", {}),
        "outputs": {item["name"]: {"type": item["type"]} for item in definition.get("outputs", [])},
        "tags": run.get_tags(),
        "properties": run.get_properties(),
        "services": {"Studio": {"endpoint": run.get_portal_url(), "type": "Studio"}},
        "start_time": details.get("startTimeUtc"),
        "end_time": details.get("endTimeUtc"),
        "error": details.get("error"),
        "packages": details.get("packages"),
    }
    if run.type == SWEEP:
        value["trials"] = run._folder.state().facts.get("sweep", {})
    return value
