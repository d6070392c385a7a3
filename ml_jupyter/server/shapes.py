"""The shapes of answers as JSON Schema; docs/http-api.md says what the fields mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml_jupyter.history import status
from ml_jupyter.server.schemas import Schema

_TEXT: Schema = {"type": "string"}
_INTEGER: Schema = {"type": "integer"}
_NUMBER: Schema = {"type": "number"}
_FLAG: Schema = {"type": "boolean"}
_ANY: Schema = {}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _map(item: Schema) -> Schema:
    return {"type": "object", "additionalProperties": item}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_TEXT_OR_NULL = _or_null(_TEXT)
_NUMBER_OR_NULL = _or_null(_NUMBER)
_JSON_NUMBER: Schema = {"anyOf": [_NUMBER, {"enum": ["NaN", "Infinity", "-Infinity"]}]}
_STATUS: Schema = {"type": "string", "enum": sorted(status.ALL)}

_PRIMARY = _object(
    name=_TEXT,
    last=_ANY,
    best=_or_null(_JSON_NUMBER),
    best_step=_or_null(_INTEGER),
    count=_INTEGER,
    spark=_list(_JSON_NUMBER),
)
_SUMMARY: dict[str, Schema] = {
    "id": _TEXT,
    "workspace_id": _TEXT,
    "number": _INTEGER,
    "experiment_id": _TEXT,
    "experiment": _TEXT,
    "display_name": _TEXT,
    "type": _TEXT,
    "status": _STATUS,
    "reason": _TEXT_OR_NULL,
    "parent_id": _TEXT_OR_NULL,
    "root_id": _TEXT,
    "target": _TEXT,
    "user": _TEXT,
    "archived": _FLAG,
    "created_ms": _NUMBER,
    "started_ms": _NUMBER_OR_NULL,
    "ended_ms": _NUMBER_OR_NULL,
    "tags": _map(_TEXT_OR_NULL),
    "primary_metric": _or_null(_PRIMARY),
    "progress": _or_null(_object(step=_NUMBER, total=_NUMBER)),
    "child_count": _INTEGER,
    "children": _map(_INTEGER),
    "can_write": _FLAG,
}
_METRIC = _object(
    name=_TEXT,
    kind=_TEXT,
    count=_INTEGER,
    last=_ANY,
    min=_or_null(_JSON_NUMBER),
    max=_or_null(_JSON_NUMBER),
    first_nan_step=_or_null(_INTEGER),
    description=_TEXT,
)
_DETAIL: dict[str, Schema] = {
    **_SUMMARY,
    "description": _TEXT_OR_NULL,
    "properties": _map(_TEXT),
    "command": _or_null(_list(_TEXT)),
    "parameters": _map(_TEXT),
    "script": _TEXT_OR_NULL,
    "arguments": _list(_TEXT),
    "error": _or_null(_object(code=_TEXT_OR_NULL, message=_TEXT_OR_NULL, traceback=_TEXT_OR_NULL)),
    "warnings": _list(_TEXT),
    "git": _or_null(_map(_ANY)),
    "snapshot_id": _TEXT_OR_NULL,
    "host": _TEXT,
    "metrics": _list(_METRIC),
    "log_files": _list(_TEXT),
    "portal_url": _TEXT,
    "duration_ms": _NUMBER_OR_NULL,
    "parents": _list(_object(id=_TEXT, display_name=_TEXT, number=_INTEGER)),
}
_SCALARS = _object(
    name=_TEXT,
    kind={"const": "scalar"},
    count=_INTEGER,
    steps=_list(_INTEGER),
    times_ms=_list(_NUMBER),
    values=_list(_or_null(_JSON_NUMBER)),
    downsampled=_FLAG,
)
_ENTRIES = _object(
    name=_TEXT,
    kind={"type": "string", "not": {"const": "scalar"}},
    count=_INTEGER,
    entries=_list(_object(step=_or_null(_INTEGER), time_ms=_NUMBER, value=_ANY)),
)
_EXPERIMENT = _object(
    id=_TEXT,
    name=_TEXT,
    archived=_FLAG,
    tags=_map(_TEXT_OR_NULL),
    description=_TEXT_OR_NULL,
    created_ms=_NUMBER,
    run_count=_INTEGER,
    active_count=_INTEGER,
)
_BOARD = _object(id=_TEXT, url=_TEXT, run_ids=_list(_TEXT), workspace_id=_TEXT, started_ms=_NUMBER)

SHAPES: Mapping[str, Schema] = {
    "Error": _object(code=_TEXT, message=_TEXT, hint=_TEXT_OR_NULL, details=_map(_ANY)),
    "Workspaces": _object(
        workspaces=_list(_object(id=_TEXT, name=_TEXT, is_default=_FLAG, created_ms=_NUMBER))
    ),
    "Experiment": _EXPERIMENT,
    "Experiments": _object(experiments=_list(_ref("Experiment"))),
    "RunSummary": _object(**_SUMMARY),
    "RunDetail": _object(**_DETAIL),
    "RunPage": _object(
        runs=_list(_ref("RunSummary")), total=_INTEGER, offset=_INTEGER, limit=_INTEGER
    ),
    "Series": {"oneOf": [_SCALARS, _ENTRIES]},
    "Metrics": _object(series=_list(_ref("Series"))),
    "Files": _object(
        files=_list(_object(path=_TEXT, size=_INTEGER, modified_ms=_NUMBER)), truncated=_FLAG
    ),
    "Queue": _object(
        slots=_object(total=_INTEGER, free=_INTEGER),
        entries=_list(_object(run_id=_TEXT, position=_INTEGER, reason=_TEXT)),
        ends_with_server=_FLAG,
    ),
    "Machine": _object(
        cpu_count=_INTEGER,
        cpu_used=_NUMBER,
        memory_total=_INTEGER,
        memory_used=_INTEGER,
        gpus=_list(_ANY),
    ),
    "TensorBoard": _BOARD,
    "TensorBoards": _object(tensorboards=_list(_ref("TensorBoard"))),
    "OpenApi": _map(_ANY),
}


def reference(name: str) -> dict[str, Any]:
    """A reference to a shape within the document."""
    return dict(_ref(name))
