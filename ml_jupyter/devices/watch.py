"""A process that looks at the GPUs for another one: a driver that hangs hangs only it.

The dispatcher forks supervisors, which NVML does not survive, and must go on when a GPU that fell
off the bus lets every question wait for ever. So it asks this process: one line in, one line of
JSON out. It ends with the pipe.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Optional

from ml_jupyter import _time
from ml_jupyter.devices import library, nvml
from ml_jupyter.devices.gpu import Inventory

#: Seconds without an answer after which the driver counts as hanging.
PATIENCE_S = 30.0
#: Seconds until one that ended is started again: it may end each time.
_RESTART_S = 2.0
_PROGRAM = "from ml_jupyter.devices.watch import main; main()"
HANGS = "The NVIDIA driver does not answer; jobs with GPUs wait until it does."
NO_ANSWER = "The GPUs cannot be looked at: the process that does it ended."


def main() -> None:
    """Answer each line with the GPUs of this moment, until the pipe is closed."""
    for _ in sys.stdin:
        print(json.dumps(nvml.look().to_json()), flush=True)


class GpuWatch:
    """The asking side. Nothing is started before the first question, or without a driver."""

    def __init__(self) -> None:
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._buffer = b""
        self._asked: Optional[float] = None
        self._last: Optional[Inventory] = None
        self._answered = float("-inf")
        self._stale = False

    @property
    def fileno(self) -> Optional[int]:
        """Descriptor that becomes readable with an answer; None: nothing was asked."""
        return None if self._process is None else self._out

    def age(self) -> float:
        """Seconds since the last answer; infinite: there is none that is good."""
        return _time.monotonic() - self._answered

    def asked_for(self) -> float:
        """Seconds for which a question has been open; 0: none is."""
        return 0.0 if self._asked is None else _time.monotonic() - self._asked

    def expire(self) -> None:
        """What was said so far is not good any more; an answer under way may be older, too."""
        self._answered = float("-inf")
        self._stale = self._asked is not None

    def ask(self) -> None:
        """Ask for a new look, unless one is under way. Does not wait."""
        if not library.is_present():
            self._answer(Inventory(note=nvml.NO_GPU))
            return
        if self._asked is not None:
            return
        if self._process is None:
            self._process = _start()
            os.set_blocking(self._out, False)
        try:
            os.write(self._in, b"\n")
            self._asked = _time.monotonic()
        except OSError:
            self._stopped()

    def take(self) -> Optional[Inventory]:
        """The newest answer; None: there has been none yet. Does not wait."""
        self._read()
        if self._asked is not None and _time.monotonic() - self._asked > PATIENCE_S:
            self._answer(Inventory(note=HANGS))
        return self._last

    def close(self) -> None:
        """End the process; one that hangs in the driver ends when the driver lets it."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(OSError):
                process.kill()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
            with suppress(subprocess.TimeoutExpired):
                process.wait(1.0)

    def _read(self) -> None:
        if self._process is None:
            return
        try:
            while True:
                data = os.read(self._out, 1 << 16)
                if not data:
                    self._stopped()
                    return
                self._buffer += data
        except BlockingIOError:
            pass
        lines = self._buffer.split(b"\n")
        self._buffer = lines.pop()
        if lines:
            self._asked = None
            stale, self._stale = self._stale, False
            if stale:
                self.ask()
            else:
                self._answer(Inventory.from_json(json.loads(lines[-1])))

    def _answer(self, found: Inventory) -> None:
        self._last, self._answered = found, _time.monotonic()

    def _stopped(self) -> None:
        self.close()
        self._asked, self._buffer = None, b""
        self._last, self._answered = Inventory(note=NO_ANSWER), _time.monotonic() + _RESTART_S

    @property
    def _in(self) -> int:
        assert self._process is not None and self._process.stdin is not None  # noqa: PT018
        return self._process.stdin.fileno()

    @property
    def _out(self) -> int:
        assert self._process is not None and self._process.stdout is not None  # noqa: PT018
        return self._process.stdout.fileno()


def _start() -> subprocess.Popen[bytes]:
    package = str(Path(__file__).resolve().parent.parent.parent)
    folders = [package, *library.binding_folders()]
    program = f"import sys; sys.path += {folders!r}; {_PROGRAM}"
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
