"""Shapes of a sweep, its trials, and what mattered in it."""

from __future__ import annotations

from collections.abc import Mapping

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

_PARAMETER = record(
    name=TEXT, kind=TEXT, values=or_null(listed(ANY)), numbers=or_null(listed(NUMBER)), log=FLAG
)

SHAPES: Mapping[str, Schema] = {
    "Sweep": record(
        metric=TEXT,
        goal=TEXT,
        sampling=TEXT,
        policy=or_null(mapped(ANY)),
        limit=or_null(INTEGER),
        concurrent=or_null(INTEGER),
        parameters=listed(_PARAMETER),
    ),
    "Trial": record(
        run_id=TEXT,
        trial=INTEGER,
        number=INTEGER,
        display_name=TEXT,
        status=STATUS,
        reason=TEXT_OR_NULL,
        stopped_early=FLAG,
        parameters=mapped(ANY),
        best=or_null(JSON_NUMBER),
        best_step=or_null(INTEGER),
        last=ANY,
        count=INTEGER,
        created_ms=NUMBER,
        started_ms=NUMBER_OR_NULL,
        ended_ms=NUMBER_OR_NULL,
    ),
    "Trials": record(sweep=ref("Sweep"), trials=listed(ref("Trial"))),
    "Importance": record(
        method=TEXT,
        trials=INTEGER,
        least_trials=INTEGER,
        best_part=NUMBER_OR_NULL,
        parameters=listed(record(name=TEXT, importance=NUMBER)),
        note=TEXT_OR_NULL,
    ),
}
