"""``compute``, ``resources``, ``distribution``, ``services``."""

from __future__ import annotations

from typing import Dict, Iterable

from ml_jupyter.jobfile import placement
from ml_jupyter.jobfile.schema.words import (
    Schema,
    anything,
    either,
    given,
    keys,
    named,
    text,
    whole,
    word,
)

_TARGET = text(
    "local, or the name of a compute target (azureml:NAME is the same).",
    pattern=r"^[^\s<>]+$",
    right="the name of a compute target, without blanks",
)
_NODES = whole("Nodes of the job.", 1)
_KIND = text("Kind of machine; kept.")
_COMPUTE = {
    "target": _TARGET,
    "instance_count": _NODES,
    "instance_type": _KIND,
    "location": anything("Kept."),
    "properties": anything("Kept."),
}
_RESOURCES = {
    "instance_count": _NODES,
    "instance_type": _KIND,
    "shm_size": text(
        "Shared memory of a container, such as 2g.",
        pattern=r"^[0-9]+[bkmgBKMG]?$",
        right="a size such as 2g or 512m",
    ),
    "docker_args": text("Arguments for the container."),
    "properties": anything("Kept."),
    "locations": anything("Kept."),
    "max_instance_count": anything("Kept."),
    "job_tier": anything("Kept."),
}
_COUNTS = {
    "process_count_per_instance": whole("Processes on each node.", 1),
    "process_count": whole("Processes in all, a multiple of the nodes (May 2021).", 1),
    "worker_count": whole("Workers; default: one on each node.", 1),
    "parameter_server_count": whole("Parameter servers.", 0),
}
_SERVICE: Dict[str, Schema] = {
    "type": word("Which service.", placement.SERVICES),
    "job_service_type": word("Another name of type.", placement.SERVICES),
    "log_dir": text("Folder that TensorBoard reads."),
    "nodes": anything("Kept."),
    "properties": anything("logDir is another name of log_dir."),
    "port": anything("Kept."),
    "ssh_public_keys": anything("Kept."),
    "endpoint": anything("Kept."),
    "status": anything("Kept."),
}


def compute() -> Schema:
    """Where it runs."""
    return either(
        "Where it runs; absent: the default target.",
        given(_TARGET),
        keys(placement.COMPUTE_KEYS, _COMPUTE, about="Spelling of May 2021."),
    )


def resources() -> Schema:
    """Nodes, and what a container gets."""
    return either("How much of it.", keys(placement.RESOURCE_KEYS, _RESOURCES))


def distribution() -> Schema:
    """Processes that work on one job together."""
    return either(
        "Processes that work on one job together.",
        _kind("pytorch", ("process_count_per_instance", "process_count")),
        _kind("mpi", ("process_count_per_instance",)),
        _kind("tensorflow", ("worker_count", "parameter_server_count")),
    )


def services() -> Schema:
    """Services beside the job."""
    return named(
        "Services beside the job; on this machine TensorBoard.",
        keys(placement.SERVICE_KEYS, _SERVICE),
    )


def _kind(kind: str, counts: Iterable[str]) -> Schema:
    described = {"type": given(word("How the processes find each other.", (kind,)))}
    described.update((name, _COUNTS[name]) for name in counts)
    return keys(described, described, "type")
