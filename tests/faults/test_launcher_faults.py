"""Ranks that an ``mpirun`` starts: a small one that is put on the job's path."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.testing.isolation import eventually
from tests.jobs_lab import JobLab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

MPI = {"kind": "mpi", "process_count_per_node": 2, "node_count": 1}
#: Starts each application context once, and ends the others when one fails, as Open MPI does.
MPIRUN = """#!{python}
import os, subprocess, sys, time
words = sys.argv[1:]
if words == ["--version"]:
    sys.exit("mpirun (Open MPI) 5.0.0")
print("starting", words.count("-np"), "ranks", flush=True)
contexts, ranks = " ".join(words).count(" : "), []
while "-np" in words:
    words = words[words.index("-np") + 2:]
    end = words.index(":") if ":" in words else len(words)
    own = dict(os.environ, FAKE_RANK=str(len(ranks)))
    ranks.append(subprocess.Popen(words[:end], env=own, start_new_session=True))
while ranks:
    for rank in list(ranks):
        code = rank.poll()
        if code:
            for other in ranks:
                if other is not rank:
                    os.killpg(other.pid, 15)
            sys.exit(code)
        if code == 0:
            ranks.remove(rank)
    time.sleep(0.01)
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables of a submitter who has this mpirun."""
    program = tmp_path / "bin" / "mpirun"
    program.parent.mkdir()
    program.write_text(MPIRUN.replace("{python}", sys.executable))
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}


def submit(lab: JobLab, environment: dict[str, str], text: str, **values: Any) -> RunFolder:
    # another folder than that of this Python, where a real mpirun may be
    python = Path(environment["PATH"].split(":")[0]) / "python"
    if not python.exists():
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)
    return lab.submit(
        text, distribution=MPI, environment=environment, interpreter=str(python), **values
    )


def log_of(run: RunFolder, rank: int) -> str:
    return (run.layout.files / f"user_logs/std_log_process_{rank}.txt").read_text()


def test_each_rank_has_its_terminal_its_variables_and_its_log(
    lab: JobLab, environment: dict[str, str]
) -> None:
    text = "import os, sys\nprint(os.environ['FAKE_RANK'], os.environ['OMPI_COMM_WORLD_RANK'],"
    text += " sys.argv[1:], sys.stdout.isatty())\n"
    run = submit(lab, environment, text, arguments=("$RANK of $WORLD_SIZE",))
    assert lab.ends(run) == status.COMPLETED
    for rank in (0, 1):
        assert log_of(run, rank) == f"{rank} {rank} ['{rank} of 2'] True\n"
        assert f"[{rank}] {rank} {rank}".encode() in lab.log(run)
    assert b"[mpirun] starting 2 ranks\n" in lab.log(run)
    assert [item["exit_code"] for item in run.state().facts["ranks"]] == [0, 0]
    assert not (run.layout.path / "ranks").exists()
    lab.vanishes(run)


def test_ranks_have_terminals_where_pipes_were_asked_for(
    lab: JobLab, environment: dict[str, str]
) -> None:
    run = submit(lab, environment, "print('there')\n", terminal_width=0)
    assert lab.ends(run) == status.COMPLETED
    assert log_of(run, 0) == log_of(run, 1) == "there\n"


def test_a_rank_that_raises(lab: JobLab, environment: dict[str, str]) -> None:
    text = "import os, time\nif os.environ['RANK'] == '1': raise KeyError('cause')\n"
    run = submit(lab, environment, text + "time.sleep(600)\n")
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "Rank 1: KeyError: 'cause'."
    assert run.state().exit_code == 1
    lab.vanishes(run)


def test_a_rank_that_is_killed(lab: JobLab, environment: dict[str, str]) -> None:
    text = "import os, time\nprint('pid', os.getpid(), flush=True)\ntime.sleep(600)\n"
    run = submit(lab, environment, text)
    eventually(lambda: (run.layout.files / "user_logs/std_log_process_0.txt").exists())
    eventually(lambda: "\n" in log_of(run, 0), 20, "its process id")
    os.kill(int(log_of(run, 0).split()[1]), 9)
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "Rank 0: Killed by signal 9 (SIGKILL) from outside."
    assert run.state().exit_code == -9
    lab.vanishes(run)


def test_an_mpirun_that_fails_itself(lab: JobLab, environment: dict[str, str]) -> None:
    program = Path(environment["PATH"].split(":")[0]) / "mpirun"
    program.write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo Open MPI && exit\necho no slots; exit 213\n"
    )
    run = submit(lab, environment, "print(1)\n")
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "mpirun: The launcher ended with exit code 213."
    assert lab.log(run) == b"[mpirun] no slots\n"


def test_an_exception_ends_a_rank_that_would_wait_for_the_others(
    lab: JobLab, environment: dict[str, str]
) -> None:
    """A stand-in for mpi4py, whose exit waits for ever, and a ``sitecustomize`` of the user's."""
    (lab.source / "mpi4py").mkdir()
    (lab.source / "mpi4py" / "__init__.py").write_text("")
    (lab.source / "mpi4py" / "MPI.py").write_text(
        "import atexit, time\n"
        "class COMM_WORLD: size = 2\n"
        "def Is_initialized(): return True\n"
        "def Is_finalized(): return False\n"
        "atexit.register(time.sleep, 600)\n"
    )
    (lab.source / "sitecustomize.py").write_text("print('of the user')\n")
    text = "from mpi4py import MPI\nimport os, time\n"
    text += "if os.environ['RANK'] == '1': raise KeyError('cause')\ntime.sleep(600)\n"
    run = submit(lab, {**environment, "PYTHONPATH": "."}, text)
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "Rank 1: KeyError: 'cause'."
    assert log_of(run, 1).startswith("of the user\n")
    lab.vanishes(run)
