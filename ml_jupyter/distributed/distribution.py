"""``Distribution``: how many processes a job has and what connects them (surface 5.5)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Dict, Mapping, Optional, Tuple

from ml_jupyter.exceptions import FolderCorrupt, RunConfigurationException

MPI = "mpi"
PYTORCH = "pytorch"
TENSORFLOW = "tensorflow"
PARALLEL = "parallel"
KINDS = (MPI, PYTORCH, TENSORFLOW, PARALLEL)
BACKENDS = ("nccl", "gloo")


@dataclass(frozen=True)
class Distribution:
    """The processes of a job.

    Attributes
    ----------
    kind : str
        ``mpi``, ``pytorch``, ``tensorflow`` or ``parallel`` (workers that do not know each other).
    process_count_per_node : int
        Processes on each node (``mpi``, ``parallel``).
    node_count : int
        Nodes; for ``tensorflow`` there is one a worker instead.
    process_count : int, optional
        Processes in all (``pytorch``), a multiple of ``node_count``. None: one a node.
    worker_count, parameter_server_count : int
        Processes of each type (``tensorflow``).
    backend : str
        ``nccl`` or ``gloo`` (``pytorch``), any case.
    max_retries : int
        How often a worker is started again after a failure (``parallel``).
    terminal_exit_codes : tuple of int
        Exit codes of a worker that end the job at once (``parallel``).
    """

    kind: str
    process_count_per_node: int = 1
    node_count: int = 1
    process_count: Optional[int] = None
    worker_count: int = 1
    parameter_server_count: int = 0
    backend: str = "nccl"
    max_retries: int = 0
    terminal_exit_codes: Tuple[int, ...] = ()

    @property
    def nodes(self) -> int:
        """Slot sets that are to be placed."""
        return self.worker_count if self.kind == TENSORFLOW else self.node_count

    @property
    def size(self) -> int:
        """Processes in all."""
        if self.kind == TENSORFLOW:
            return self.worker_count + self.parameter_server_count
        return self.local_size * self.node_count

    @property
    def local_size(self) -> int:
        """Processes on each node; for ``tensorflow`` workers on each node."""
        if self.kind == TENSORFLOW:
            return 1
        if self.kind == PYTORCH:
            return (self.process_count or self.node_count) // self.node_count
        return self.process_count_per_node

    def check(self) -> None:
        """Refuse what can never run.

        Raises
        ------
        RunConfigurationException
            An unknown kind or backend, a count that is no whole number or below its least, or a
            ``process_count`` that cannot be shared out equally; names the field.
        """
        if self.kind not in KINDS:
            raise RunConfigurationException(f"There is no distribution {self.kind!r}.")
        for name, least in _LEAST[self.kind].items():
            _check_count(name, getattr(self, name), least)
        if self.kind == PYTORCH:
            self._check_pytorch()
        for code in self.terminal_exit_codes:
            _check_count("terminal_exit_codes", code, 1)

    def _check_pytorch(self) -> None:
        if str(self.backend).lower() not in BACKENDS:
            raise RunConfigurationException(
                f"communication_backend is {self.backend!r}; it must be Nccl or Gloo."
            )
        if self.process_count is None:
            return
        _check_count("process_count", self.process_count, 1)
        if self.process_count % self.node_count:
            raise RunConfigurationException(
                f"process_count is {self.process_count}, which cannot be shared out equally "
                f"among {self.node_count} nodes; it is the number of processes in all."
            )

    def to_json(self) -> Dict[str, Any]:
        """As it stands in ``launch.json`` and in the definition of a run."""
        return {**asdict(self), "terminal_exit_codes": list(self.terminal_exit_codes)}

    @classmethod
    def from_json(cls, value: Optional[Mapping[str, Any]]) -> Optional[Distribution]:
        """What ``to_json`` described; None for None; unknown keys are passed over.

        Raises
        ------
        FolderCorrupt
            It names no kind.
        """
        if value is None:
            return None
        names = {item.name for item in fields(cls)}
        known = {key: item for key, item in value.items() if key in names}
        if "kind" not in known:
            raise FolderCorrupt("The distribution of a job names no kind.")
        known["terminal_exit_codes"] = tuple(known.get("terminal_exit_codes") or ())
        return cls(**known)


#: The least of each count, under the names that users give them.
_LEAST: Mapping[str, Mapping[str, int]] = {
    MPI: {"process_count_per_node": 1, "node_count": 1},
    PYTORCH: {"node_count": 1},
    TENSORFLOW: {"worker_count": 1, "parameter_server_count": 0},
    PARALLEL: {"process_count_per_node": 1, "node_count": 1, "max_retries": 0},
}


def nodes_of(distribution: Optional[Distribution]) -> int:
    """How many nodes are to be placed for a job; 1 for one that is not distributed."""
    return 1 if distribution is None else distribution.nodes


def _check_count(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise RunConfigurationException(f"{name} is {value!r}; it must be a whole number.")
    if value < least:
        raise RunConfigurationException(f"{name} is {value}; the least is {least}.")
