"""Real TensorBoard processes over real event files."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from tornado.httputil import HTTPHeaders

from ml_jupyter.history import records
from ml_jupyter.server import proxy, tensorboard_process
from ml_jupyter.server.tensorboard_logdir import LogDirs

DEADLINE_S = 60.0
slow = pytest.mark.slow


def write_scalar(folder: Path, values: list[float], first: int = 0) -> None:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    folder.mkdir(parents=True, exist_ok=True)
    writer = EventFileWriter(str(folder))
    for step, value in enumerate(values, first):
        summary = Summary(value=[Summary.Value(tag="loss", simple_value=value)])
        writer.add_event(Event(step=step, summary=summary, wall_time=time.time()))
    writer.close()


@pytest.fixture
def run(workspace):
    experiment = workspace.create_experiment("explore")
    found = workspace.create_run(
        experiment, "run-1", records.SCRIPT, "Running", display_name="digits/sgd"
    )
    (found.layout.work / "logs").mkdir(parents=True)
    found.layout.files.mkdir()
    (found.layout.files / "logs").symlink_to("../work/logs")
    return found


async def eventually(call, condition):
    """What ``call`` gives as soon as the condition holds for it."""
    deadline = time.monotonic() + DEADLINE_S
    while True:
        found = await call()
        if condition(found):
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.1)


async def start(fetch, workspace, run) -> SimpleNamespace:
    body = {"workspace_id": workspace.id, "run_ids": [run.id]}
    answer = await fetch("tensorboards", method="POST", json_body=body, request_timeout=DEADLINE_S)
    assert answer.status == 201, answer.body
    return answer


@slow
async def test_a_runs_scalars_are_shown_while_it_runs_and_after_its_end(fetch, workspace, run, app):
    write_scalar(run.layout.work / "logs", [3.0, 2.0])
    board = (await start(fetch, workspace, run)).json
    assert board["run_ids"] == [run.id]
    assert board["url"] == f"ml-jupyter/tensorboards/{board['id']}/"
    assert (await start(fetch, workspace, run)).json == board, "the same set gives the running one"
    listed = (await fetch("tensorboards")).json["tensorboards"]
    assert listed == [board]

    page = await fetch("tensorboards", board["id"], "/")
    assert page.status == 200
    assert b"<title>TensorBoard</title>" in page.body
    assert b"url(/" not in page.body, "fonts would be asked for at the root of the host"
    packed = await fetch(
        "tensorboards", board["id"], "index.js", headers={"Accept-Encoding": "gzip"}
    )
    assert packed.status == 200
    policies = page.headers.get_list("Content-Security-Policy")
    assert "frame-ancestors 'self'" in policies[0]
    assert "http:" not in policies[0]

    async def scalars():
        params = {"run": "digits sgd #1", "tag": "loss"}
        answer = await fetch(
            "tensorboards", board["id"], "data/plugin/scalars/scalars", params=params
        )
        return [point[2] for point in answer.json] if answer.status == 200 else []

    assert await eventually(scalars, lambda found: len(found) == 2) == [3.0, 2.0]
    write_scalar(run.layout.work / "logs", [1.0], first=2)
    assert await eventually(scalars, lambda found: len(found) == 3) == [3.0, 2.0, 1.0]

    (run.layout.files / "logs").unlink()
    (run.layout.work / "logs").rename(run.layout.files / "logs")
    write_scalar(run.layout.files / "logs", [0.5], first=3)
    assert await eventually(scalars, lambda found: len(found) == 4) == [3.0, 2.0, 1.0, 0.5]

    answer = await fetch(
        "tensorboards",
        board["id"],
        "data/plugin/scalars/scalars_multirun",
        method="POST",
        body="tag=loss&runs=digits%20sgd%20%231",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status == 200, answer.body
    assert len(answer.json["digits sgd #1"]) == 4

    process = psutil.Process((await app.services.boards.process(board["id"])).pid)
    family = [process, *process.children(recursive=True)]
    assert (await fetch("tensorboards", board["id"], method="DELETE")).status == 204
    assert (await fetch("tensorboards")).json == {"tensorboards": []}
    answer = await fetch("tensorboards", board["id"], "/")
    assert (answer.status, answer.json["code"]) == (404, "tensorboard_not_found")
    await eventually(lambda: still_alive(family), lambda alive: not alive)


async def still_alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [
        item for item in processes if item.is_running() and item.status() != psutil.STATUS_ZOMBIE
    ]


@slow
async def test_an_idle_one_is_ended_and_comes_back_when_asked(fetch, workspace, run, app):
    board = (await start(fetch, workspace, run)).json
    boards = app.services.boards
    process = await boards.process(board["id"])
    boards._boards[board["id"]].used -= app.services.limits.tensorboard_idle_s
    await boards.end_idle()
    assert not process.alive
    assert boards.running() == []
    answer = await fetch("tensorboards", board["id"], "/", request_timeout=DEADLINE_S)
    assert answer.status == 200
    assert [item["id"] for item in boards.running()] == [board["id"]]


@slow
async def test_one_that_was_killed_is_started_again(fetch, workspace, run, app):
    board = (await start(fetch, workspace, run)).json
    process = await app.services.boards.process(board["id"])
    os.kill(process.pid, signal.SIGKILL)
    await eventually(lambda: asyncio.sleep(0, process.alive), lambda alive: not alive)
    answer = await fetch("tensorboards", board["id"], "/", request_timeout=DEADLINE_S)
    assert answer.status == 200


@slow
async def test_other_users_of_the_machine_cannot_open_it(fetch, workspace, run, app):
    from tornado.httpclient import AsyncHTTPClient

    board = (await start(fetch, workspace, run)).json
    process = await app.services.boards.process(board["id"])
    client = AsyncHTTPClient()
    for path in ("", "/", "/data/runs", "/data/environment"):
        answer = await client.fetch(f"http://127.0.0.1:{process.port}{path}", raise_error=False)
        assert answer.code == 404
    board_process = psutil.Process(process.pid)
    ports = {
        (item.laddr.ip, item.laddr.port)
        for one in [board_process, *board_process.children(recursive=True)]
        for item in one.net_connections("tcp")
        if item.status == "LISTEN"
    }
    assert ports == {("127.0.0.1", process.port)}
    assert process.prefix not in " ".join(board_process.cmdline())
    environment = psutil.Process(process.pid).environ()
    assert not [name for name in environment if "TOKEN" in name or name.startswith("ML_JUPYTER")]


@slow
async def test_it_does_not_outlive_its_starter(tmp_path, workspace, run):
    """A process in the server's place is killed with SIGKILL; TensorBoard and its helper leave."""
    logdir = LogDirs(tmp_path / "boards").make([run])
    code = (
        "import asyncio, sys, pathlib\n"
        "from ml_jupyter.server.tensorboard_process import TensorBoardProcess\n"
        "async def main():\n"
        f"    board = await TensorBoardProcess.start(pathlib.Path({str(logdir)!r}), 60)\n"
        "    print(board.pid, flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    import sys

    starter = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE
    )
    pid = int(await asyncio.wait_for(starter.stdout.readline(), DEADLINE_S))
    board = psutil.Process(pid)
    family = [board, *board.children(recursive=True)]
    starter.kill()
    await starter.wait()
    starter._transport.close()
    await eventually(lambda: still_alive(family), lambda alive: not alive)


async def test_one_that_cannot_start_says_why(fetch, workspace, run, monkeypatch):
    import sys

    words = [sys.executable, "-c", "print('no such plugin'); raise SystemExit(3)"]
    monkeypatch.setattr(tensorboard_process, "command", lambda: words)
    body = {"workspace_id": workspace.id, "run_ids": [run.id]}
    answer = await fetch("tensorboards", method="POST", json_body=body)
    assert (answer.status, answer.json["code"]) == (502, "tensorboard_failed")
    assert "exit code 3" in answer.json["message"]
    assert "no such plugin" in answer.json["message"]


async def test_one_that_never_answers_is_given_up(
    fetch, workspace, run, monkeypatch, app, settings
):
    import sys

    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(tensorboard_process, "command", lambda: sleeper)
    with pytest.raises(tensorboard_process.TensorBoardFailed, match=r"within 0\.2 s"):
        await tensorboard_process.TensorBoardProcess.start(settings.home, 0.2)


@pytest.mark.parametrize("path", ["../x", "a/../../x", "%2e%2e/x", "a\\b", "a\0b"])
async def test_the_proxy_goes_nowhere_else(fetch, workspace, app, path):
    answer = await fetch("tensorboards", "id", path)
    assert answer.status in (400, 404)


def test_credentials_are_not_passed_on():
    given = HTTPHeaders(
        {
            "Cookie": "username=x",
            "Authorization": "token t",
            "X-XSRFToken": "x",
            "Host": "evil",
            "X-Forwarded-For": "1.2.3.4",
            "Accept": "text/html",
        }
    )
    assert dict(proxy.allowed(given, proxy.REQUEST_HEADERS)) == {"Accept": "text/html"}
    assert proxy.query_without_credentials("a=1&token=t&_xsrf=x&b=") == "a=1&b="
    answer = HTTPHeaders({"Set-Cookie": "a=b", "Access-Control-Allow-Origin": "*", "Etag": "e"})
    assert dict(proxy.allowed(answer, proxy.RESPONSE_HEADERS)) == {"Etag": "e"}


@pytest.mark.parametrize(
    "path", ["x", "//evil.example/x", "@evil.example", "?a=b", "#f", "\r\nX: y"]
)
def test_the_address_stays_below_our_prefix(path):
    found = proxy.address("secret", path, "q=1")
    assert re.match(r"/secret/[^\s#?]*\?q=1\Z", found)


def test_folders_of_dead_servers_are_removed(tmp_path, run):
    dirs = LogDirs(tmp_path / "boards")
    kept = dirs.make([run])
    dead = tmp_path / "boards" / "dead"
    dead.mkdir()
    (dead / ".lock").touch()
    LogDirs(tmp_path / "boards").sweep()
    assert kept.is_dir()
    assert not dead.exists()
    assert [link.name for link in kept.iterdir()] == ["digits sgd #1"]
    dirs.remove(kept)
    assert not kept.exists()
    assert (run.layout.work / "logs").is_dir()
