"""One run of the model's process: starting it, asking it, ending it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ml_jupyter.models import channel

_END_S = 5.0


class WorkerGone(Exception):
    """The model's process ended; the message says how."""


class WorkerRefused(Exception):
    """The model could not be loaded; the message is the error of its framework or script."""


@dataclass(frozen=True)
class Answer:
    """What the model answered: an HTTP status, its media type, and the body."""

    status: int
    content_type: str
    body: bytes


class WorkerProcess:
    """A running process with a model.

    Parameters
    ----------
    process : asyncio.subprocess.Process
        The process.
    reader, writer
        The socket to it.
    """

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process, self._reader, self._writer = process, reader, writer

    @classmethod
    async def start(cls, interpreter: str, variables: Mapping[str, str]) -> WorkerProcess:
        """Start the process in an interpreter; its output goes where ours does.

        Raises
        ------
        WorkerRefused
            There is no such interpreter.
        """
        program = interpreter or shutil.which("python") or "python3"
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process = await asyncio.create_subprocess_exec(
                    program, "-m", "ml_jupyter.models.worker", str(theirs.fileno()),
                    pass_fds=[theirs.fileno()],
                    env={**os.environ, **variables},
                )  # fmt: skip
            except OSError as error:
                ours.close()
                raise WorkerRefused(f"{program} cannot be started: {error.strerror}.") from error
        reader, writer = await asyncio.open_connection(sock=ours)
        return cls(process, reader, writer)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    async def load(self, plan: Mapping[str, Any], timeout_s: float) -> list[dict[str, Any]]:
        """Let it load the model; what the model takes.

        Raises
        ------
        WorkerRefused
            It cannot be loaded; trying again would not help.
        WorkerGone
            The process ended, or took too long.
        """
        header, _ = await self._ask(channel.pack(plan), timeout_s)
        if not header["ready"]:
            raise WorkerRefused(str(header["error"]))
        inputs: list[dict[str, Any]] = header["inputs"]
        return inputs

    async def score(self, body: bytes, content_type: str, timeout_s: float) -> Answer:
        """Let the model answer.

        Raises
        ------
        WorkerGone
            The process ended meanwhile.
        TimeoutError
            It did not answer in time; the process is of no use any more.
        """
        message = channel.pack({"content_type": content_type}, body)
        header, answer = await self._ask(message, timeout_s)
        return Answer(header["status"], header["content_type"], answer)

    async def ended(self) -> str:
        """Wait for the end of the process; how it ended."""
        code = await self._process.wait()
        return how(code)

    async def end(self) -> None:
        """End the process: by closing the socket, and by force after five seconds."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
        try:
            await asyncio.wait_for(self._process.wait(), _END_S)
        except asyncio.TimeoutError:
            self.kill()
            await self._process.wait()

    def kill(self) -> None:
        """End the process now."""
        if self._process.returncode is None:
            # Process.kill() looks for the end first and so takes the exit status away from asyncio,
            # which then reports 255 (cpython's Popen.send_signal).
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def _ask(self, message: bytes, timeout_s: float) -> channel.Message:
        try:
            return await asyncio.wait_for(self._exchange(message), timeout_s)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            self.kill()
            raise WorkerGone(await self.ended()) from error

    async def _exchange(self, message: bytes) -> channel.Message:
        self._writer.write(message)
        await self._writer.drain()
        size = channel.LENGTH.unpack(await self._reader.readexactly(channel.LENGTH.size))[0]
        header: dict[str, Any] = json.loads(await self._reader.readexactly(size))
        return header, await self._reader.readexactly(header["bytes"])


def how(code: int) -> str:
    """How a process ended, as a part of a sentence."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = "unknown"
    return f"was ended by signal {-code} ({name})"
