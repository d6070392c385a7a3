"""Programs that build: their output as it comes, an end within a second when it is asked for."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from ml_jupyter import _time
from ml_jupyter.environments import secrets

TAIL_BYTES = 64 * 1024
#: Variable of every program of a build.
MARK = "ML_JUPYTER_BUILD"
_LOOK_S = 0.1
_GRACE_S = 0.4
_CHUNK = 1 << 16
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class BuildCanceled(Exception):
    """The build was stopped because nobody wants it any more."""


class Failed(Exception):
    """A program ended with an error.

    Attributes
    ----------
    code : int
        Exit status, negative: the signal.
    tail : str
        The end of its output.
    """

    def __init__(self, code: int, tail: str) -> None:
        super().__init__(f"exit status {code}")
        self.code = code
        self.tail = tail


class Site:
    """What every program of a build shares.

    Parameters
    ----------
    output : callable
        Takes the bytes that are to be shown.
    cancelled : callable
        Whether to stop; asked ten times a second.
    variables : mapping of str to str
        Environment of the programs.
    digest : str
        Of the environment: a variable of all programs, by which ``end_left`` finds them.
    """

    def __init__(
        self,
        output: Callable[[bytes], None],
        cancelled: Callable[[], bool],
        variables: Mapping[str, str],
        digest: str = "",
    ) -> None:
        self.output = output
        self.cancelled = cancelled
        self.variables = {**variables, MARK: digest}

    def say(self, text: str) -> None:
        """Put a line of our own into the output."""
        self.output(secrets.masked(text).encode("utf-8", "replace") + b"\n")

    def run(
        self, command: Sequence[str], folder: Path, variables: Optional[Mapping[str, str]] = None
    ) -> str:
        """Run a program in ``folder``; the end of its output.

        Raises
        ------
        Failed
            It ended with another exit status than 0.
        BuildCanceled
            ``cancelled()`` became true; nothing of it is left.
        OSError
            It cannot be started.
        """
        process = subprocess.Popen(
            list(command),
            cwd=str(folder),
            env={**self.variables, **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **_bound(),
        )
        try:
            tail = self._copy(process)
            code = process.wait()
        finally:
            _end(process)
        if code != 0:
            raise Failed(code, tail)
        return tail

    def _copy(self, process: subprocess.Popen[bytes]) -> str:
        stream = process.stdout
        assert stream is not None
        lines, tail = _Lines(self.output), bytearray()
        while True:
            if self.cancelled():
                raise BuildCanceled
            if not select.select([stream], [], [], _LOOK_S)[0]:
                lines.flush()
                continue
            data = os.read(stream.fileno(), _CHUNK)
            if not data:
                break
            lines.add(data)
            tail += data
            del tail[:-TAIL_BYTES]
        lines.flush()
        return secrets.masked(tail.decode("utf-8", "replace"))


class _Lines:
    """Gives output on by whole lines, so that no address is cut in two before it is masked."""

    def __init__(self, output: Callable[[bytes], None]) -> None:
        self._output = output
        self._rest = b""

    def add(self, data: bytes) -> None:
        whole, mark, self._rest = (self._rest + data).rpartition(b"\n")
        if mark:
            self._output(secrets.masked_bytes(whole + mark))

    def flush(self) -> None:
        if self._rest:
            self._output(secrets.masked_bytes(self._rest))
            self._rest = b""


def answer(command: Sequence[str], variables: Mapping[str, str], timeout_s: float) -> str:
    """What a program prints on its standard output.

    Raises
    ------
    OSError, subprocess.SubprocessError
        It cannot be started, fails, or takes longer.
    """
    done = subprocess.run(
        list(command),
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout_s,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace")


def end_left(digest: str) -> None:
    """Kill what a killed build of this environment left at work, where the system tells of it."""
    wanted = f"{MARK}={digest}".encode()
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else ():
        if not name.isdigit():
            continue
        with contextlib.suppress(OSError):
            with open(f"/proc/{name}/environ", "rb") as stream:
                marked = wanted in stream.read().split(b"\0")
            if marked:
                os.kill(int(name), signal.SIGKILL)


def _bound() -> Dict[str, Any]:
    """Options that make a program end with the process that started it."""
    if not sys.platform.startswith("linux"):
        return {}
    import ctypes

    prctl = ctypes.CDLL(None).prctl  # loaded before the fork
    return {"preexec_fn": lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)}


def _end(process: subprocess.Popen[bytes]) -> None:
    """See that nothing is left of a program and of what it started."""
    numbers: List[int] = [signal.SIGTERM, signal.SIGKILL]
    for number in numbers if process.poll() is None else ():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        deadline = _time.monotonic() + _GRACE_S
        while process.poll() is None and _time.monotonic() < deadline:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
    if process.stdout is not None:
        process.stdout.close()
