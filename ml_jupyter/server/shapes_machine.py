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

SHAPES: Mapping[str, Schema] = {
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
