"""The server under load: many live runs and pages, a line's way to a browser, a long chart."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
from rows import Row
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from ml_jupyter.config import Settings
from ml_jupyter.history import lock, records
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.testing.isolation import isolated

RUNS, PAGES, FOLLOWED = 50, 5, 10
METRICS, BEAT_S, SECONDS = 4, 0.2, 15.0
WIDE_RUNS, WIDE_METRICS, WIDE_POINTS = 200, 100, 100
TOKEN = "bench"
HEADERS = {"Authorization": f"token {TOKEN}"}


def rows(full: bool) -> Iterator[Row]:
    """All rows of this part."""
    with tempfile.TemporaryDirectory(prefix="mlj-bench-") as folder:
        root = Path(folder)
        with isolated(root / "world") as settings:
            world = World(settings)
            with Server(root) as server:
                latency, cores = asyncio.run(watch(server, world))
                points = 10_000_000 if full else 1_000_000
                chart = asyncio.run(first_paint(server, world, points))
            world.close()
    opened, compared, bare = opening()
    wide = f"{WIDE_RUNS} runs, {WIDE_METRICS} metrics each of {WIDE_POINTS} points"
    for what, took, bar in (("table", opened, 7), ("comparison", compared, 2)):
        seconds = f"processor time: {took:.2f} s; their files alone {bare:.2f} s"
        yield Row(f"{wide}: first {what}", took / bare, "x reading the files", bar, seconds)
    load = f"{RUNS} live runs, {PAGES} pages, {PAGES * FOLLOWED} run pages open: CPU of the server"
    yield Row(load, cores, "cores", 1.0)
    yield Row("a flushed line → client of the WebSocket under that load, p95", latency, "ms", 200.0)
    yield Row(f"chart of {points:,} points, first answer", chart, "s", 1.0)


class World:
    """Live runs whose logs and metrics grow."""

    def __init__(self, settings: Settings) -> None:
        folder = settings.home / "workspaces" / "default"
        self.workspace = WorkspaceFolder.create(folder, "default")
        self.experiment = self.workspace.create_experiment("bench")
        self.runs = [self.make(f"run-{number}") for number in range(RUNS)]

    def make(self, run_id: str) -> RunFolder:
        """A live run whose lock this process holds."""
        run = self.workspace.create_run(
            self.experiment, run_id, records.INTERACTIVE, "Running", display_name=run_id
        )
        (run.layout.files / "user_logs").mkdir(parents=True)
        self.held = [*getattr(self, "held", []), lock.acquire(run.lock_path)]
        return run

    def beat(self, number: int) -> None:
        """One step of each run: a line with its time, and a point of each metric."""
        for run in self.runs:
            for metric in range(METRICS):
                run.metric_log.log(f"metric {metric}", math.sin(number / 10 + metric), number)
            with (run.layout.files / STD_LOG).open("ab") as log:
                log.write(b"%.6f\n" % time.time())

    def close(self) -> None:
        """Let the runs go."""
        for held in self.held:
            held.release()


class Server:
    """A Jupyter server in a process of its own."""

    def __init__(self, root: Path) -> None:
        self.info = root / "runtime"
        words = [
            *(sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", "--port=0"),
            f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={root}",
            "--ServerApp.jpserver_extensions={'ml_jupyter': True}",
        ]
        env = {**os.environ, "JUPYTER_RUNTIME_DIR": str(self.info)}
        self.process = subprocess.Popen(
            words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> Server:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for path in self.info.glob("jpserver-*.json"):
                try:
                    self.url = json.loads(path.read_text())["url"]
                    request = urllib.request.Request(
                        f"{self.url}ml-jupyter/machine", headers=HEADERS
                    )
                    urllib.request.urlopen(request, timeout=5).close()
                except (OSError, ValueError):
                    continue
                return self
            time.sleep(0.05)
        raise TimeoutError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(30)


def opening() -> tuple[float, float, float]:
    """Processor time until a server without an index gives a table of runs, then compares them.

    The third figure is what merely reading the files of their metrics takes. All in seconds.
    """
    with tempfile.TemporaryDirectory(prefix="mlj-bench-") as folder:
        root = Path(folder)
        with isolated(root / "world") as settings:
            workspace = WorkspaceFolder.create(settings.home / "workspaces" / "default", "default")
            ids = wide_runs(workspace)
            files = [str(path) for path in workspace.layout.runs.glob("*/*/metrics/*")]
            begun = time.process_time()
            for file in files:
                with open(file, "rb") as stream:
                    stream.read()
            bare = time.process_time() - begun
            with Server(root) as server:
                table = "runs?experiment=wide&limit=200&column=metric:metric%201"
                opened = asked(server, workspace, table)
                query = "&".join(f"runs={run_id}" for run_id in ids)
                return opened, asked(server, workspace, f"compare?{query}"), bare


def wide_runs(workspace: WorkspaceFolder) -> list[str]:
    """Ended runs with many metrics each."""
    experiment = workspace.create_experiment("wide")
    ids = [f"wide-{number}" for number in range(WIDE_RUNS)]
    facts = [{"definition": {"arguments": ["--lr", f"{n + 1}e-3"]}} for n in range(WIDE_RUNS)]
    for run in workspace.create_runs(experiment, ids, records.SCRIPT, "Running", facts):
        for metric in range(WIDE_METRICS):
            values = (math.sin(at / 10 + metric) for at in range(WIDE_POINTS))
            run.metric_log.log_many(f"metric {metric}", values)
        run.set_status("Completed")
        run.close()
    return ids


def asked(server: Server, workspace: WorkspaceFolder, path: str) -> float:
    """Processor time of the server for a question about 200 runs."""
    url = f"{server.url}ml-jupyter/workspaces/{workspace.id}/{path}"
    process = psutil.Process(server.process.pid)
    begun = sum(process.cpu_times()[:2])
    with urllib.request.urlopen(urllib.request.Request(url, headers=HEADERS), timeout=120) as got:
        answer = json.loads(got.read())
    took = sum(process.cpu_times()[:2]) - begun
    assert len(answer["runs"]) == WIDE_RUNS
    return took


async def watch(server: Server, world: World) -> tuple[float, float]:
    """The p95 of a line's way in ms, and the server's CPU in cores, while all pages are open."""
    waits: list[float] = []
    world.beat(0)
    pages = [await open_page(server, world, number, waits) for number in range(PAGES)]
    process = psutil.Process(server.process.pid)
    await asyncio.sleep(3)
    waits.clear()
    used, begun = sum(process.cpu_times()[:2]), time.monotonic()
    number = 1
    while time.monotonic() - begun < SECONDS:
        await asyncio.to_thread(world.beat, number)
        number += 1
        await asyncio.sleep(BEAT_S)
    cores = (sum(process.cpu_times()[:2]) - used) / (time.monotonic() - begun)
    for socket, task in pages:
        socket.close()
        await task
    return statistics.quantiles(waits, n=20)[-1] * 1000, cores


async def open_page(
    server: Server, world: World, page: int, waits: list[float]
) -> tuple[WebSocketClientConnection, asyncio.Task[None]]:
    """A page that follows the list, the machine, and ten runs with their logs and charts."""
    url = server.url.replace("http", "ws", 1) + "ml-jupyter/socket"
    socket = await websocket_connect(HTTPRequest(url, headers=HEADERS))
    frames = [{"stream": "runs", "workspace": world.workspace.id}, {"stream": "machine"}]
    for run in world.runs[page * FOLLOWED : (page + 1) * FOLLOWED]:
        place = {"workspace": world.workspace.id, "run": run.id}
        frames += [{"stream": stream, **place} for stream in ("run", "metrics", "log")]
    for number, frame in enumerate(frames):
        await socket.write_message(json.dumps({"op": "subscribe", "id": number, **frame}))
    return socket, asyncio.create_task(read_on(socket, waits))


async def read_on(socket: WebSocketClientConnection, waits: list[float]) -> None:
    while (text := await socket.read_message()) is not None:
        message = json.loads(text)
        if message["type"] != "chunk":
            continue
        data = base64.b64decode(message["data"])
        waits.extend(time.time() - float(line) for line in data.split())
        ack = {"op": "ack", "id": message["id"], "offset": message["offset"] + len(data)}
        with contextlib.suppress(WebSocketClosedError):
            await socket.write_message(json.dumps(ack))


async def first_paint(server: Server, world: World, points: int) -> float:
    """Seconds until the thinned series of a long run is there for the first time."""
    run = world.make("long")
    run.metric_log.log_many("wave", (math.sin(i / 1000) for i in range(points)))
    path = f"ml-jupyter/workspaces/{world.workspace.id}/runs/long/metrics"
    begun = time.perf_counter()
    answer = await AsyncHTTPClient().fetch(server.url + path, headers=HEADERS, request_timeout=60)
    took = time.perf_counter() - begun
    assert json.loads(answer.body)["series"][0]["count"] == points
    return took
