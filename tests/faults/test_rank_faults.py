"""Jobs of several processes: they find each other, and they fail and end as one."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs.submit import cancel
from ml_jupyter.testing.isolation import eventually
from tests.gpu_lab import device, recorded, uuid_of
from tests.jobs_lab import JobLab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

TWO = {"kind": "pytorch", "process_count": 2, "backend": "gloo"}
RANK_1 = "import os, sys, time\nif os.environ['RANK'] == '1':\n    "


def log_of(run: RunFolder, rank: int) -> str:
    """The log of one rank."""
    path = run.layout.files / f"user_logs/std_log_process_{rank}.txt"
    return path.read_text() if path.exists() else ""


def ranks_of(run: RunFolder) -> list[dict[str, Any]]:
    """What the run says of its ranks."""
    found: list[dict[str, Any]] = run.state().facts["ranks"]
    return found


MEETING = """
import os, socket, sys
rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
place = (os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]))
if rank == 0:
    with socket.create_server(place) as server:
        for _ in range(size - 1):
            with server.accept()[0] as other:
                print("rank 0 met", other.makefile().read(), flush=True)
else:
    while True:
        try:
            with socket.create_connection(place) as other:
                other.sendall(f"rank {rank}".encode())
            break
        except ConnectionRefusedError:
            pass
from ml_jupyter.core import Run
Run.get_context().log("rank", rank, step=rank)
print("arguments", sys.argv[1:])
"""


def test_ranks_meet_log_and_write_a_log_each(lab: JobLab) -> None:
    run = lab.submit(MEETING, distribution={**TWO, "process_count": 3}, arguments=("$RANK", "x y"))
    assert lab.ends(run) == status.COMPLETED
    assert {"rank 0 met rank 1", "rank 0 met rank 2"} <= set(log_of(run, 0).splitlines())
    for rank in range(3):
        assert f"arguments ['{rank}', 'x y']\n" in log_of(run, rank)
        assert f"[{rank}] arguments ['{rank}', 'x y']\n".encode() in lab.log(run)
    merged = sorted(line[4:] for line in lab.log(run).decode().splitlines())
    assert merged == sorted("".join(log_of(run, rank) for rank in range(3)).splitlines())
    assert sorted(run.series("rank").values) == [0, 1, 2]
    ranks = ranks_of(run)
    assert [(item["rank"], item["name"], item["exit_code"]) for item in ranks] == [
        (0, "0", 0), (1, "1", 0), (2, "2", 0),
    ]  # fmt: skip
    assert run.state().exit_code == 0
    lab.vanishes(run)


def test_ranks_may_write_to_pipes(lab: JobLab) -> None:
    text = "import sys\nprint(sys.stdout.isatty())\n"
    run = lab.submit(text, distribution=TWO, terminal_width=0)
    assert lab.ends(run) == status.COMPLETED
    assert sorted(lab.log(run).splitlines()) == [b"[0] False", b"[1] False"]


def test_each_node_has_its_own_gpu(
    lab: JobLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(monkeypatch, tmp_path, [device(0), device(1)])
    text = "import os\nprint(os.environ['CUDA_VISIBLE_DEVICES'], os.environ['LOCAL_RANK'])\n"
    run = lab.submit(text, distribution={**TWO, "node_count": 2}, nodes=2, gpus=1)
    assert lab.ends(run) == status.COMPLETED
    assert {log_of(run, 0), log_of(run, 1)} == {f"{uuid_of(0)} 0\n", f"{uuid_of(1)} 0\n"}
    both = lab.submit(text, distribution=TWO, gpus=2)
    assert lab.ends(both) == status.COMPLETED
    seen = {frozenset(log_of(both, rank).split()[0].split(",")) for rank in (0, 1)}
    assert seen == {frozenset((uuid_of(0), uuid_of(1)))}


def test_a_rank_that_raises_is_the_reason_and_the_others_end(lab: JobLab) -> None:
    text = RANK_1 + "raise ValueError('no such digit')\ntime.sleep(600)\n"
    begun = time.monotonic()
    run = lab.submit(text, distribution=TWO)
    assert lab.ends(run) == status.FAILED
    lab.vanishes(run)
    assert time.monotonic() - begun < 10
    assert run.state().reason == "Rank 1: ValueError: no such digit."
    error = run.state().error or {}
    assert error["rank"] == "Rank 1"
    assert error["message"] == "Rank 1: ValueError: no such digit"
    assert error["traceback"].startswith("Traceback (most recent call last)")
    assert error["traceback"].endswith("ValueError: no such digit")
    assert [item["exit_code"] for item in ranks_of(run)] == [-15, 1]
    assert [item["failed_first"] for item in ranks_of(run)] == [False, True]
    assert run.state().exit_code == 1


FOLLOWS = """
import os, socket, sys
place = (os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]))
if os.environ["RANK"] == "1":
    with socket.create_server(place) as server:
        other = server.accept()[0]
        print("connected", os.getpid(), flush=True)
        if len(sys.argv) > 1:
            sys.stdin.read()
            server.accept()
        raise KeyError("cause")
while True:
    try:
        other = socket.create_connection(place)
        break
    except ConnectionRefusedError:
        pass
try:
    other.recv(1)
finally:
    raise ConnectionError("rank 1 has gone")
"""


def test_the_cause_is_told_from_what_follows(lab: JobLab) -> None:
    run = lab.submit(FOLLOWS, distribution=TWO)
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "Rank 1: KeyError: 'cause'."
    assert "rank 1 has gone" in log_of(run, 0)


def test_a_rank_that_is_killed(lab: JobLab) -> None:
    run = lab.submit(FOLLOWS, distribution=TWO, arguments=("wait",))
    eventually(lambda: log_of(run, 1).endswith("\n"), 20, "the connection")
    os.kill(int(log_of(run, 1).split()[1]), signal.SIGKILL)
    begun = time.monotonic()
    assert lab.ends(run) == status.FAILED
    lab.vanishes(run)
    assert time.monotonic() - begun < 5
    assert run.state().reason == "Rank 1: Killed by signal 9 (SIGKILL) from outside."
    assert run.state().exit_code == -9


def test_ranks_that_ignore_sigterm_are_killed(lab: JobLab) -> None:
    text = RANK_1 + "time.sleep(0.3); sys.exit(3)\n"
    text += "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)\n"
    begun = time.monotonic()
    run = lab.submit(text, distribution=TWO)
    assert lab.ends(run) == status.FAILED
    lab.vanishes(run)
    assert time.monotonic() - begun < 10
    assert run.state().reason == "Rank 1: The script ended with exit code 3."


def test_the_others_may_save_what_they_have(lab: JobLab) -> None:
    text = RANK_1 + "raise SystemExit(3)\n"
    text += "import signal\n"
    text += "def save(*_):\n    time.sleep(1.5); print('saved', flush=True); os._exit(0)\n"
    text += "signal.signal(signal.SIGTERM, save)\nprint('up', flush=True)\ntime.sleep(600)\n"
    run = lab.submit(text.replace("raise", "time.sleep(1); raise"), distribution=TWO)
    assert lab.ends(run) == status.FAILED
    assert log_of(run, 0) == "up\nsaved\n"
    assert run.state().reason == "Rank 1: The script ended with exit code 3."


def test_ranks_that_hang_are_ended_by_the_time_limit(lab: JobLab) -> None:
    text = RANK_1 + "time.sleep(600)\nprint('rank 0 is done')\n"
    run = lab.submit(text, distribution=TWO, max_run_duration_s=1.0)
    assert lab.ends(run) == status.CANCELED
    assert (run.state().reason or "").startswith("Stopped after 1 s")
    assert [item["exit_code"] for item in ranks_of(run)] == [0, -15]
    assert not any(item["failed_first"] for item in ranks_of(run))
    lab.vanishes(run)


def test_cancelling_ends_all_ranks(lab: JobLab) -> None:
    run = lab.submit("import time\nprint('up', flush=True)\ntime.sleep(600)\n", distribution=TWO)
    eventually(lambda: log_of(run, 0) and log_of(run, 1), 20, "both ranks")
    assert cancel(run, lab.settings)
    assert lab.ends(run) == status.CANCELED
    lab.vanishes(run)


SERVERS = """
import json, os, socket
config = json.loads(os.environ["TF_CONFIG"])
def address(kind, index):
    host, port = config["cluster"][kind][index].split(":")
    return host, int(port)
task = config["task"]
if task["type"] == "ps":
    with socket.create_server(address("ps", task["index"])) as server:
        while True:
            server.accept()[0].close()
while True:
    try:
        socket.create_connection(address("ps", 0)).close()
        break
    except ConnectionRefusedError:
        pass
print(task["type"], task["index"], "saw the server")
"""


def test_parameter_servers_end_with_the_workers(lab: JobLab) -> None:
    servers = {"kind": "tensorflow", "worker_count": 2, "parameter_server_count": 1}
    run = lab.submit(SERVERS, distribution=servers)
    assert lab.ends(run) == status.COMPLETED
    assert b"[worker-0] worker 0 saw the server\n" in lab.log(run)
    assert b"[worker-1] worker 1 saw the server\n" in lab.log(run)
    assert [item["name"] for item in ranks_of(run)] == ["worker-0", "worker-1", "ps-0"]
    assert run.state().exit_code == 0
    lab.vanishes(run)


def test_a_server_that_fails_ends_the_workers(lab: JobLab) -> None:
    servers = {"kind": "tensorflow", "worker_count": 1, "parameter_server_count": 1}
    text = "import os, time\nif os.environ['AZ_BATCHAI_TASK_TYPE'] == 'ps':\n    1 / 0\n"
    run = lab.submit(text + "time.sleep(600)\n", distribution=servers)
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "ps-0: ZeroDivisionError: division by zero."


def test_parallel_workers_are_tried_again(lab: JobLab) -> None:
    text = """
import os, sys
index = os.environ["AZ_BATCHAI_TASK_INDEX"]
mark = f"tried-{index}"
if index == "1" and not os.path.exists(mark):
    open(mark, "w").close()
    sys.exit(7)
print("worker", index, "is done")
"""
    parallel = {"kind": "parallel", "process_count_per_node": 2, "max_retries": 1}
    run = lab.submit(text, distribution=parallel)
    assert lab.ends(run) == status.COMPLETED
    assert log_of(run, 1).splitlines() == [
        "[ended with exit code 7 and is started again, 1 of 1 retries]",
        "worker 1 is done",
    ]
    given_up = lab.submit(text.replace("and not", "or not"), distribution=parallel)
    assert lab.ends(given_up) == status.FAILED
    assert given_up.state().reason == "Rank 1: The script ended with exit code 7."
    assert log_of(given_up, 1).count("started again") == 1


def test_a_terminal_exit_code_is_not_tried_again(lab: JobLab) -> None:
    text = "import os, sys, time\nif os.environ['AZ_BATCHAI_TASK_INDEX'] == '0': sys.exit(3)\n"
    parallel = {
        "kind": "parallel", "process_count_per_node": 2,
        "max_retries": 5, "terminal_exit_codes": [3],
    }  # fmt: skip
    run = lab.submit(text + "time.sleep(600)\n", distribution=parallel)
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "Rank 0: The script ended with exit code 3."
    assert log_of(run, 0) == ""


def test_a_program_that_is_not_there(lab: JobLab) -> None:
    run = lab.submit("print(1)\n", distribution=TWO, interpreter="/nonexistent/python")
    assert lab.ends(run) == status.FAILED
    assert "could not be started" in (run.state().reason or "")
    lab.vanishes(run)


def test_a_killed_supervisor_leaves_no_rank(lab: JobLab) -> None:
    run = lab.submit("import time\nprint('up', flush=True)\ntime.sleep(600)\n", distribution=TWO)
    eventually(lambda: log_of(run, 0) and log_of(run, 1), 20, "both ranks")
    lab.kill(lab.supervisors())
    assert lab.ends(run) == status.FAILED
    lab.vanishes(run)


def test_a_memory_limit_holds_for_all_ranks_together(lab: JobLab) -> None:
    text = "import time\nkept = bytearray(b'x' * (80 << 20))\nprint('ate')\ntime.sleep(600)\n"
    run = lab.submit(text, distribution=TWO, memory_limit=120 << 20)
    assert lab.ends(run) == status.FAILED
    assert (run.state().reason or "").startswith("Ran out of memory")
    lab.vanishes(run)
