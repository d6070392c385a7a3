"""Whose a process is, told from real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ml_jupyter import _time
from ml_jupyter.devices import owners, sessions
from ml_jupyter.devices.owners import Owner
from ml_jupyter.devices.sessions import KernelSession

KERNEL = "0f9c1c52-7d0a-4a39-8f7e-52b8d6f0a1c3"
HOUR_NS = 3_600 * 1_000_000_000


@contextmanager
def process(*words: str, **environ: str) -> Iterator[int]:
    """A process with these words on its command line and these variables."""
    text = "import sys; print('up', flush=True); sys.stdin.read()"
    clean = {key: value for key, value in os.environ.items() if not key.startswith("ML_JUPYTER_")}
    child = subprocess.Popen(
        [sys.executable, "-c", text, *words], env={**clean, **environ},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        yield child.pid
        child.kill()


def test_a_job_of_ours() -> None:
    with process(ML_JUPYTER_RUN_ID="run-1", ML_JUPYTER_WORKSPACE="/w", JPY_SESSION_NAME="a") as pid:
        owner = owners.of(pid)
    assert (owner.kind, owner.run_id, owner.workspace) == (owners.RUN, "run-1", "/w")
    assert owner.mine
    assert owner.phrase == f"pid {pid}, the run run-1"


def test_a_kernel_that_the_server_has_named() -> None:
    idle = KernelSession(KERNEL, "work/eda.ipynb", _time.now_ns() - 3 * HOUR_NS)
    with process("-f", f"/tmp/runtime/kernel-{KERNEL}.json") as pid:
        owner = owners.of(pid, {KERNEL: idle})
        unnamed = owners.of(pid)
    assert (owner.kind, owner.kernel_id, owner.notebook) == (owners.NOTEBOOK, KERNEL, "eda.ipynb")
    assert owner.phrase == f'pid {pid}, the notebook "eda.ipynb" (idle 3 h)'
    assert unnamed.phrase == f"pid {pid}, a notebook kernel"


def test_a_kernel_that_says_itself_which_notebook_it_is() -> None:
    with process(JPY_SESSION_NAME="/home/mara/work/eda.ipynb") as pid:
        owner = owners.of(pid)
    assert (owner.kind, owner.notebook) == (owners.NOTEBOOK, "eda.ipynb")


def test_another_program() -> None:
    with process() as pid:
        owner = owners.of(pid)
    assert owner.kind == owners.USER
    assert abs((owner.started or 0) - _time.now_ns()) < 60e9
    assert owner.phrase == f"pid {pid} ({owner.program})"
    theirs = Owner(5, owners.USER, "python", 2000, "tom")
    assert theirs.phrase == "pid 5 (python) of tom"
    old = replace(theirs, started=_time.now_ns() - 2 * HOUR_NS)
    assert old.phrase == "pid 5 (python) of tom (for 2 h)"


def test_a_process_that_is_gone() -> None:
    with process() as pid:
        pass
    assert owners.of(pid) == Owner(pid)
    assert owners.of(pid).phrase == f"pid {pid}, which cannot be seen from here"


def test_servers_say_which_kernels_they_have(tmp_path: Path) -> None:
    busy = KernelSession(KERNEL, "eda.ipynb", 1, busy=True)
    sessions.publish(tmp_path, [busy])
    assert sessions.known(tmp_path) == {KERNEL: busy}
    assert busy.idle_s() is None
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    sessions.withdraw(tmp_path)
    assert sessions.known(tmp_path) == {}


@pytest.mark.parametrize("text", ["{]", "[1]", '[{"nobody": 1}]', "3"])
def test_rubbish_of_a_server_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / f"kernels-{os.getpid()}.json").write_text(text)
    assert sessions.known(tmp_path) == {}


def test_what_a_dead_server_said_is_forgotten(tmp_path: Path) -> None:
    with process() as pid:
        pass
    dead = tmp_path / f"kernels-{pid}.json"
    dead.write_text("[]")
    assert sessions.known(tmp_path) == {}
    assert not dead.exists()
