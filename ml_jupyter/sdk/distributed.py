"""Configurations of distributed jobs: plain values that are checked at submission (surface 5.5)."""

from __future__ import annotations

from typing import Any, Optional

from ml_jupyter.sdk.section import Section


class MpiConfiguration(Section):
    """An MPI job.

    Parameters
    ----------
    process_count_per_node, node_count : int
        At least 1 each.
    """

    def __init__(self, process_count_per_node: int = 1, node_count: int = 1) -> None:
        self.process_count_per_node = process_count_per_node
        self.node_count = node_count


class PyTorchConfiguration(Section):
    """A PyTorch distributed job.

    Parameters
    ----------
    communication_backend : str
        ``Nccl`` or ``Gloo``, any case.
    process_count : int, optional
        Processes in all; a multiple of ``node_count``. Default: one a node.
    node_count : int
        At least 1.
    """

    def __init__(
        self,
        communication_backend: str = "Nccl",
        process_count: Optional[int] = None,
        node_count: int = 1,
    ) -> None:
        self.communication_backend = communication_backend
        self.process_count = process_count
        self.node_count = node_count


class TensorflowConfiguration(Section):
    """A TensorFlow job with workers and parameter servers.

    Parameters
    ----------
    worker_count : int
        At least 1.
    parameter_server_count : int
        At least 0; as in the Azure ML SDK the default is one server.
    """

    def __init__(self, worker_count: int = 1, parameter_server_count: int = 1) -> None:
        self.worker_count = worker_count
        self.parameter_server_count = parameter_server_count


#: The kinds that ``distributed_job_config`` takes.
DISTRIBUTED = (MpiConfiguration, PyTorchConfiguration, TensorflowConfiguration)


def is_distributed(config: Any) -> bool:
    """Whether ``config`` is one of the configurations above."""
    return isinstance(config, DISTRIBUTED)
