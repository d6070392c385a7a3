"""What is asked of a TensorBoard: nothing is read ahead, and half an answer is no answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from tornado.httputil import HTTPHeaders, ResponseStartLine
from tornado.iostream import StreamClosedError

from ml_jupyter.server import proxy_client

PIECE = b"x" * 65_536
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"


class Taker:
    """Takes an answer; waits at each piece until it may go on."""

    def __init__(self) -> None:
        self.line: ResponseStartLine | None = None
        self.headers = HTTPHeaders()
        self.body = bytearray()
        self.may = asyncio.Event()
        self.may.set()

    def begin(self, line: ResponseStartLine, headers: HTTPHeaders) -> None:
        self.line, self.headers = line, headers

    async def take(self, data: bytes) -> None:
        self.body += data
        await self.may.wait()


@asynccontextmanager
async def serving(answer: Callable) -> AsyncIterator[int]:
    """The port of a server that answers each question so."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def question_of(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = HTTPHeaders.parse(head.split(b"\r\n", 1)[1].decode()).get("Content-Length", "0")
    return head + await reader.readexactly(int(length))


async def test_a_question_and_its_answer():
    asked = []

    async def answer(reader, writer):
        asked.append(await question_of(reader))
        writer.write(HEAD % 2 + b"ok")
        writer.close()

    headers, taker = HTTPHeaders({"Accept": "text/plain"}), Taker()
    async with serving(answer) as port:
        await proxy_client.ask(port, "POST", "/secret/a?b=c", headers, b"tag=loss", taker)
    assert (taker.line.code, taker.headers["Content-Type"], taker.body) == (
        200,
        "text/plain",
        b"ok",
    )
    first, _, rest = asked[0].partition(b"\r\n")
    assert first == b"POST /secret/a?b=c HTTP/1.1"
    assert b"Host: 127.0.0.1:%d\r\n" % port in rest
    assert rest.endswith(b"\r\n\r\ntag=loss")


async def test_headers_alone():
    async def answer(reader, writer):
        await question_of(reader)
        writer.write(HEAD % 500)
        writer.close()

    taker = Taker()
    async with serving(answer) as port:
        await proxy_client.ask(port, "HEAD", "/", HTTPHeaders(), None, taker)
    assert (taker.headers["Content-Length"], taker.body) == ("500", b"")


async def test_no_more_is_read_than_is_taken():
    sent = 0

    async def answer(reader, writer):
        nonlocal sent
        await question_of(reader)
        writer.write(HEAD % (1000 * len(PIECE)))
        for _ in range(1000):
            writer.write(PIECE)
            await writer.drain()
            sent += len(PIECE)
        writer.close()

    taker = Taker()
    taker.may.clear()
    async with serving(answer) as port:
        asking = asyncio.create_task(proxy_client.ask(port, "GET", "/", HTTPHeaders(), None, taker))
        before = -1
        while before != sent or not taker.body:  # until the system's own buffers are full
            before = sent
            await asyncio.sleep(0.1)
        assert sent < 500 * len(PIECE), "65 MB were read for one who takes nothing"
        assert len(taker.body) <= 2 * len(PIECE)
        taker.may.set()
        await asyncio.wait_for(asking, 30)
    assert len(taker.body) == 1000 * len(PIECE)


async def test_half_an_answer_is_an_error():
    async def answer(reader, writer):
        await question_of(reader)
        writer.write(HEAD % 100 + b"half")
        writer.close()

    taker = Taker()
    async with serving(answer) as port:
        with pytest.raises(StreamClosedError):
            await proxy_client.ask(port, "GET", "/", HTTPHeaders(), None, taker)
    assert taker.body in (b"", b"half")


async def test_nobody_there_is_an_error():
    async def answer(reader, writer):
        writer.close()

    async with serving(answer) as port:
        pass
    with pytest.raises((OSError, StreamClosedError)):
        await proxy_client.ask(port, "GET", "/", HTTPHeaders(), None, Taker())
