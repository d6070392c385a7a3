"""Real jobs, submitted, followed, cancelled and repeated over HTTP."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import time

import psutil
import pytest

pytestmark = pytest.mark.slow
DEADLINE_S = 60.0

SCRIPT = """
import sys, time
from ml_jupyter import Run
run = Run.get_context()
print("hello", *sys.argv[1:], flush=True)
for step in range(5):
    run.log("loss", 1.0 / (step + 1), step=step)
print("done", flush=True)
if "wait" in sys.argv:
    time.sleep(600)
"""


@pytest.fixture
def root(jp_root_dir):
    (jp_root_dir / "project").mkdir()
    (jp_root_dir / "project" / "train.py").write_text(SCRIPT)
    return jp_root_dir


async def submit(fetch, workspace, **changes):
    body = {"experiment": "explore", "source_directory": "project", "script": "train.py", **changes}
    answer = await fetch("workspaces", workspace.id, "runs", method="POST", json_body=body)
    assert answer.status == 201, answer.body
    return answer.json


async def until_status(fetch, workspace, run_id, *wanted):
    deadline = time.monotonic() + DEADLINE_S
    while True:
        answer = await fetch("workspaces", workspace.id, "runs", run_id)
        if answer.json["status"] in wanted:
            return answer.json
        assert time.monotonic() < deadline, answer.json
        await asyncio.sleep(0.1)


async def test_a_job_runs_to_its_end_and_again(fetch, workspace, root, jp_ws_fetch):
    run = await submit(
        fetch, workspace, arguments=["--lr", "0.1"], tags={"k": "v"}, display_name="mine"
    )
    assert (run["display_name"], run["tags"]) == ("mine", {"k": "v"})
    socket = await jp_ws_fetch("ml-jupyter", "socket")
    try:
        text = await follow_log(socket, workspace.id, run["id"])
    finally:
        socket.close()
    assert "hello --lr 0.1" in text
    assert "done" in text
    ended = await until_status(fetch, workspace, run["id"], "Completed", "Failed")
    assert ended["status"] == "Completed", ended["error"]
    assert ended["parameters"] == {"lr": "0.1"}
    assert [item["count"] for item in ended["metrics"]] == [5]
    path = ("workspaces", workspace.id, "runs", run["id"], "rerun")
    again = await fetch(*path, method="POST")
    assert again.status == 201, again.body
    assert again.json["id"] != run["id"]
    ended = await until_status(fetch, workspace, again.json["id"], "Completed", "Failed")
    assert ended["status"] == "Completed"


async def follow_log(socket, workspace_id: str, run_id: str) -> str:
    import json

    frame = {"op": "subscribe", "id": 1, "stream": "log", "workspace": workspace_id, "run": run_id}
    await socket.write_message(json.dumps({**frame, "offset": 0}))
    found = b""
    while True:
        message = json.loads(await asyncio.wait_for(socket.read_message(), DEADLINE_S))
        assert message["type"] == "chunk", message
        assert message["offset"] == len(found)
        found += base64.b64decode(message["data"])
        if message["final"]:
            return found.decode()


async def test_a_running_job_is_stopped(fetch, workspace, root):
    run = await submit(fetch, workspace, arguments=["wait"])
    await until_status(fetch, workspace, run["id"], "Running")
    answer = await fetch("workspaces", workspace.id, "runs", run["id"], "cancel", method="POST")
    assert answer.status == 202
    assert answer.json["status"] in ("CancelRequested", "Canceled")
    await until_status(fetch, workspace, run["id"], "Canceled")


async def test_a_job_whose_supervisor_was_killed_is_settled_while_somebody_looks(
    fetch, workspace, root, jp_ws_fetch
):
    import json

    run = await submit(fetch, workspace, arguments=["wait"])
    await until_status(fetch, workspace, run["id"], "Running")
    socket = await jp_ws_fetch("ml-jupyter", "socket")
    frame = {
        "op": "subscribe",
        "id": 1,
        "stream": "run",
        "workspace": workspace.id,
        "run": run["id"],
    }
    await socket.write_message(json.dumps(frame))
    for process in supervisors(workspace.run(run["id"])):
        os.kill(process, signal.SIGKILL)
    deadline = time.monotonic() + DEADLINE_S
    status = None
    while status != "Failed":
        assert time.monotonic() < deadline
        message = json.loads(await asyncio.wait_for(socket.read_message(), DEADLINE_S))
        status = message["run"]["status"]
    assert "supervisor" in message["run"]["reason"]
    socket.close()


def supervisors(run) -> list[int]:
    """Who holds the run's lock."""
    found = []
    wanted = os.stat(run.lock_path)
    for process in psutil.process_iter():
        try:
            for fd in os.listdir(f"/proc/{process.pid}/fd"):
                facts = os.stat(f"/proc/{process.pid}/fd/{fd}")
                if (facts.st_ino, facts.st_dev) == (wanted.st_ino, wanted.st_dev):
                    found.append(process.pid)
        except OSError:
            continue
    return found


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"script": "nosuch.py"}, "nosuch.py"),
        ({"script": None, "command": None}, "script"),
        ({"command": "echo"}, "command"),
        ({"source_directory": "nosuch"}, "source_directory"),
        ({"experiment": "bad name"}, "bad name"),
    ],
)
async def test_what_cannot_run_is_refused_and_leaves_no_run(fetch, workspace, root, change, word):
    body = {"experiment": "explore", "source_directory": "project", "script": "train.py", **change}
    body = {key: value for key, value in body.items() if value is not None}
    answer = await fetch("workspaces", workspace.id, "runs", method="POST", json_body=body)
    assert answer.status in (400, 422), answer.body
    assert word in answer.json["message"]
    assert str(root) not in answer.body.decode()
    assert (await fetch("workspaces", workspace.id, "runs")).json["total"] == 0
