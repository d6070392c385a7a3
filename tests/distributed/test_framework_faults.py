"""Real frameworks whose ranks fail: the run is Failed within ten seconds, and nothing is left."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.testing.isolation import eventually
from tests.jobs_lab import JobLab

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]

PROGRAMS = Path(__file__).parent / "programs"
FAILS_S = 10.0

TORCH = """
import os
import torch
import torch.distributed as dist
dist.init_process_group("gloo")
value = torch.ones(1)
dist.all_reduce(value)
print("pid", os.getpid(), "sum", value.item(), flush=True)
while True:
    dist.all_reduce(value)
"""

MPI4PY = """
import os
from mpi4py import MPI
print("pid", os.getpid(), "sum", MPI.COMM_WORLD.allreduce(1), flush=True)
while True:
    MPI.COMM_WORLD.allreduce(1)
"""

TENSORFLOW = """
import os
import tensorflow as tf
strategy = tf.distribute.MultiWorkerMirroredStrategy()
@tf.function
def step():
    def replica():
        context = tf.distribute.get_replica_context()
        return context.all_reduce(tf.distribute.ReduceOp.SUM, tf.ones(()))
    return strategy.run(replica)
value = step()
print("pid", os.getpid(), "sum", value.numpy(), flush=True)
while True:
    step()
"""


def log_of(run: RunFolder, rank: int) -> str:
    path = run.layout.files / f"user_logs/std_log_process_{rank}.txt"
    return path.read_text() if path.exists() else ""


def pid_of(run: RunFolder, rank: int) -> int:
    """Process id of a rank that works together with the others."""
    eventually(lambda: "sum 2" in log_of(run, rank), 120, f"rank {rank} at work")
    words = log_of(run, rank).split()
    return int(words[words.index("pid") + 1])


@pytest.mark.parametrize(
    ("framework", "program", "distribution", "label"),
    [
        ("torch", TORCH, {"kind": "pytorch", "process_count": 2, "backend": "gloo"}, "Rank 1"),
        ("mpi", MPI4PY, {"kind": "mpi", "process_count_per_node": 2}, "Rank 1"),
        ("tensorflow", TENSORFLOW, {"kind": "tensorflow", "worker_count": 2}, "worker-1"),
    ],
)
def test_a_rank_that_is_killed(
    lab: JobLab,
    python_with: Callable[[str], str],
    framework: str,
    program: str,
    distribution: dict[str, object],
    label: str,
) -> None:
    run = lab.submit(program, distribution=distribution, interpreter=python_with(framework))
    pid_of(run, 0)
    os.kill(pid_of(run, 1), signal.SIGKILL)
    begun = time.monotonic()
    assert lab.ends(run) == status.FAILED
    lab.vanishes(run)
    assert time.monotonic() - begun < FAILS_S
    assert run.state().reason == f"{label}: Killed by signal 9 (SIGKILL) from outside."
    assert run.state().exit_code == -9


def test_an_exception_in_an_mpi_rank(lab: JobLab, python_with: Callable[[str], str]) -> None:
    """The other rank waits for a message that never comes."""
    run = lab.submit(
        (PROGRAMS / "mpi_regression.py").read_text(),
        distribution={"kind": "mpi", "process_count_per_node": 2},
        interpreter=python_with("mpi"),
        arguments=("fail",),
    )
    assert lab.ends(run, timeout_s=30) == status.FAILED
    lab.vanishes(run)
    assert run.state().reason == "Rank 1: ValueError: rank 1 has had enough."
    assert (run.state().error or {})["traceback"].startswith("Traceback (most recent call last)")


def test_cancelling_an_mpi_job(lab: JobLab, python_with: Callable[[str], str]) -> None:
    from ml_jupyter.jobs.submit import cancel

    run = lab.submit(
        MPI4PY,
        distribution={"kind": "mpi", "process_count_per_node": 2},
        interpreter=python_with("mpi"),
    )
    pid_of(run, 0)
    assert cancel(run, lab.settings)
    assert lab.ends(run) == status.CANCELED
    lab.vanishes(run)


def test_a_killed_supervisor_of_an_mpi_job(lab: JobLab, python_with: Callable[[str], str]) -> None:
    run = lab.submit(
        MPI4PY,
        distribution={"kind": "mpi", "process_count_per_node": 2},
        interpreter=python_with("mpi"),
    )
    pid_of(run, 0)
    lab.kill(lab.supervisors())
    assert lab.ends(run) == status.FAILED
    lab.vanishes(run)


def test_ranks_without_mpirun_are_told_of(lab: JobLab) -> None:
    run = lab.submit(
        "import os\nprint('rank', os.environ['OMPI_COMM_WORLD_RANK'])\n",
        distribution={"kind": "mpi", "process_count_per_node": 2},
        environment={**os.environ, "PATH": "/nonexistent"},
    )
    assert lab.ends(run) == status.COMPLETED
    assert sorted(lab.log(run).splitlines()) == [b"[0] rank 0", b"[1] rank 1"]
    (warning,) = run.state().warnings
    assert "no mpirun" in warning
