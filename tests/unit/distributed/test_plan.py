"""Which variables, commands and logs the processes of a job get."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.distributed import Distribution
from ml_jupyter.distributed.plan import plan
from ml_jupyter.distributed.ports import free_ports
from ml_jupyter.distributed.rank import RankPlan

BASE = {"PATH": "/nowhere", "ML_JUPYTER_RUN_ID": "run-1", "SHARED": "x"}


@dataclass(frozen=True)
class Node:
    cpus: tuple[int, ...] = (0,)
    gpus: tuple[str, ...] = ()


def made(
    distribution: Distribution | None, nodes: Any = (Node(),), **values: Any
) -> list[RankPlan]:
    environment = {**BASE, **values.pop("environment", {})}
    return plan(
        distribution,
        nodes,
        lambda variables: ["program", variables.get("AZ_BATCHAI_TASK_INDEX", "-")],
        environment,
        folder=values.pop("folder", Path("/run/work")),
        **values,
    )


def column(found: list[RankPlan], name: str) -> list[str | None]:
    return [item.environment.get(name) for item in found]


def test_one_process() -> None:
    (only,) = made(None)
    assert (only.rank, only.name, only.node, only.log) == (0, "", 0, "user_logs/std_log.txt")
    assert only.environment == BASE
    assert only.command == ("program", "-")


def test_pytorch() -> None:
    distribution = Distribution("pytorch", process_count=4, node_count=2, backend="Gloo")
    found = made(distribution, folder=Path("/run folder/work"))
    assert column(found, "RANK") == column(found, "AZ_BATCHAI_TASK_INDEX") == ["0", "1", "2", "3"]
    assert column(found, "LOCAL_RANK") == ["0", "1", "0", "1"]
    assert column(found, "NODE_RANK") == column(found, "GROUP_RANK") == ["0", "0", "1", "1"]
    assert set(column(found, "WORLD_SIZE")) == {"4"}
    assert set(column(found, "LOCAL_WORLD_SIZE")) == {"2"}
    assert set(column(found, "MASTER_ADDR")) == {"127.0.0.1"}
    (port,) = set(column(found, "MASTER_PORT"))
    assert set(column(found, "AZ_BATCH_MASTER_NODE")) == {f"127.0.0.1:{port}"}
    (method,) = set(column(found, "AZ_BATCHAI_PYTORCH_INIT_METHOD"))
    assert method == "file:///run folder/work/.pytorch_rendezvous"
    assert set(column(found, "TORCHELASTIC_RUN_ID")) == {"run-1"}
    assert set(column(found, "OMP_NUM_THREADS")) == {"1"}
    assert [item.node for item in found] == [0, 0, 1, 1]
    assert [item.name for item in found] == ["0", "1", "2", "3"]
    assert found[3].log == "user_logs/std_log_process_3.txt"
    assert found[3].command == ("program", "3")


def test_threads_of_the_user_stay() -> None:
    found = made(Distribution("pytorch", process_count=2), environment={"OMP_NUM_THREADS": "7"})
    assert set(column(found, "OMP_NUM_THREADS")) == {"7"}
    cores = made(Distribution("pytorch", process_count=2), [Node(cpus=(0, 1, 2, 3, 4))])
    assert set(column(cores, "OMP_NUM_THREADS")) == {"2"}


def test_a_distribution_of_one_is_a_single_process_with_its_variables() -> None:
    (only,) = made(Distribution("pytorch"))
    assert (only.name, only.log) == ("", "user_logs/std_log.txt")
    assert (only.environment["RANK"], only.environment["WORLD_SIZE"]) == ("0", "1")


def test_mpi_without_mpirun() -> None:
    said: list[str] = []
    found = made(Distribution("mpi", process_count_per_node=2, node_count=2), warn=said.append)
    assert column(found, "OMPI_COMM_WORLD_RANK") == column(found, "HOROVOD_RANK")
    assert column(found, "OMPI_COMM_WORLD_RANK") == ["0", "1", "2", "3"]
    assert set(column(found, "OMPI_COMM_WORLD_SIZE")) == {"4"}
    assert column(found, "OMPI_COMM_WORLD_LOCAL_RANK") == ["0", "1", "0", "1"]
    assert set(column(found, "OMPI_COMM_WORLD_LOCAL_SIZE")) == {"2"}
    assert column(found, "OMPI_COMM_WORLD_NODE_RANK") == ["0", "1", "0", "1"]
    assert set(column(found, "AZ_BATCHAI_MPI_MASTER_NODE")) == {"127.0.0.1"}
    assert column(found, "HOROVOD_CROSS_RANK") == ["0", "0", "1", "1"]
    assert {item.launcher for item in found} == {()}
    assert len(said) == 1
    assert "no mpirun" in said[0]


def test_tensorflow_as_the_public_article_shows_it() -> None:
    found = made(Distribution("tensorflow", worker_count=2))
    hosts = json.loads(found[0].environment["TF_CONFIG"])["cluster"]["worker"]
    assert len(set(hosts)) == 2
    assert [json.loads(text or "") for text in column(found, "TF_CONFIG")] == [
        {
            "cluster": {"worker": hosts},
            "task": {"type": "worker", "index": index},
            "environment": "cloud",
        }
        for index in (0, 1)
    ]
    assert [item.name for item in found] == ["worker-0", "worker-1"]
    assert column(found, "AZ_BATCHAI_PS_HOSTS") == ["", ""]


def test_tensorflow_with_servers() -> None:
    gpus = [Node(gpus=("GPU-a",)), Node(gpus=("GPU-b",))]
    distribution = Distribution("tensorflow", worker_count=2, parameter_server_count=1)
    found = made(distribution, gpus)
    assert [item.name for item in found] == ["worker-0", "worker-1", "ps-0"]
    assert [item.serves for item in found] == [False, False, True]
    assert column(found, "AZ_BATCHAI_TASK_TYPE") == ["worker", "worker", "ps"]
    assert column(found, "AZ_BATCHAI_TASK_INDEX") == ["0", "1", "0"]
    assert column(found, "CUDA_VISIBLE_DEVICES") == ["GPU-a", "GPU-b", ""]
    server = json.loads(found[2].environment["TF_CONFIG"])
    assert server["task"] == {"type": "ps", "index": 0}
    assert server["cluster"]["ps"] == [found[0].environment["AZ_BATCHAI_PS_HOSTS"]]
    assert ",".join(server["cluster"]["worker"]) == found[2].environment["AZ_BATCHAI_WORKER_HOSTS"]


def test_gpus_of_a_node_are_seen_by_all_its_ranks() -> None:
    nodes = [Node(gpus=("GPU-a", "GPU-b")), Node(gpus=("GPU-c", "GPU-d"))]
    found = made(Distribution("pytorch", process_count=4, node_count=2), nodes)
    assert column(found, "CUDA_VISIBLE_DEVICES") == ["GPU-a,GPU-b"] * 2 + ["GPU-c,GPU-d"] * 2
    assert set(column(found, "AZ_BATCHAI_NUM_GPUS")) == {"2"}
    assert column(made(None, nodes), "CUDA_VISIBLE_DEVICES") == ["GPU-a,GPU-b"]
    assert column(made(None), "CUDA_VISIBLE_DEVICES") == [None]


def test_each_rank_sees_one_mig_device() -> None:
    nodes = [Node(gpus=("MIG-a", "MIG-b"))]
    found = made(Distribution("pytorch", process_count=3), nodes)
    assert column(found, "CUDA_VISIBLE_DEVICES") == ["MIG-a", "MIG-b", "MIG-a"]
    assert set(column(found, "AZ_BATCHAI_NUM_GPUS")) == {"1"}


def test_parallel_workers_know_their_number_only() -> None:
    distribution = Distribution(
        "parallel", process_count_per_node=2, max_retries=1, terminal_exit_codes=(3,)
    )
    found = made(distribution)
    assert column(found, "AZ_BATCHAI_TASK_INDEX") == ["0", "1"]
    assert column(found, "RANK") == column(found, "MASTER_PORT") == [None, None]
    assert {(item.retries, item.terminal_exit_codes) for item in found} == {(1, (3,))}


def test_mpi_in_containers_is_the_mpirun_of_the_image() -> None:
    (only,) = made(Distribution("mpi", process_count_per_node=2), contained=True)
    assert only.command[0] == "mpirun"
    assert [only.command[at + 1] for at, word in enumerate(only.command) if word == "-np"] == [
        "1",
        "1",
    ]
    assert "RANK=1" in only.command
    assert only.environment["SHARED"] == "x"
    assert "RANK" not in only.environment
    assert "SHARED=x" not in only.command


def test_mpirun_of_the_job_is_found_on_its_own_path(tmp_path: Path) -> None:
    program = tmp_path / "mpirun"
    program.write_text("#!/bin/sh\necho 'mpirun (Open MPI) 5.0.0'\n")
    program.chmod(0o755)
    path = {"PATH": f"{tmp_path}:/bin:/usr/bin"}
    found = made(Distribution("mpi", process_count_per_node=2), environment=path)
    assert found[0].launcher[0] == str(program)
    assert "--oversubscribe" in found[0].launcher
    program.write_text("#!/bin/sh\necho 'HYDRA build details:'\n")
    other = made(Distribution("mpi", process_count_per_node=2), environment=path)
    assert other[0].launcher == (str(program),)
    program.write_text("#!/nonexistent/interpreter\n")
    assert made(Distribution("mpi", process_count_per_node=2), environment=path)[0].launcher == ()


def test_ports_are_different_and_free() -> None:
    with socket.create_server(("127.0.0.1", 0)):
        found = free_ports(20)
    assert len(set(found)) == 20
    for port in found:
        socket.create_server(("127.0.0.1", port)).close()


def test_a_port_that_somebody_listens_on_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(
            "ml_jupyter.distributed.ports._candidates", lambda: iter((port, 47_999))
        )
        with pytest.raises(Exception, match="no 2 free ports"):
            free_ports(2)
