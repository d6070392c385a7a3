"""Horovod, where it could be built: ``sh tests/distributed/build_horovod.sh`` says how.

Collected only when ``HOROVOD_PYTHON`` names a Python that has it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ml_jupyter.history import status
from tests.jobs_lab import JobLab

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]

PROGRAM = Path(__file__).parent / "programs" / "horovod_regression.py"
MPI = {"kind": "mpi", "process_count_per_node": 1, "node_count": 2}


@pytest.mark.parametrize("launched", ["by mpirun", "by horovodrun"])
def test_horovod(lab: JobLab, python_with: Callable[[str], str], launched: str) -> None:
    path = f"{Path(python_with('mpi')).parent}:{os.environ['PATH']}"
    values = {
        "interpreter": os.environ["HOROVOD_PYTHON"],
        "environment": {**os.environ, "PATH": path},
    }
    if launched == "by mpirun":
        run = lab.submit(PROGRAM.read_text(), distribution=MPI, **values)
    else:
        (lab.source / "regression.py").write_text(PROGRAM.read_text())
        run = lab.shell("horovodrun --gloo -np 2 python regression.py", **values)
    assert lab.ends(run, timeout_s=120) == status.COMPLETED
    text = lab.log(run).decode()
    assert "rank 0 of 2\n" in text
    assert "rank 1 of 2\n" in text
    assert text.count("weights [1.0, -2.0, 3.0]\n") == 2
    losses = run.series("loss").values
    assert losses[-1] < losses[0] / 1000
    lab.vanishes(run)
