"""A page's side of the WebSocket, for tests."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder

#: Only how long a failing test takes: a busy machine may need many seconds.
DEADLINE_S = 60.0


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


def log_of(run: RunFolder) -> Path:
    return run.layout.files / STD_LOG


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


async def until(condition) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
