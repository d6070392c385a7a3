"""The WebSocket of a page as such: who may have one, and what it may not do."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest
from tornado.httpclient import HTTPClientError

from tests.server.socket_page import DEADLINE_S, until


async def test_a_reader_that_stops_costs_little_and_delays_nobody(connect, workspace, run, app):
    """tornado's client takes one message from the network and then waits to be asked for it.

    How long anything takes is not judged: that the quick page has its news while the slow one still
    has a message half sent is what "delays nobody" means.
    """
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
    whole = len(await _answer_of(quick, names[0], place))
    await quick.send(op="subscribe", id=1, stream="run", **place)
    for number in range(3):
        for name in names:
            run.metric_log.log(name, 1.0)
        run.set_tags({"n": str(number)})
        await quick.until(lambda m, n=number: m["id"] == 1 and m["run"]["tags"].get("n") == str(n))
        assert stream.writing()
        assert len(stream._write_buffer) <= 2 * whole, "of 24 answers one or two are held"
        assert len(stuck._ready) <= len(names)
    seen = set()
    while len(seen) < len(names):
        message = await slow.message()
        if message["series"][0]["count"] == 8003:
            seen.add(message["id"])


async def _answer_of(page, name: str, place: dict[str, str]) -> str:
    """The text of a whole answer for one series."""
    await page.send(op="subscribe", id=99, stream="metrics", names=[name], points=8000, **place)
    text = await page.connection.read_message()
    await page.send(op="unsubscribe", id=99)
    return text


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


async def test_the_server_sends_pings(connect, workspace, app):
    assert app.services.limits.ping_s == 20.0
    app.services.limits = dataclasses.replace(app.services.limits, ping_s=0.05)
    client = await connect()
    pings: list[bytes] = []
    client.connection.on_ping = pings.append
    reading = asyncio.ensure_future(client.connection.read_message())
    await until(lambda: len(pings) >= 2)
    reading.cancel()
