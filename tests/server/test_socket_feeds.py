"""Lists, runs and metrics over the WebSocket: computed once, told when they change."""

from __future__ import annotations

import time

from ml_jupyter.server import views
from tests.server.socket_page import until


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
    connect, workspace, run, owner, fetch
):
    client = await connect()
    await client.send(op="subscribe", id=7, stream="run", workspace=workspace.id, run=run.id)
    assert (await client.message())["run"]["id"] == run.id
    run.set_tags({"quality": "great"})
    await client.until(lambda m: m["run"]["tags"] == {"quality": "great"})
    run.set_status("Completed")
    await client.until(lambda m: m["run"]["status"] == "Completed")
    owner.release()
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


async def test_queue_machine_and_ping_answer(connect, workspace):
    client = await connect()
    await client.send(op="subscribe", id=5, stream="queue", workspace=workspace.id)
    assert (await client.message())["slots"]["total"] == 2
    await client.send(op="subscribe", id=6, stream="machine")
    assert (await client.until(lambda m: m["id"] == 6))["cpu_count"] >= 1
    await client.send(op="unsubscribe", id=5)
    await client.send(op="unsubscribe", id=6)
    assert all(m["type"] in ("queue", "machine") for m in await client.silent_until_pong())


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


async def test_a_run_that_changes_all_the_time_is_told_four_times_a_second(
    connect, workspace, run, app
):
    client = await connect()
    await client.send(op="subscribe", id=1, stream="run", workspace=workspace.id, run=run.id)
    await client.message()
    begun, number, told = time.monotonic(), 0, 0
    while time.monotonic() - begun < 1.5 or not told:
        number += 1
        run.set_tags({"n": str(number)})
        told += len(await client.silent_until_pong())
    took = time.monotonic() - begun
    assert 1 <= told <= took * app.services.limits.feeds_hz + 1
    await client.until(lambda m: m["run"]["tags"]["n"] == str(number))
