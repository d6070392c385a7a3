"""``compute``, ``resources``, ``distribution``, ``services``: where and in how many parts."""

from __future__ import annotations

import re
from typing import Dict, Optional

from ml_jupyter.jobfile.context import Context
from ml_jupyter.jobfile.cursor import Cursor, one_of, optional
from ml_jupyter.jobfile.model import Compute, Distribution, Service

_SHM = re.compile(r"[0-9]+[bkmgBKMG]?")
COMPUTE_KEYS = ("target", "instance_count", "instance_type", "location", "properties")
RESOURCE_KEYS = (
    "instance_count", "instance_type", "shm_size", "docker_args", "properties", "locations",
    "max_instance_count", "job_tier",
)  # fmt: skip
DISTRIBUTIONS = ("pytorch", "mpi", "tensorflow", "ray")
SERVICES = ("jupyter_lab", "tensor_board", "vs_code", "ssh", "custom")
SERVICE_KEYS = (
    "type", "job_service_type", "log_dir", "nodes", "properties", "port", "ssh_public_keys",
    "endpoint", "status",
)  # fmt: skip
#: Above so many processes a node somebody has most likely mistaken processes for something else.
_MANY = 16


def read_compute(
    compute: Optional[Cursor], resources: Optional[Cursor], context: Context
) -> Compute:
    """Target and nodes, from ``compute`` and ``resources``."""
    target: Optional[Cursor] = compute
    inside: Optional[Cursor] = None
    if compute is not None and compute.is_map:
        context.old_spelling(compute, "compute: NAME")
        compute.expect_keys(COMPUTE_KEYS)
        inside, target = compute, compute.get("target")
    if resources is not None:
        resources.expect_keys(RESOURCE_KEYS)
    both = [inside, resources]
    count = one_of([None if item is None else item.get("instance_count") for item in both])
    kind = one_of([None if item is None else item.get("instance_type") for item in both])
    shm = None if resources is None else resources.get("shm_size")
    docker_args = None if resources is None else resources.get("docker_args")
    return Compute(
        target=optional(target, _target),
        instance_count=optional(count, lambda item: item.integer(1), 1),
        instance_type=optional(kind, Cursor.text),
        shm_size=optional(shm, _shm_size),
        docker_args=optional(docker_args, Cursor.text),
    )


def read_distribution(job: Cursor, nodes: int) -> Optional[Distribution]:
    """The processes of a job; ``distributed`` is another name of ``distribution``."""
    cursor = one_of([job.get("distribution"), job.get("distributed")])
    if cursor is None:
        return None
    kind_at = cursor.get("type")
    kind = None if kind_at is None else kind_at.choice(DISTRIBUTIONS)
    if kind_at is None:
        cursor.error("the distribution has no type", f"one of {', '.join(DISTRIBUTIONS)}")
    if kind is None:
        return None
    if kind == "ray":
        cursor.error("type ray is not supported on this machine", "pytorch, mpi or tensorflow")
        return None
    if kind == "tensorflow":
        return _tensorflow(cursor, nodes)
    keys = ("type", "process_count_per_instance") + (
        ("process_count",) if kind == "pytorch" else ()
    )
    cursor.expect_keys(keys)
    return Distribution(kind, process_count_per_instance=_per_instance(cursor, nodes))


def read_services(cursor: Optional[Cursor]) -> Dict[str, Service]:
    """Services beside the job; those that do not start on this machine get a warning."""
    found = {}
    for name, item in {} if cursor is None else cursor.members().items():
        item.expect_keys(SERVICE_KEYS)
        kind_at = one_of([item.get("type"), item.get("job_service_type")])
        kind = optional(kind_at, lambda at: at.choice(SERVICES), "custom")
        if kind != "tensor_board":
            item.warn(f"a {kind} service is not started on this machine")
        properties = item.get("properties")
        inner = None if properties is None or not properties.is_map else properties.get("logDir")
        log_dir = one_of([item.get("log_dir"), inner])
        found[name] = Service(name, kind, optional(log_dir, Cursor.text))
    return found


def _target(cursor: Cursor) -> Optional[str]:
    text = cursor.text()
    if text is None:
        return None
    if not text.strip() or re.search(r"[\s<>]", text):
        cursor.error(f"{text!r} is no compute target", "a template that was not filled in?")
        return None
    name = text[len("azureml:") :] if text.startswith("azureml:") else text
    if name == "serverless":
        cursor.warn("azureml:serverless runs on the default target")
        return None
    return name


def _shm_size(cursor: Cursor) -> Optional[str]:
    text = cursor.scalar_text()
    if text is not None and not _SHM.fullmatch(text):
        cursor.error(f"{text!r} is no size", "such as 2g or 512m")
        return None
    return text


def _per_instance(cursor: Cursor, nodes: int) -> int:
    total_at, each_at = cursor.get("process_count"), cursor.get("process_count_per_instance")
    total: Optional[int] = optional(total_at, lambda item: item.integer(1))
    each: int = optional(each_at, lambda item: item.integer(1), 0)
    if total is not None and total_at is not None:
        if total % nodes:
            total_at.error(f"{total} processes on {nodes} nodes", f"a multiple of {nodes}")
        elif each and each * nodes != total:
            total_at.error(f"{total} processes, and {each} on each of {nodes} nodes", "which one?")
        return max(1, total // nodes)
    return each or 1


def _tensorflow(cursor: Cursor, nodes: int) -> Distribution:
    cursor.expect_keys(("type", "worker_count", "parameter_server_count"))
    workers = optional(cursor.get("worker_count"), lambda item: item.integer(1), nodes)
    servers = optional(cursor.get("parameter_server_count"), lambda item: item.integer(0), 0)
    if workers + servers > nodes * _MANY:
        cursor.warn(f"{workers + servers} processes on {nodes} nodes")
    return Distribution("tensorflow", worker_count=workers, parameter_server_count=servers)
