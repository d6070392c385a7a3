"""Who is answered by a service, and what a caller without a key costs it."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from ml_jupyter._files import write_json
from ml_jupyter.models.plan import ServingPlan
from ml_jupyter.serving.handlers import Context, application, hosts_of
from ml_jupyter.serving.keeper import Keeper
from ml_jupyter.serving.keys import Keys

MB = 1 << 20
Ask = Callable[..., Awaitable[HTTPResponse]]


@pytest.fixture
def ask(tmp_path: Path) -> Callable[[Callable[[Ask], Awaitable[Any]]], Any]:
    """Lets a function ask a service whose model is still being loaded."""
    write_json(tmp_path / "keys.json", {"primary": "right", "secondary": "other"})
    plan = ServingPlan("echo", ())
    keeper = Keeper(plan, "", {}, lambda state, message: None)
    context = Context(plan, keeper, Keys(tmp_path / "keys.json"), hosts_of(plan))

    async def served(use: Callable[[Ask], Awaitable[Any]]) -> Any:
        server = HTTPServer(application(context), max_body_size=100 * MB)
        sockets = bind_sockets(0, plan.host)
        server.add_sockets(sockets)
        port = sockets[0].getsockname()[1]

        async def call(path: str, key: str | None = None, **more: Any) -> HTTPResponse:
            headers = {} if key is None else {"Authorization": f"Bearer {key}"}
            address = f"http://127.0.0.1:{port}/{path}"
            return await AsyncHTTPClient().fetch(
                address, headers=headers, raise_error=False, **more
            )

        try:
            return await use(call)
        finally:
            server.stop()
            await server.close_all_connections()

    return lambda use: asyncio.run(served(use))


def test_only_a_key_of_the_service_opens_it(ask: Any) -> None:
    async def use(call: Ask) -> list[tuple[int, str]]:
        found = [
            await call("score", key, method="POST", body="{}") for key in (None, "wrong", "right")
        ]
        found.append(await call("swagger.json"))
        assert [item.headers.get("WWW-Authenticate") for item in found[:3]] == [
            "Bearer", "Bearer", None,
        ]  # fmt: skip
        return [(item.code, json.loads(item.body)["code"]) for item in found]

    refused = (401, "not_authorized")
    assert ask(use) == [refused, refused, (503, "unavailable"), refused]


def test_what_is_sent_without_a_key_is_not_kept(ask: Any) -> None:
    chunk = bytes(MB)

    async def use(call: Ask) -> tuple[int, int]:
        async def produce(write: Callable[[bytes], Awaitable[None]]) -> None:
            for _ in range(64):
                await write(chunk)

        await call("score", method="POST", body="{}")  # what is loaded once does not count
        tracemalloc.start()
        try:
            answer = await call("score", "wrong", method="POST", body_producer=produce)
            return answer.code, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    code, peak = ask(use)
    assert code == 401
    assert peak < 32 * MB
