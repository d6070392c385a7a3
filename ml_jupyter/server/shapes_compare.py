"""The shapes of comparisons, of children's curves and of saved views as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml_jupyter.server.schemas import Schema
from ml_jupyter.server.shape_parts import (
    ANY,
    FLAG,
    INTEGER,
    NUMBER,
    NUMBER_OR_NULL,
    STATUS,
    TEXT,
    TEXT_OR_NULL,
    listed,
    mapped,
    record,
    ref,
)

_COLUMN: Schema = listed(ANY)
_COMPARED: Schema = {
    "allOf": [
        ref("RunSummary"),
        record(duration_ms=NUMBER_OR_NULL, snapshot_id=TEXT_OR_NULL),
    ]
}
_ENTRY: dict[str, Schema] = {
    "id": TEXT,
    "name": TEXT,
    "kind": TEXT,
    "revision": INTEGER,
    "created_ms": NUMBER,
    "modified_ms": NUMBER,
    "user": TEXT,
    "can_write": FLAG,
}

SHAPES: Mapping[str, Any] = {
    "Comparison": record(
        runs=listed(_COMPARED),
        missing=listed(TEXT),
        parameters=mapped(_COLUMN),
        metrics=listed(
            record(name=TEXT, lower=FLAG, last=_COLUMN, best=_COLUMN, min=_COLUMN, max=_COLUMN)
        ),
        environment=mapped(_COLUMN),
    ),
    "ComparedMetrics": record(series=mapped(listed(ref("Series")))),
    "Children": record(
        runs=listed(record(id=TEXT, number=INTEGER, name=TEXT, status=STATUS)),
        total=INTEGER,
        metrics=listed(TEXT),
        primary=TEXT_OR_NULL,
        best=_COLUMN,
        settings=mapped(listed(TEXT_OR_NULL)),
    ),
    "ChildCurves": record(
        ids=listed(TEXT),
        curves=listed(
            {
                "type": "object",
                "properties": {
                    "name": TEXT,
                    "runs": listed(INTEGER),
                    "counts": listed(INTEGER),
                    "from": NUMBER,
                    "shared": FLAG,
                    "x": TEXT,
                    "y": TEXT,
                },
                "required": ["name", "runs", "counts", "from", "shared", "x", "y"],
            }
        ),
    ),
    "View": record(**_ENTRY, content=mapped(ANY)),
    "Views": record(views=listed(record(**_ENTRY))),
}
