"""Configurations of distributed jobs: plain values that are checked at submission (surface 5.5)."""

from __future__ import annotations

from typing import Any, List, Optional

from ml_jupyter.distributed import distribution as kinds
from ml_jupyter.distributed.distribution import Distribution
from ml_jupyter.exceptions import RunConfigurationException
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

    def _distribution(self, node_count: int) -> Distribution:
        return Distribution(
            kinds.MPI,
            process_count_per_node=self.process_count_per_node,
            node_count=_agreed(self.node_count, node_count),
        )


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

    def _distribution(self, node_count: int) -> Distribution:
        return Distribution(
            kinds.PYTORCH,
            node_count=_agreed(self.node_count, node_count),
            process_count=self.process_count,
            backend=self.communication_backend,
        )


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

    def _distribution(self, node_count: int) -> Distribution:
        """One node a worker, whatever ``node_count`` says."""
        return Distribution(
            kinds.TENSORFLOW,
            node_count=node_count,
            worker_count=self.worker_count,
            parameter_server_count=self.parameter_server_count,
        )


class ParallelTaskConfiguration(Section):
    """Workers that run the same script side by side and do not know each other.

    Parameters
    ----------
    max_retries_per_worker : int
        How often a worker that fails is started again; at least 0.
    worker_count_per_node : int
        At least 1; the number of nodes is ``run_config.node_count``.
    terminal_exit_codes : list of int, optional
        Exit codes of a worker that fail the job at once, without another try.
    """

    def __init__(
        self,
        max_retries_per_worker: int = 0,
        worker_count_per_node: int = 1,
        terminal_exit_codes: Optional[List[int]] = None,
    ) -> None:
        self.max_retries_per_worker = max_retries_per_worker
        self.worker_count_per_node = worker_count_per_node
        self.terminal_exit_codes = terminal_exit_codes

    def _distribution(self, node_count: int) -> Distribution:
        return Distribution(
            kinds.PARALLEL,
            process_count_per_node=self.worker_count_per_node,
            node_count=node_count,
            max_retries=self.max_retries_per_worker,
            terminal_exit_codes=tuple(self.terminal_exit_codes or ()),
        )


#: The kinds that ``distributed_job_config`` takes.
DISTRIBUTED = (
    MpiConfiguration,
    PyTorchConfiguration,
    TensorflowConfiguration,
    ParallelTaskConfiguration,
)

#: Section of a run configuration that a communicator belongs to.
_SECTIONS = {
    "mpi": "mpi",
    "openmpi": "mpi",
    "intelmpi": "mpi",
    "parameterserver": "tensorflow",
    "gloo": "pytorch",
    "nccl": "pytorch",
    "paralleltask": "parallel_task",
}


def is_distributed(config: Any) -> bool:
    """Whether ``config`` is one of the configurations above."""
    return isinstance(config, DISTRIBUTED)


def distribution_of(config: Any) -> Optional[Distribution]:
    """The processes of a job, checked; None: one.

    Parameters
    ----------
    config : ScriptRunConfig
        Its ``distributed_job_config`` counts, else what its run configuration says by its
        communicator (``Mpi``, ``Gloo``, ``Nccl``, ``ParameterServer``, ``ParallelTask``).

    Raises
    ------
    RunConfigurationException
        A count or backend that cannot be, an unknown communicator, or several nodes with nothing
        that says what runs on them.
    """
    run_config, section = config.run_config, config.distributed_job_config
    nodes = run_config.node_count
    communicator = str(run_config.communicator)
    if section is None and communicator.lower() != "none":
        name = _SECTIONS.get(communicator.lower())
        if name is None:
            raise RunConfigurationException(f"There is no communicator {communicator!r}.")
        section = getattr(run_config, name)
    if section is None:
        if nodes != 1:
            raise RunConfigurationException(
                f"node_count is {nodes}, but nothing says what runs on the nodes; give "
                "distributed_job_config, e.g. PyTorchConfiguration(node_count=2)."
            )
        return None
    if not is_distributed(section):
        raise RunConfigurationException(
            f"distributed_job_config is a {type(section).__name__}; it takes one of "
            f"{', '.join(kind.__name__ for kind in DISTRIBUTED)}."
        )
    found: Distribution = section._distribution(nodes)
    found.check()
    return found


def _agreed(own: Any, given: Any) -> Any:
    """Nodes of a section; those of the run configuration where the section was left alone."""
    return given if own == 1 else own
