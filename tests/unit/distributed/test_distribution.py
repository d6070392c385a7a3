"""How many processes a job has, and what is refused before anything is written."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ml_jupyter.core.runconfig import (
    MpiConfiguration,
    ParallelTaskConfiguration,
    PyTorchConfiguration,
    RunConfiguration,
    TensorflowConfiguration,
)
from ml_jupyter.distributed import Distribution, nodes_of
from ml_jupyter.exceptions import FolderCorrupt, RunConfigurationException
from ml_jupyter.sdk.distributed import distribution_of


def config(section: Any = None, **run_config: Any) -> Any:
    """A configuration as ``submit`` gets it."""
    inner = RunConfiguration()
    for name, value in run_config.items():
        setattr(inner, name, value)
    return SimpleNamespace(distributed_job_config=section, run_config=inner)


@pytest.mark.parametrize(
    ("section", "size", "nodes", "local"),
    [
        (MpiConfiguration(), 1, 1, 1),
        (MpiConfiguration(process_count_per_node=3, node_count=2), 6, 2, 3),
        (PyTorchConfiguration("Gloo", node_count=2), 2, 2, 1),
        (PyTorchConfiguration("gloo", process_count=3), 3, 1, 3),
        (PyTorchConfiguration("NCCL", process_count=4, node_count=2), 4, 2, 2),
        (TensorflowConfiguration(worker_count=2), 3, 2, 1),
        (TensorflowConfiguration(worker_count=2, parameter_server_count=0), 2, 2, 1),
        (ParallelTaskConfiguration(worker_count_per_node=2), 2, 1, 2),
    ],
)
def test_sizes(section: Any, size: int, nodes: int, local: int) -> None:
    found = distribution_of(config(section))
    assert found is not None
    assert (found.size, nodes_of(found), found.local_size) == (size, nodes, local)
    assert Distribution.from_json(found.to_json()) == found


@pytest.mark.parametrize(
    ("section", "name"),
    [
        (MpiConfiguration(process_count_per_node=0), "process_count_per_node"),
        (MpiConfiguration(node_count=0), "node_count"),
        (MpiConfiguration(node_count=2.0), "node_count"),  # type: ignore[arg-type]
        (PyTorchConfiguration("Mpi"), "communication_backend"),
        (PyTorchConfiguration("Gloo", process_count=3, node_count=2), "process_count"),
        (PyTorchConfiguration("Gloo", process_count=0), "process_count"),
        (PyTorchConfiguration("Gloo", process_count=True), "process_count"),
        (TensorflowConfiguration(worker_count=0), "worker_count"),
        (TensorflowConfiguration(parameter_server_count=-1), "parameter_server_count"),
        (ParallelTaskConfiguration(max_retries_per_worker=-1), "max_retries"),
        (ParallelTaskConfiguration(terminal_exit_codes=[0]), "terminal_exit_codes"),
    ],
)
def test_what_is_refused(section: Any, name: str) -> None:
    with pytest.raises(RunConfigurationException, match=name):
        distribution_of(config(section))


def test_a_job_that_is_not_distributed() -> None:
    assert distribution_of(config()) is None
    assert nodes_of(None) == 1
    assert Distribution.from_json(None) is None


def test_nodes_without_anything_to_run_on_them() -> None:
    with pytest.raises(RunConfigurationException, match="node_count is 2"):
        distribution_of(config(node_count=2))


@pytest.mark.parametrize(
    ("communicator", "kind", "size"),
    [("Mpi", "mpi", 3), ("Gloo", "pytorch", 3), ("ParameterServer", "tensorflow", 2)],
)
def test_the_communicator_of_a_run_configuration(communicator: str, kind: str, size: int) -> None:
    found = distribution_of(config(communicator=communicator, node_count=3))
    assert found is not None
    assert (found.kind, found.size) == (kind, size)


def test_an_unknown_communicator() -> None:
    with pytest.raises(RunConfigurationException, match="Smoke"):
        distribution_of(config(communicator="Smoke"))


def test_parallel_tasks_take_the_nodes_of_the_run_configuration() -> None:
    section = ParallelTaskConfiguration(worker_count_per_node=2, terminal_exit_codes=[3])
    found = distribution_of(config(section, node_count=2))
    assert found is not None
    assert (found.size, found.terminal_exit_codes) == (4, (3,))


def test_an_unreadable_distribution() -> None:
    with pytest.raises(FolderCorrupt):
        Distribution.from_json({"size": 3})
