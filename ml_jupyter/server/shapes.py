"""The shapes of answers as JSON Schema; docs/http-api.md says what the fields mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml_jupyter.server import (
    shapes_compare,
    shapes_machine,
    shapes_models,
    shapes_trials,
    shapes_use,
)
from ml_jupyter.server.schemas import Schema
from ml_jupyter.server.shape_parts import (
    ANY,
    FLAG,
    INTEGER,
    JSON_NUMBER,
    NUMBER,
    NUMBER_OR_NULL,
    STATUS,
    TEXT,
    TEXT_OR_NULL,
    listed,
    mapped,
    or_null,
    record,
    ref,
)

_PRIMARY = record(
    name=TEXT,
    last=ANY,
    best=or_null(JSON_NUMBER),
    best_step=or_null(INTEGER),
    count=INTEGER,
    spark=listed(JSON_NUMBER),
)
_SUMMARY: dict[str, Schema] = {
    "id": TEXT,
    "workspace_id": TEXT,
    "number": INTEGER,
    "experiment_id": TEXT,
    "experiment": TEXT,
    "display_name": TEXT,
    "type": TEXT,
    "status": STATUS,
    "reason": TEXT_OR_NULL,
    "parent_id": TEXT_OR_NULL,
    "root_id": TEXT,
    "target": TEXT,
    "user": TEXT,
    "archived": FLAG,
    "created_ms": NUMBER,
    "started_ms": NUMBER_OR_NULL,
    "ended_ms": NUMBER_OR_NULL,
    "tags": mapped(TEXT_OR_NULL),
    "primary_metric": or_null(_PRIMARY),
    "progress": or_null(record(step=NUMBER, total=NUMBER)),
    "child_count": INTEGER,
    "children": mapped(INTEGER),
    "can_write": FLAG,
}
_METRIC = record(
    name=TEXT,
    kind=TEXT,
    count=INTEGER,
    last=ANY,
    min=or_null(JSON_NUMBER),
    max=or_null(JSON_NUMBER),
    first_nan_step=or_null(INTEGER),
    description=TEXT,
)
_RANK = record(
    rank=INTEGER,
    name=TEXT,
    node=INTEGER,
    log=TEXT,
    size=INTEGER,
    exit_code=or_null(INTEGER),
    failed_first=FLAG,
)
_DATA = record(
    name=TEXT,
    dataset=TEXT_OR_NULL,
    version=or_null(INTEGER),
    kind=TEXT,
    mode=TEXT,
    places=listed(TEXT),
    count=INTEGER,
    runs=listed(record(id=TEXT, name=TEXT, role={"enum": ["read", "written"]})),
)
_DETAIL: dict[str, Schema] = {
    **_SUMMARY,
    "description": TEXT_OR_NULL,
    "properties": mapped(TEXT),
    "command": or_null(listed(TEXT)),
    "parameters": mapped(TEXT),
    "script": TEXT_OR_NULL,
    "arguments": listed(TEXT),
    "error": or_null(record(code=TEXT_OR_NULL, message=TEXT_OR_NULL, traceback=TEXT_OR_NULL)),
    "warnings": listed(TEXT),
    "git": or_null(mapped(ANY)),
    "snapshot_id": TEXT_OR_NULL,
    "environment": or_null(ref("Environment")),
    "packages": or_null(record(digest=TEXT, count=INTEGER, python=TEXT)),
    "host": TEXT,
    "metrics": listed(_METRIC),
    "log_files": listed(TEXT),
    "build_log": TEXT_OR_NULL,
    "finding": or_null(ref("Finding")),
    "resources": or_null(ref("Resources")),
    "ranks": listed(_RANK),
    "sweep": or_null(ref("Sweep")),
    "data": record(read=listed(_DATA), written=listed(_DATA)),
    "imported": or_null(
        record(tool=TEXT, source=TEXT, id=TEXT_OR_NULL, imported_ms=NUMBER_OR_NULL)
    ),
    "placement": or_null(mapped(ANY)),
    "portal_url": TEXT,
    "duration_ms": NUMBER_OR_NULL,
    "parents": listed(record(id=TEXT, display_name=TEXT, number=INTEGER)),
}
_SCALARS = record(
    name=TEXT,
    kind={"const": "scalar"},
    count=INTEGER,
    steps=listed(INTEGER),
    times_ms=listed(NUMBER),
    values=listed(or_null(JSON_NUMBER)),
    downsampled=FLAG,
)
_ENTRIES = record(
    name=TEXT,
    kind={"type": "string", "not": {"const": "scalar"}},
    count=INTEGER,
    entries=listed(record(step=or_null(INTEGER), time_ms=NUMBER, value=ANY)),
)
_EXPERIMENT = record(
    id=TEXT,
    name=TEXT,
    archived=FLAG,
    tags=mapped(TEXT_OR_NULL),
    description=TEXT_OR_NULL,
    created_ms=NUMBER,
    run_count=INTEGER,
    active_count=INTEGER,
    states=mapped(INTEGER),
    targets=mapped(INTEGER),
    users=listed(TEXT),
    last_run_ms=NUMBER_OR_NULL,
    primary_metric=or_null(record(name=TEXT, best=NUMBER, run_id=TEXT)),
)
_BOARD = record(id=TEXT, url=TEXT, run_ids=listed(TEXT), workspace_id=TEXT, started_ms=NUMBER)

SHAPES: Mapping[str, Schema] = {
    **shapes_machine.SHAPES,
    **shapes_use.SHAPES,
    **shapes_models.SHAPES,
    **shapes_trials.SHAPES,
    **shapes_compare.SHAPES,
    "Ranks": record(ranks=listed(_RANK), merged=TEXT),
    "Error": record(code=TEXT, message=TEXT, hint=TEXT_OR_NULL, details=mapped(ANY)),
    "Workspace": record(id=TEXT, name=TEXT, is_default=FLAG, created_ms=NUMBER),
    "Workspaces": record(workspaces=listed(ref("Workspace"))),
    "Experiment": _EXPERIMENT,
    "Experiments": record(experiments=listed(ref("Experiment")), can_write=FLAG),
    "Activity": record(
        runs=listed(record(run_id=TEXT, user=TEXT, last_ms=NUMBER)), now_ms=NUMBER, user=TEXT
    ),
    "ExperimentColumns": record(metrics=listed(TEXT), tags=listed(TEXT), parameters=listed(TEXT)),
    "RunSummary": record(**_SUMMARY),
    "RunDetail": record(**_DETAIL),
    "RunPage": record(runs=listed(ref("RunSummary")), total=INTEGER, offset=INTEGER, limit=INTEGER),
    "Series": {"oneOf": [_SCALARS, _ENTRIES]},
    "Metrics": record(series=listed(ref("Series"))),
    "Files": record(
        files=listed(record(path=TEXT, size=INTEGER, modified_ms=NUMBER)), truncated=FLAG
    ),
    "Packages": record(
        python=TEXT_OR_NULL,
        implementation=TEXT_OR_NULL,
        packages=listed(
            record(
                name=TEXT,
                version=TEXT,
                origin=TEXT_OR_NULL,
                local=FLAG,
                editable=FLAG,
                requirement=TEXT,
            )
        ),
    ),
    "Environment": record(
        name=TEXT_OR_NULL,
        version=TEXT_OR_NULL,
        mode=TEXT,
        python=TEXT_OR_NULL,
        interpreter=TEXT_OR_NULL,
        pip=listed(TEXT),
        conda=listed(TEXT),
        channels=listed(TEXT),
        image=TEXT_OR_NULL,
        dockerfile=TEXT_OR_NULL,
        variables=mapped(TEXT),
        limits=mapped(NUMBER),
    ),
    "Code": record(
        snapshot_id=TEXT_OR_NULL,
        files=listed(record(path=TEXT, size=INTEGER, digest=TEXT)),
        truncated=FLAG,
    ),
    "TensorBoard": _BOARD,
    "TensorBoards": record(tensorboards=listed(ref("TensorBoard"))),
    "OpenApi": mapped(ANY),
    "Schemas": record(
        schemas=listed(record(kind=TEXT, title=TEXT, name=TEXT, matches=listed(TEXT)))
    ),
    "Schema": mapped(ANY),
}


def reference(name: str) -> dict[str, Any]:
    """A reference to a shape within the document."""
    return dict(ref(name))
