"""The variables by which the processes of a distributed job find each other (surface 5.5)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, List, Sequence, Tuple

#: The nodes of a job on this machine are groups of processes, so all of them are here.
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Place:
    """Where a process stands among the others.

    Attributes
    ----------
    rank, size : int
        Its number among all processes, and how many there are.
    local_rank, local_size : int
        The same among those of its node.
    node, nodes : int
        Number of its node, and how many there are.
    """

    rank: int
    size: int
    local_rank: int
    local_size: int
    node: int
    nodes: int


def places(local_size: int, nodes: int) -> List[Place]:
    """The places of equally many processes on each node, by rank."""
    size = local_size * nodes
    return [
        Place(rank, size, rank % local_size, local_size, rank // local_size, nodes)
        for rank in range(size)
    ]


def of_rank(place: Place, port: int) -> Dict[str, str]:
    """What MPI and PyTorch jobs share: rank, size, and the first process as meeting point.

    Source: torch.distributed, "Environment variable initialization"; torchrun, "Environment
    Variables".
    """
    return {
        "AZ_BATCHAI_TASK_INDEX": str(place.rank),
        "RANK": str(place.rank),
        "WORLD_SIZE": str(place.size),
        "LOCAL_RANK": str(place.local_rank),
        "LOCAL_WORLD_SIZE": str(place.local_size),
        "NODE_RANK": str(place.node),
        "MASTER_ADDR": HOST,
        "MASTER_PORT": str(port),
        "AZ_BATCH_MASTER_NODE": f"{HOST}:{port}",
        "AZ_BATCHAI_MPI_MASTER_NODE": HOST,
        "AZUREML_NODE_COUNT": str(place.nodes),
    }


def of_pytorch(place: Place, port: int, rendezvous: str, run_id: str) -> Dict[str, str]:
    """A PyTorch process: also what torchrun gives, so that scripts written for it run as they are.

    Parameters
    ----------
    place : Place
        The process.
    port : int
        Port on which rank 0 listens for the TCP start.
    rendezvous : str
        File, not there yet, for the start through the file system.
    run_id : str
        Id of the run.
    """
    return {
        **of_rank(place, port),
        "AZ_BATCHAI_PYTORCH_INIT_METHOD": f"file://{rendezvous}",
        "GROUP_RANK": str(place.node),
        "GROUP_WORLD_SIZE": str(place.nodes),
        "ROLE_RANK": str(place.rank),
        "ROLE_WORLD_SIZE": str(place.size),
        "ROLE_NAME": "default",
        "TORCHELASTIC_RUN_ID": run_id,
        "TORCHELASTIC_RESTART_COUNT": "0",
        "TORCHELASTIC_MAX_RESTARTS": "0",
    }


def of_mpi(place: Place, port: int) -> Dict[str, str]:
    """A process of an MPI job: Open MPI's own names, and Horovod's.

    Open MPI counts all processes of this machine as one node; here the count is that of the node
    of the job, to which its GPUs belong. Source: Open MPI, "Environment variables set by mpirun";
    Horovod, "horovod/runner/gloo_run.py" for the names.
    """
    numbers = {
        "RANK": place.rank,
        "SIZE": place.size,
        "LOCAL_RANK": place.local_rank,
        "LOCAL_SIZE": place.local_size,
    }
    crossing = {"CROSS_RANK": place.node, "CROSS_SIZE": place.nodes}
    found = of_rank(place, port)
    found.update({f"OMPI_COMM_WORLD_{name}": str(value) for name, value in numbers.items()})
    found["OMPI_COMM_WORLD_NODE_RANK"] = str(place.local_rank)
    found.update({f"HOROVOD_{name}": str(value) for name, value in numbers.items()})
    found.update({f"HOROVOD_{name}": str(value) for name, value in crossing.items()})
    return found


def of_tensorflow(
    kind: str, index: int, workers: Sequence[int], servers: Sequence[int]
) -> Dict[str, str]:
    """A TensorFlow process of the given kind (``worker`` or ``ps``).

    Parameters
    ----------
    kind, index : str, int
        Its type and its number among those of the type.
    workers, servers : sequence of int
        Ports of all workers and parameter servers.
    """
    hosts = {"worker": _addresses(workers)}
    if servers:
        hosts["ps"] = _addresses(servers)
    cluster: Dict[str, Any] = {
        "cluster": hosts,
        "task": {"type": kind, "index": index},
        "environment": "cloud",
    }
    return {
        "AZ_BATCHAI_TASK_INDEX": str(index),
        "AZ_BATCHAI_TASK_TYPE": kind,
        "AZ_BATCHAI_WORKER_HOSTS": ",".join(hosts["worker"]),
        "AZ_BATCHAI_PS_HOSTS": ",".join(hosts.get("ps", ())),
        "TF_CONFIG": json.dumps(cluster),
    }


def of_parallel(place: Place) -> Dict[str, str]:
    """A worker that does not know the others, only its number."""
    return {
        "AZ_BATCHAI_TASK_INDEX": str(place.rank),
        "AZUREML_NODE_COUNT": str(place.nodes),
    }


def of_devices(gpus: Tuple[str, ...], local_rank: int) -> Dict[str, str]:
    """GPUs of a process: all those of its node, of which local rank *n* takes the *n*-th.

    Of several MIG devices it sees one only, for a process can use no more than one of them.
    Source: NVIDIA, "MIG User Guide", device enumeration.
    """
    if not gpus:
        return {}
    seen = gpus
    if all(item.startswith("MIG-") for item in gpus):
        seen = (gpus[local_rank % len(gpus)],)
    return {"CUDA_VISIBLE_DEVICES": ",".join(seen), "AZ_BATCHAI_NUM_GPUS": str(len(seen))}


def _addresses(ports: Sequence[int]) -> List[str]:
    return [f"{HOST}:{port}" for port in ports]
