"""One TensorBoard process, on a loopback port below an address that cannot be guessed."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from ml_jupyter.server.errors import TensorBoardFailed

_READY = re.compile(rb"at http://127\.0\.0\.1:(\d+)/")
_END_S = 5.0
#: What the process gets of the server's environment: no token, no secret of the user's.
_KEPT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
)


class TensorBoardProcess:
    """A running TensorBoard.

    Attributes
    ----------
    port : int
        On 127.0.0.1.
    prefix : str
        Random beginning of its addresses, so that other users of the machine cannot open it.
    """

    def __init__(
        self, process: asyncio.subprocess.Process, port: int, prefix: str, drain: asyncio.Task[None]
    ) -> None:
        self._process = process
        self._drain = drain
        self.port = port
        self.prefix = prefix

    @classmethod
    async def start(cls, logdir: Path, deadline_s: float) -> TensorBoardProcess:
        """Start one and wait until it answers.

        Raises
        ------
        TensorBoardFailed
            It ended, or did not answer in time; the message holds its last words.
        """
        prefix = secrets.token_urlsafe(24)
        process = await asyncio.create_subprocess_exec(
            *command(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=environment(os.environ),
            cwd=logdir,
        )
        words: deque[bytes] = deque(maxlen=20)
        assert process.stdin is not None
        process.stdin.write(json.dumps(arguments(logdir, prefix)).encode() + b"\n")
        try:
            port = await asyncio.wait_for(_port(process, words), deadline_s)
        except asyncio.TimeoutError as error:
            await _end(process)
            raise _failed(f"TensorBoard did not start within {deadline_s:g} s.", words) from error
        except BaseException:
            await _end(process)
            raise
        drain = asyncio.get_running_loop().create_task(_drain_output(process))
        return cls(process, port, prefix, drain)

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def end(self) -> None:
        """End it and wait for that; a second call does nothing."""
        await _end(self._process)
        self._drain.cancel()


def command() -> list[str]:
    """The command line, which every user of the machine may read."""
    return [sys.executable, "-m", "ml_jupyter.server.tensorboard_guard"]


def arguments(logdir: Path, prefix: str) -> list[str]:
    """TensorBoard's arguments: reachable from this machine only, new points within two seconds.

    Its separate data server is left out: that would listen on a port of its own, open to every user
    of the machine.
    """
    options = {
        "logdir": str(logdir),
        "host": "127.0.0.1",
        "port": "0",
        "path_prefix": f"/{prefix}",
        "reload_interval": "2",
        "reload_multifile": "true",
        "load_fast": "false",
    }
    return [f"--{name}={value}" for name, value in options.items()]


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What TensorBoard needs of the server's environment."""
    kept = {name: given[name] for name in _KEPT if name in given}
    own = str(Path(__file__).resolve().parents[2])
    paths = [own, *filter(None, given.get("PYTHONPATH", "").split(os.pathsep))]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


async def _port(process: asyncio.subprocess.Process, words: deque[bytes]) -> int:
    assert process.stdout is not None
    while True:
        try:
            line = await process.stdout.readline()
        except ValueError:  # a line beyond the reader's limit
            continue
        if not line:
            await process.wait()
            raise _failed(f"TensorBoard ended with exit code {process.returncode}.", words)
        words.append(line)
        match = _READY.search(line)
        if match:
            return int(match.group(1))


async def _drain_output(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    while await process.stdout.read(65536):
        pass


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    for signal in (process.terminate, process.kill):
        if process.returncode is not None:
            return
        try:
            signal()
            await asyncio.wait_for(process.wait(), _END_S)
        except (ProcessLookupError, asyncio.TimeoutError):
            continue


def _failed(message: str, words: deque[bytes]) -> TensorBoardFailed:
    tail = b"".join(words).decode("utf-8", "replace").strip()[-2000:]
    return TensorBoardFailed(f"{message} It said: {tail}" if tail else message)
