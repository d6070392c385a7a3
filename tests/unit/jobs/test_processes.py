"""Finding and ending processes; memory groups."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ml_jupyter.jobs import processes
from ml_jupyter.jobs.cgroup import MemoryGroup
from ml_jupyter.testing.isolation import eventually

TREE = (
    "import subprocess, sys, time\n"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(p.pid, flush=True)\ntime.sleep(600)\n"
)


@pytest.mark.parametrize("has_proc", [True, False], ids=["proc", "ps"])
def test_descendants_and_marked_processes(has_proc: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if has_proc and not os.path.isdir("/proc/self"):
        pytest.skip("no /proc here")
    monkeypatch.setattr(processes, "_HAS_PROC", has_proc)
    mark = {"ML_JUPYTER_TEST_MARK": f"mark {os.getpid()}", "ML_JUPYTER_TEST_OTHER": "1"}
    parent = subprocess.Popen(
        [sys.executable, "-c", TREE], stdout=subprocess.PIPE, env={**os.environ, **mark}
    )
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert {parent.pid, child} <= processes.descendants(os.getpid())
        assert processes.descendants(parent.pid) == {child}
        assert processes.with_variables(mark) == {parent.pid, child}
        assert processes.with_variables({**mark, "ML_JUPYTER_TEST_OTHER": "2"}) == set()
        assert processes.resident_bytes([parent.pid, child]) > 1_000_000
        assert processes.end(lambda: processes.with_variables(mark), 2.0) == set()


def test_stopped_process_takes_its_signal() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with process:
        os.kill(process.pid, 19)
        processes.send([process.pid], 15)
        assert process.wait(10) == -15


def test_memory_group_kills_at_its_limit() -> None:
    group = MemoryGroup.create(f"mlj-test-{os.getpid()}", 60 * 1024 * 1024)
    if group is None:
        pytest.skip("this user may not make control groups here")
    eats = "x = []\nwhile True: x.append(bytearray(b'x' * (1 << 20)))\n"
    process = subprocess.Popen([sys.executable, "-c", eats], preexec_fn=group.join)
    assert process.wait(30) == -9
    eventually(group.out_of_memory, what="the system's word on it")
    assert 40 << 20 < group.peak() <= 60 << 20
    group.remove()
    again = MemoryGroup.create(f"mlj-test-{os.getpid()}", 60 * 1024 * 1024)
    assert again is not None
    again.remove()
