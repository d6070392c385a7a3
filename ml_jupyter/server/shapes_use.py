"""Shapes of what a job used, why it failed, and of searches in its logs."""

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
    TEXT,
    TEXT_OR_NULL,
    listed,
    mapped,
    or_null,
    record,
    ref,
)

_EXTENT = or_null(record(mean=JSON_NUMBER, peak=JSON_NUMBER))
_GPU = {"label": TEXT, "uuid": TEXT, "name": TEXT, "memory_total": INTEGER}
_SERIES = record(
    name=TEXT,
    label=TEXT,
    unit=TEXT,
    gpu=TEXT_OR_NULL,
    full=NUMBER_OR_NULL,
    count=INTEGER,
    times_ms=listed(NUMBER),
    values=listed(or_null(JSON_NUMBER)),
    downsampled=FLAG,
    last=NUMBER_OR_NULL,
    peak=NUMBER_OR_NULL,
    mean=NUMBER_OR_NULL,
)
_CHANGE = record(name=TEXT, before=TEXT_OR_NULL, after=TEXT_OR_NULL)
_CHANGES = record(
    run_id=TEXT,
    number=INTEGER,
    display_name=TEXT,
    parameters=listed(_CHANGE),
    files=listed(record(path=TEXT, change=TEXT, added=or_null(INTEGER), removed=or_null(INTEGER))),
    more_files=INTEGER,
    environment=listed(_CHANGE),
    sentence=TEXT,
)
_CURVE = record(
    name=TEXT,
    label=TEXT,
    unit=TEXT,
    limit=or_null(INTEGER),
    times_ms=listed(NUMBER),
    values=listed(NUMBER),
    asked=or_null(INTEGER),
)
_SIGNAL = record(
    number=INTEGER,
    name=TEXT,
    sender=TEXT,
    pid=or_null(INTEGER),
    user=TEXT_OR_NULL,
    sentence=TEXT,
)

SHAPES: Mapping[str, Schema] = {
    "Resources": record(
        sentence=TEXT,
        samples=INTEGER,
        seconds=NUMBER,
        cpu=_EXTENT,
        memory=_EXTENT,
        read=_EXTENT,
        write=_EXTENT,
        gpus=listed(
            record(
                **_GPU,
                idle_percent=NUMBER_OR_NULL,
                utilization=_EXTENT,
                memory=_EXTENT,
                temperature=_EXTENT,
                power=_EXTENT,
            )
        ),
    ),
    "System": record(
        interval_s=NUMBER_OR_NULL,
        series=listed(_SERIES),
        gpus=listed(record(**_GPU)),
        summary=or_null(ref("Resources")),
    ),
    "Finding": record(
        kind=TEXT,
        title=TEXT,
        summary=TEXT_OR_NULL,
        rank=or_null(mapped(ANY)),
        exit_code=or_null(INTEGER),
        signal=or_null(_SIGNAL),
        error=or_null(record(type=TEXT_OR_NULL, message=TEXT)),
        frames=listed(
            record(file=TEXT, path=TEXT_OR_NULL, line=INTEGER, function=TEXT, code=TEXT, own=FLAG)
        ),
        traceback=TEXT_OR_NULL,
        log=TEXT,
        tail=listed(TEXT),
        advice=listed(
            record(text=TEXT, code=TEXT_OR_NULL, package=TEXT_OR_NULL, source=TEXT_OR_NULL)
        ),
        curve=or_null(_CURVE),
        step=or_null(record(step=INTEGER, total=or_null(INTEGER))),
        changes=or_null(_CHANGES),
    ),
    "FindingAnswer": record(finding=or_null(ref("Finding"))),
    "LogTimes": record(times=listed(record(offset=INTEGER, line=INTEGER, time_ms=NUMBER))),
    "LogSearch": record(
        matches=listed(
            record(offset=INTEGER, length=INTEGER, line=INTEGER, text=TEXT, start=INTEGER)
        ),
        count=INTEGER,
        complete=FLAG,
        scanned=INTEGER,
        end=INTEGER,
        next=or_null(INTEGER),
    ),
}
