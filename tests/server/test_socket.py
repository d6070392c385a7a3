"""The WebSocket of a page, against real run folders that grow."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import json
import statistics
import time
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from ml_jupyter.history import lock, records, watch
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.server import views

DEADLINE_S = 10.0
CHUNK, WINDOW = 64 * 1024, 1024 * 1024


class Client:
    """A page: sends frames, and waits for the message that a test is about."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    async def send(self, **frame: Any) -> None:
        await self.connection.write_message(json.dumps(frame))

    async def message(self) -> dict[str, Any]:
        text = await asyncio.wait_for(self.connection.read_message(), DEADLINE_S)
        assert text is not None, "the server closed the connection"
        return json.loads(text)

    async def until(self, wanted: Any) -> dict[str, Any]:
        while True:
            message = await self.message()
            if wanted(message):
                return message

    async def silent_until_pong(self) -> list[dict[str, Any]]:
        """What comes before the answer to a ping."""
        await self.send(op="ping", t="mark")
        found: list[dict[str, Any]] = []
        while True:
            message = await self.message()
            if message == {"type": "pong", "t": "mark"}:
                return found
            found.append(message)


@pytest.fixture
def connect(jp_ws_fetch, app):
    """``await connect()`` → a Client."""
    opened = []

    async def call(**kwargs: Any) -> Client:
        client = Client(await jp_ws_fetch("ml-jupyter", "socket", **kwargs))
        opened.append(client)
        return client

    yield call
    for client in opened:
        client.connection.close()


@pytest.fixture
def run(workspace):
    experiment = workspace.create_experiment("explore")
    found = workspace.create_run(experiment, "run-1", records.INTERACTIVE, "Running")
    (found.layout.files / "user_logs").mkdir(parents=True)
    held = lock.acquire(found.lock_path)
    yield found
    held.release()


def log_of(run):
    return run.layout.files / STD_LOG


def append(path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


async def test_lists_come_whole_and_again_at_a_change(connect, workspace, run):
    client = await connect()
    await client.send(op="subscribe", id=1, stream="runs", workspace=workspace.id, query={})
    first = await client.message()
    assert (first["id"], first["type"], first["total"]) == (1, "runs", 1)
    assert first["runs"][0]["status"] == "Running"
    run.set_status("Completed")
    message = await client.until(lambda m: m["runs"][0]["status"] == "Completed")
    assert message["id"] == 1


async def test_a_run_is_followed_and_its_deletion_ends_the_subscription(
    connect, workspace, run, fetch
):
    client = await connect()
    await client.send(op="subscribe", id=7, stream="run", workspace=workspace.id, run=run.id)
    assert (await client.message())["run"]["id"] == run.id
    run.set_tags({"quality": "great"})
    await client.until(lambda m: m["run"]["tags"] == {"quality": "great"})
    run.set_status("Completed")
    await client.until(lambda m: m["run"]["status"] == "Completed")
    await fetch("workspaces", workspace.id, "runs", run.id, method="DELETE")
    message = await client.until(lambda m: m["type"] == "error")
    assert (message["id"], message["code"]) == (7, "run_not_found")


async def test_only_the_series_that_grew_are_sent_again(connect, workspace, run):
    run.metric_log.log("a", 1.0)
    run.metric_log.log("b", 2.0)
    client = await connect()
    await client.send(
        op="subscribe", id=3, stream="metrics", workspace=workspace.id, run=run.id, points=100
    )
    assert [item["name"] for item in (await client.message())["series"]] == ["a", "b"]
    run.metric_log.log("b", 3.0)
    message = await client.message()
    assert [(item["name"], item["values"]) for item in message["series"]] == [("b", [2.0, 3.0])]


async def test_a_log_is_followed_from_before_it_exists_to_its_end(connect, workspace, run):
    client = await connect()
    await client.send(
        op="subscribe",
        id=4,
        stream="log",
        workspace=workspace.id,
        run=run.id,
        path=STD_LOG,
        offset=0,
    )
    assert await client.silent_until_pong() == []
    got = b""
    for line in (b"one\n", b"two\xff\n", b"half"):
        append(log_of(run), line)
        while len(got) < sum(
            map(
                len,
                (b"one\n", b"two\xff\n", b"half")[
                    : [b"one\n", b"two\xff\n", b"half"].index(line) + 1
                ],
            )
        ):
            chunk = await client.message()
            assert chunk["offset"] == len(got)
            got += base64.b64decode(chunk["data"])
    assert got == b"one\ntwo\xff\nhalf"
    run.set_status("Completed")
    final = await client.until(lambda m: m["final"])
    assert final["offset"] + len(base64.b64decode(final["data"])) == final["end"] == len(got)


async def test_a_negative_offset_starts_at_a_line(connect, workspace, run):
    append(log_of(run), b"".join(b"line %d\n" % number for number in range(1000)))
    size = log_of(run).stat().st_size
    client = await connect()
    await client.send(
        op="subscribe",
        id=4,
        stream="log",
        workspace=workspace.id,
        run=run.id,
        path=STD_LOG,
        offset=-20,
    )
    chunk = await client.message()
    assert base64.b64decode(chunk["data"]) == b"line 998\nline 999\n"
    assert chunk["offset"] == size - 18


async def test_a_resumed_log_misses_nothing_and_tells_nothing_twice(connect, workspace, run):
    append(log_of(run), b"x" * 100)
    client = await connect()
    await client.send(
        op="subscribe",
        id=1,
        stream="log",
        workspace=workspace.id,
        run=run.id,
        path=STD_LOG,
        offset=0,
    )
    first = await client.message()
    client.connection.close()
    append(log_of(run), b"y" * 50)
    again = await connect()
    await again.send(
        op="subscribe",
        id=1,
        stream="log",
        workspace=workspace.id,
        run=run.id,
        path=STD_LOG,
        offset=first["offset"] + len(base64.b64decode(first["data"])),
    )
    assert base64.b64decode((await again.message())["data"]) == b"y" * 50


async def test_no_more_than_a_window_is_sent_ahead_of_the_page(connect, workspace, run):
    append(log_of(run), b"z" * (3 * WINDOW))
    client = await connect()
    await client.send(
        op="subscribe",
        id=1,
        stream="log",
        workspace=workspace.id,
        run=run.id,
        path=STD_LOG,
        offset=0,
    )
    got = 0
    while got < WINDOW:
        got += len(base64.b64decode((await client.message())["data"]))
    assert got == WINDOW
    assert await client.silent_until_pong() == []
    await client.send(op="ack", id=1, offset=CHUNK)
    chunk = await client.message()
    assert (chunk["offset"], len(base64.b64decode(chunk["data"]))) == (WINDOW, CHUNK)
    await client.send(op="ack", id=1, offset=10 * WINDOW)
    got = WINDOW + CHUNK
    while got < 2 * WINDOW + CHUNK:
        got += len(base64.b64decode((await client.message())["data"]))
    assert await client.silent_until_pong() == [], "what was not sent cannot be acknowledged"


async def test_a_reader_that_stops_costs_little_and_delays_nobody(connect, workspace, run, app):
    """tornado's client takes one message from the network and then waits to be asked for it."""
    slow, quick = await connect(), await connect()
    names = [f"m{number}" for number in range(24)]
    place = {"workspace": workspace.id, "run": run.id}
    for number, name in enumerate(names):
        run.metric_log.log_many(name, [number + i / 7 for i in range(8000)])
        await slow.send(
            op="subscribe", id=number, stream="metrics", names=[name], points=8000, **place
        )
    stuck = next(page for page in app.services.hub.pages if page.count)
    stream = stuck._send.__self__.ws_connection.stream
    await until(lambda: stuck.count == len(names) and stream.writing())
    await quick.send(op="subscribe", id=1, stream="run", **place)
    for number in range(3):
        for name in names:
            run.metric_log.log(name, 1.0)
        run.set_tags({"n": str(number)})
        await quick.until(lambda m, n=number: m["run"]["tags"].get("n") == str(n))
        assert stream.writing()
        assert len(stream._write_buffer) < 1024 * 1024
        assert len(stuck._ready) <= len(names)
    seen = set()
    while len(seen) < len(names):
        message = await slow.message()
        if message["series"][0]["count"] == 8003:
            seen.add(message["id"])


async def test_who_may_only_read_is_told_so(connect, workspace, run, read_only):
    client = await connect()
    await client.send(op="subscribe", id=1, stream="run", workspace=workspace.id, run=run.id)
    assert (await client.message())["run"]["can_write"] is False


async def test_equal_subscriptions_are_computed_once(connect, workspace, run, monkeypatch, app):
    calls = []
    real = views.run
    monkeypatch.setattr(views, "run", lambda *args: calls.append(args) or real(*args))
    clients = [await connect() for _ in range(5)]
    for client in clients:
        await client.send(op="subscribe", id=1, stream="run", workspace=workspace.id, run=run.id)
        await client.message()
    assert len(app.services.hub._feeds) == 1
    before = len(calls)
    run.set_tags({"a": "b"})
    for client in clients:
        await client.until(lambda m: m["run"]["tags"] == {"a": "b"})
    assert len(calls) - before <= 2
    for client in clients:
        client.connection.close()
    await until(lambda: not app.services.hub._feeds and not app.services.hub.pages)


async def until(condition) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_queue_machine_and_ping_answer(connect, workspace):
    client = await connect()
    await client.send(op="subscribe", id=5, stream="queue", workspace=workspace.id)
    assert (await client.message())["slots"]["total"] == 2
    await client.send(op="subscribe", id=6, stream="machine")
    assert (await client.until(lambda m: m["id"] == 6))["cpu_count"] >= 1
    await client.send(op="unsubscribe", id=5)
    await client.send(op="unsubscribe", id=6)
    assert all(m["type"] in ("queue", "machine") for m in await client.silent_until_pong())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("{", None),
        ("[]", None),
        ('"text"', None),
        ('{"op": "steal", "id": 1}', 1),
        ('{"op": "subscribe"}', None),
        ('{"op": "subscribe", "id": 1, "stream": "passwords"}', 1),
        ('{"op": "subscribe", "id": -1, "stream": "machine"}', None),
        ('{"op": "subscribe", "id": 1, "stream": "runs"}', 1),
        (
            '{"op": "subscribe", "id": 1, "stream": "runs", "workspace": "w", "query": 5}',
            1,
        ),
        (
            '{"op": "subscribe", "id": 1, "stream": "runs", "query": {"sort": 1}}',
            1,
        ),
        ('{"op": "subscribe", "id": 1, "stream": "run", "workspace": "../..", "run": "x"}', 1),
        ('{"op": "ack", "id": 1}', 1),
        ("[" * 50_000, None),
    ],
)
async def test_malformed_messages_are_answered_with_an_error(connect, workspace, text, number):
    client = await connect()
    await client.connection.write_message(text)
    message = await client.message()
    assert (message["type"], message["code"], message["id"]) == (
        "error",
        "invalid_argument",
        number,
    )
    assert await client.silent_until_pong() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"workspace": "other"}, "workspace_not_found"),
        ({"run": "other"}, "run_not_found"),
        ({"path": "../run.json"}, "path_outside"),
        ({"path": "/etc/passwd"}, "path_outside"),
        ({"path": "a\0b"}, "path_outside"),
        ({"path": "link/passwd"}, "path_outside"),
    ],
)
async def test_a_log_of_somewhere_else_is_refused(connect, workspace, run, change, code):
    (run.layout.files / "link").symlink_to("/etc")
    client = await connect()
    frame = {"workspace": workspace.id, "run": run.id, "path": STD_LOG, "offset": 0, **change}
    await client.send(op="subscribe", id=1, stream="log", **frame)
    assert (await client.message())["code"] == code


async def test_a_page_may_not_follow_without_end(connect, workspace, app):
    most = app.services.limits.subscriptions
    client = await connect()
    for number in range(most + 1):
        await client.send(op="subscribe", id=number, stream="machine")
    message = await client.until(lambda m: m["type"] == "error")
    assert (message["id"], message["code"]) == (most, "busy")


async def test_a_message_that_is_too_long_ends_the_connection(connect, workspace):
    client = await connect()
    await client.connection.write_message("x" * 70_000)
    assert await asyncio.wait_for(client.connection.read_message(), DEADLINE_S) is None


async def test_another_sites_page_cannot_connect(jp_ws_fetch, app, workspace, jp_serverapp):
    token = jp_serverapp.identity_provider.token
    cookie = await _login_cookie(jp_serverapp, token)
    for origin, allowed in (("http://evil.example", False), (None, True)):
        headers = {"Authorization": "", "Cookie": cookie}
        if origin is not None:
            headers["Origin"] = origin
        if allowed:
            (await jp_ws_fetch("ml-jupyter", "socket", headers=headers)).close()
        else:
            with pytest.raises(HTTPClientError) as refused:
                await jp_ws_fetch("ml-jupyter", "socket", headers=headers)
            assert refused.value.code == 403


async def _login_cookie(server, token: str) -> str:
    from tornado.httpclient import AsyncHTTPClient

    url = f"http://localhost:{server.port}{server.base_url}api/status?token={token}"
    answer = await AsyncHTTPClient().fetch(url, follow_redirects=False, raise_error=False)
    return "; ".join(item.split(";")[0] for item in answer.headers.get_list("Set-Cookie"))


async def test_a_flushed_line_arrives_quickly(connect, workspace, run):
    client = await connect()
    await client.send(
        op="subscribe",
        id=1,
        stream="log",
        workspace=workspace.id,
        run=run.id,
        path=STD_LOG,
        offset=0,
    )
    waits = []
    for number in range(40):
        begun = time.monotonic()
        append(log_of(run), b"line %d\n" % number)
        while not base64.b64decode((await client.message())["data"]).endswith(
            b"line %d\n" % number
        ):
            pass
        waits.append(time.monotonic() - begun)
        await client.send(op="ack", id=1, offset=log_of(run).stat().st_size)
    assert statistics.quantiles(waits, n=20)[-1] <= 0.2


async def test_an_unforeseen_error_ends_one_stream_and_not_the_page(
    connect, workspace, run, monkeypatch
):
    def broken(*_):
        raise RuntimeError("/home/mara/secret")

    monkeypatch.setattr(views, "run", broken)
    client = await connect()
    await client.send(op="subscribe", id=1, stream="run", workspace=workspace.id, run=run.id)
    message = await client.message()
    assert (message["id"], message["type"], message["code"]) == (1, "error", "internal")
    assert "secret" not in message["message"]
    await client.send(op="subscribe", id=2, stream="machine")
    assert (await client.message())["type"] == "machine"


async def test_the_server_sends_pings(connect, workspace, app):
    assert app.services.limits.ping_s == 20.0
    app.services.limits = dataclasses.replace(app.services.limits, ping_s=0.05)
    client = await connect()
    pings: list[bytes] = []
    client.connection.on_ping = pings.append
    reading = asyncio.ensure_future(client.connection.read_message())
    await until(lambda: len(pings) >= 2)
    reading.cancel()


async def test_lines_arrive_soon_without_notifications_too(connect, workspace, run, monkeypatch):
    """As on other systems than Linux, or when all of its inotify instances are in use."""
    monkeypatch.setattr(watch, "_libc", lambda: None)
    client = await connect()
    place = {"workspace": workspace.id, "run": run.id}
    await client.send(op="subscribe", id=1, stream="log", path=STD_LOG, offset=0, **place)
    await client.silent_until_pong()
    append(log_of(run), b"first\n")
    await client.message()
    begun = time.monotonic()
    append(log_of(run), b"second\n")
    assert base64.b64decode((await client.message())["data"]) == b"second\n"
    assert time.monotonic() - begun < 0.6


async def test_a_run_that_changes_all_the_time_is_told_four_times_a_second(
    connect, workspace, run, app
):
    client = await connect()
    await client.send(op="subscribe", id=1, stream="run", workspace=workspace.id, run=run.id)
    await client.message()
    begun, number, told = time.monotonic(), 0, 0
    while time.monotonic() - begun < 1.5:
        number += 1
        run.set_tags({"n": str(number)})
        told += len(await client.silent_until_pong())
    assert 1 <= told <= 1.5 * app.services.limits.feeds_hz + 1
    await client.until(lambda m: m["run"]["tags"]["n"] == str(number))


async def test_a_log_of_a_gigabyte_opens_at_its_end_at_once(connect, workspace, run):
    with log_of(run).open("wb") as file:
        file.truncate(1024**3)
    append(log_of(run), b"\nlast line\n")
    client = await connect()
    begun = time.monotonic()
    await client.send(op="subscribe", id=1, stream="log", workspace=workspace.id, run=run.id)
    chunk = await client.message()
    assert time.monotonic() - begun < 1.0
    assert base64.b64decode(chunk["data"]) == b"last line\n"
    assert chunk["end"] == 1024**3 + len(b"\nlast line\n")
