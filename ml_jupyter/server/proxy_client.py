"""One question to a TensorBoard, whose answer is read no faster than it is passed on.

tornado's own client waits for the taker of its pieces only from 6.6 on, which Python 3.10 cannot
have; the connection below it has always waited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Protocol, cast

from tornado.http1connection import HTTP1Connection, HTTP1ConnectionParameters
from tornado.httputil import (
    HTTPHeaders,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.iostream import IOStream, StreamClosedError
from tornado.tcpclient import TCPClient

_HOST = "127.0.0.1"
_CONNECT_S = 10.0
_ANSWER_S = 120.0
_ANSWER_BYTES = 1024 * 1024 * 1024


class Taker(Protocol):
    """Who wants the answer."""

    def begin(self, line: ResponseStartLine, headers: HTTPHeaders) -> None:
        """Its first line and its headers."""

    async def take(self, data: bytes) -> None:
        """Its next piece; nothing more is read until this is done."""


async def ask(
    port: int, method: str, address: str, headers: HTTPHeaders, body: bytes | None, taker: Taker
) -> None:
    """Ask a server on this machine; the whole answer is with ``taker`` when this returns.

    Parameters
    ----------
    port : int
        Where it listens.
    method, address : str
        The request's first line; the address begins with ``/`` and is quoted.
    headers : HTTPHeaders
        Sent as they are, with the host and the length of the body.
    body : bytes or None
        The body of a POST.
    taker : Taker
        Gets the answer.

    Raises
    ------
    OSError, StreamClosedError, asyncio.TimeoutError
        No connection within 10 s, no whole answer within 120 s, or one above 1 GB.
    """
    stream = await asyncio.wait_for(TCPClient().connect(_HOST, port), _CONNECT_S)
    try:
        sent = headers.copy()
        sent["Host"], sent["Connection"] = f"{_HOST}:{port}", "close"
        if body is not None:
            sent["Content-Length"] = str(len(body))
        question = RequestStartLine(method, address, "HTTP/1.1")
        await asyncio.wait_for(_exchange(stream, question, sent, body, taker), _ANSWER_S)
    finally:
        stream.close()


async def _exchange(
    stream: IOStream,
    question: RequestStartLine,
    headers: HTTPHeaders,
    body: bytes | None,
    taker: Taker,
) -> None:
    limits = HTTP1ConnectionParameters(no_keep_alive=True, max_body_size=_ANSWER_BYTES)
    connection = HTTP1Connection(stream, True, limits)
    await connection.write_headers(question, headers, body)
    connection.finish()
    answer = _Answer(taker)
    await connection.read_response(answer)
    if not answer.whole:
        raise StreamClosedError


class _Answer(HTTPMessageDelegate):
    """Passes an answer on as tornado's connection reads it."""

    def __init__(self, taker: Taker) -> None:
        self._taker = taker
        self.whole = False

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> None:
        self._taker.begin(cast("ResponseStartLine", start_line), headers)

    def data_received(self, chunk: bytes) -> Awaitable[None]:
        return self._taker.take(chunk)

    def finish(self) -> None:
        self.whole = True
