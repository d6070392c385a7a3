"""Shapes of the queue, the machine and the processes on its GPUs."""

from __future__ import annotations

from collections.abc import Mapping

from ml_jupyter.server.schemas import Schema
from ml_jupyter.server.shape_parts import (
    FLAG,
    INTEGER,
    NUMBER,
    NUMBER_OR_NULL,
    STATUS,
    TEXT,
    TEXT_OR_NULL,
    listed,
    or_null,
    record,
    ref,
)
from ml_jupyter.server.spans import SPANS

_AMOUNT = record(total=NUMBER, free=NUMBER)
_NEEDS = record(
    cpus=INTEGER,
    memory=INTEGER,
    gpus=NUMBER,
    gpu_memory=INTEGER,
    nodes=INTEGER,
    pool=TEXT_OR_NULL,
)
_ENTRY = record(
    run_id=TEXT,
    number=INTEGER,
    display_name=TEXT,
    status=STATUS,
    position=INTEGER,
    created_ms=NUMBER,
    priority=INTEGER,
    held=FLAG,
    needs=_NEEDS,
    needs_text=TEXT,
    reason=TEXT,
)
_GPU = record(
    index=INTEGER,
    uuid=TEXT,
    label=TEXT,
    name=TEXT,
    memory_total=INTEGER,
    memory_used=INTEGER,
    utilization=NUMBER_OR_NULL,
    temperature=NUMBER_OR_NULL,
    power=NUMBER_OR_NULL,
    power_limit=NUMBER_OR_NULL,
    problem=TEXT_OR_NULL,
    mig=FLAG,
    memory=record(runs=INTEGER, notebooks=INTEGER, others=INTEGER),
    holder=TEXT_OR_NULL,
    processes=listed(ref("GpuProcess")),
)

_RAN = record(
    run_id=TEXT,
    number=INTEGER,
    display_name=TEXT,
    status=STATUS,
    created_ms=NUMBER,
    started_ms=NUMBER,
    ended_ms=NUMBER_OR_NULL,
    waited_ms=NUMBER,
    cpus=INTEGER,
    gpus=listed(TEXT),
)
_MEASURED = record(
    name=TEXT,
    label=TEXT,
    unit=TEXT,
    gpu=TEXT_OR_NULL,
    full=NUMBER_OR_NULL,
    count=INTEGER,
    times_ms=listed(NUMBER),
    values=listed(NUMBER_OR_NULL),
    peaks=listed(NUMBER_OR_NULL),
    downsampled=FLAG,
    last=NUMBER_OR_NULL,
    peak=NUMBER_OR_NULL,
    mean=NUMBER_OR_NULL,
)
_SPAN = {"type": "string", "enum": list(SPANS)}

SHAPES: Mapping[str, Schema] = {
    "QueueHistory": record(
        span=_SPAN, from_ms=NUMBER, to_ms=NUMBER, runs=listed(_RAN), truncated=FLAG
    ),
    "MachineHistory": record(
        span=_SPAN, interval_s=NUMBER, from_ms=NUMBER, to_ms=NUMBER, series=listed(_MEASURED)
    ),
    "Queue": record(
        slots=record(total=INTEGER, free=INTEGER),
        resources=record(cpus=_AMOUNT, memory=_AMOUNT, gpus=_AMOUNT),
        entries=listed(_ENTRY),
        ends_with_server=FLAG,
    ),
    "GpuProcess": record(
        gpu=TEXT,
        gpu_index=INTEGER,
        pid=INTEGER,
        kind={"type": "string", "enum": ["run", "notebook", "user", "unknown"]},
        name=TEXT,
        user=TEXT,
        mine=FLAG,
        used=or_null(INTEGER),
        idle_s=NUMBER_OR_NULL,
        started_ms=NUMBER_OR_NULL,
        run_id=TEXT_OR_NULL,
        workspace_id=TEXT_OR_NULL,
        run_name=TEXT_OR_NULL,
        kernel_id=TEXT_OR_NULL,
        notebook=TEXT_OR_NULL,
        here=FLAG,
        sentence=TEXT,
    ),
    "GpuProcesses": record(processes=listed(ref("GpuProcess")), note=TEXT_OR_NULL),
    "Machine": record(
        cpu_count=INTEGER,
        cpu_used=NUMBER,
        memory_total=INTEGER,
        memory_used=INTEGER,
        cpu_holders=listed(
            record(
                run_id=TEXT_OR_NULL,
                workspace_id=TEXT_OR_NULL,
                name=TEXT,
                slots=INTEGER,
                sentence=TEXT,
            )
        ),
        gpus=listed(_GPU),
        gpu_note=TEXT_OR_NULL,
    ),
}
