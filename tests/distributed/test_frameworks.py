"""Real training on several processes: losses go down, and the ranks see each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from tests.jobs_lab import JobLab

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).parent / "programs"
TORCH_DIGITS = ROOT / "notebooks" / "pytorch-distributed" / "pytorch_digits.py"
TENSORFLOW_DIGITS = ROOT / "notebooks" / "tensorflow-distributed" / "tensorflow_digits.py"
ENDS_S = 180.0

GLOO = {"kind": "pytorch", "process_count": 2, "node_count": 2, "backend": "Gloo"}
MPI = {"kind": "mpi", "process_count_per_node": 1, "node_count": 2}


def completes(lab: JobLab, run: RunFolder) -> str:
    """Wait for the run to complete; the merged log."""
    ended = lab.ends(run, timeout_s=ENDS_S)
    text = lab.log(run).decode("utf-8", "replace")
    assert ended == status.COMPLETED, f"{run.state().reason}\n{text[-4000:]}"
    lab.vanishes(run)
    return text


def losses(run: RunFolder, name: str = "loss") -> list[float]:
    """The values of a metric."""
    return [float(value) for value in run.series(name).values]


@pytest.mark.parametrize(
    "url", ["$AZ_BATCHAI_PYTORCH_INIT_METHOD", "tcp://$MASTER_ADDR:$MASTER_PORT", "env://"]
)
def test_pytorch_distributed_data_parallel(
    lab: JobLab, python_with: Callable[[str], str], url: str
) -> None:
    run = lab.submit(
        TORCH_DIGITS.read_text(),
        distribution=GLOO,
        interpreter=python_with("torch"),
        arguments=(
            *("--dist-backend", "gloo", "--dist-url", url, "--epochs", "5"),
            *("--rank", "$AZ_BATCHAI_TASK_INDEX", "--world-size", "2"),
        ),
    )
    text = completes(lab, run)
    assert "[0] rank 0 of 2: 750 images of 1500\n" in text
    assert "[1] rank 1 of 2: 750 images of 1500\n" in text
    found = losses(run)
    assert len(found) == 5
    assert found[-1] < found[0] / 3
    of_ranks = zip(losses(run, "loss of rank 0"), losses(run, "loss of rank 1"), strict=True)
    assert found == pytest.approx([(a + b) / 2 for a, b in of_ranks], rel=1e-3)
    assert (run.layout.files / "outputs/model.pt").stat().st_size > 1000


def test_torchrun_on_each_node(lab: JobLab, python_with: Callable[[str], str]) -> None:
    """One process a node, which is torchrun itself: it finds the others by our variables."""
    (lab.source / "digits.py").write_text(TORCH_DIGITS.read_text())
    run = lab.shell(
        "torchrun --nnodes $WORLD_SIZE --node_rank $NODE_RANK --nproc_per_node 1 "
        "--master_addr $MASTER_ADDR --master_port $MASTER_PORT digits.py --epochs 2",
        distribution=GLOO,
        interpreter=python_with("torch"),
    )
    text = completes(lab, run)
    assert "rank 1 of 2: 750 images of 1500" in text
    assert losses(run)[1] < losses(run)[0]


def test_tensorflow_multi_worker(lab: JobLab, python_with: Callable[[str], str]) -> None:
    run = lab.submit(
        TENSORFLOW_DIGITS.read_text(),
        distribution={"kind": "tensorflow", "worker_count": 2},
        interpreter=python_with("tensorflow"),
        arguments=("--epochs", "5"),
    )
    text = completes(lab, run)
    assert "[worker-0] worker 0 of 2: 2 replicas\n" in text
    assert "[worker-1] worker 1 of 2: 2 replicas\n" in text
    found = losses(run)
    assert len(found) == 5
    assert found == sorted(found, reverse=True)


def test_tensorflow_with_a_parameter_server(lab: JobLab, python_with: Callable[[str], str]) -> None:
    run = lab.submit(
        (PROGRAMS / "tensorflow_servers.py").read_text(),
        distribution={"kind": "tensorflow", "worker_count": 2, "parameter_server_count": 1},
        interpreter=python_with("tensorflow"),
    )
    text = completes(lab, run)
    for worker in (0, 1):
        assert f"[worker-{worker}] weights are on /job:ps/task:0\n" in text
        assert f"[worker-{worker}] all workers are there\n" in text
        assert losses(run, f"loss of worker {worker}")[-1] < 0.01
    assert "[ps-0] serving\n" in text
    ranks = run.state().facts["ranks"]
    assert [item["exit_code"] for item in ranks[:2]] == [0, 0]
    assert ranks[2]["exit_code"] != 0  # ended when the workers were done


def test_mpi(lab: JobLab, python_with: Callable[[str], str]) -> None:
    run = lab.submit(
        (PROGRAMS / "mpi_regression.py").read_text(),
        distribution=MPI,
        interpreter=python_with("mpi"),
        arguments=("$AZ_BATCHAI_TASK_INDEX", "a b"),
    )
    text = completes(lab, run)
    for rank in (0, 1):
        assert f"[{rank}] rank {rank} of 2, node {rank} ['{rank}', 'a b']\n" in text
        assert f"[{rank}] everybody [0, 1]\n" in text
        log = run.layout.files / f"user_logs/std_log_process_{rank}.txt"
        assert re.search(r"^weight 3\.00, bias -1\.00$", log.read_text(), re.MULTILINE)
    assert losses(run)[-1] < losses(run)[0] / 100
    assert [item["exit_code"] for item in run.state().facts["ranks"]] == [0, 0]
    assert run.state().warnings == []
    assert not (run.layout.path / "ranks").exists()


def test_mpi_with_more_ranks_than_cores(lab: JobLab, python_with: Callable[[str], str]) -> None:
    run = lab.shell(
        "python -c 'from mpi4py import MPI; print(MPI.COMM_WORLD.allreduce(1))'",
        distribution={"kind": "mpi", "process_count_per_node": 5},
        interpreter=python_with("mpi"),
    )
    assert sorted(completes(lab, run).splitlines()) == [f"[{rank}] 5" for rank in range(5)]
