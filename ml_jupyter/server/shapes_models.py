"""Shapes of registered models and services."""

from __future__ import annotations

from collections.abc import Mapping

from ml_jupyter.server.schemas import Schema
from ml_jupyter.server.shape_parts import (
    ANY,
    FLAG,
    INTEGER,
    NUMBER,
    TEXT,
    TEXT_OR_NULL,
    listed,
    mapped,
    or_null,
    record,
)

_MODEL: dict[str, Schema] = {
    "name": TEXT,
    "version": INTEGER,
    "created_ms": NUMBER,
    "user": TEXT,
    "description": TEXT_OR_NULL,
    "tags": mapped(TEXT_OR_NULL),
    "properties": mapped(TEXT),
    "framework": TEXT_OR_NULL,
    "framework_version": TEXT_OR_NULL,
    "run_id": TEXT_OR_NULL,
    "experiment": TEXT_OR_NULL,
    "size": INTEGER,
    "resources": or_null(mapped(ANY)),
}
_FILE = record(path=TEXT, size=INTEGER)
_DATASET = record(purpose=TEXT, name=TEXT_OR_NULL, version=or_null(INTEGER))
_SAMPLE = or_null(record(text=TEXT, whole=FLAG))
_VERSION = record(
    **_MODEL,
    files=listed(_FILE),
    services=listed(TEXT),
    datasets=listed(_DATASET),
    sample_input=_SAMPLE,
    sample_output=_SAMPLE,
)
_SERVICE = record(
    name=TEXT,
    models=listed(TEXT),
    state=TEXT,
    error=TEXT_OR_NULL,
    restarts=INTEGER,
    scoring_uri=TEXT_OR_NULL,
    run_id=TEXT,
    description=TEXT_OR_NULL,
    tags=mapped(TEXT_OR_NULL),
    created_ms=NUMBER,
)
SHAPES: Mapping[str, Schema] = {
    "Models": record(models=listed(record(**_MODEL, version_count=INTEGER)), can_delete=FLAG),
    "ModelVersions": record(versions=listed(_VERSION), can_delete=FLAG),
    "Services": record(services=listed(_SERVICE), can_delete=FLAG),
}
