"""``mlj`` as a real process on a pseudo-terminal, and what its screen shows."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

_CONTROL = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
_PLACE = re.compile(rb"\x1b\[(\d+);1H([^\n]*?)\x1b\[0m\x1b\[K")
ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?25h\x1b[?1049l"


class Terminal:
    """A terminal of a size, with ``mlj`` in it.

    Parameters
    ----------
    *words : str
        Behind ``mlj``.
    columns, lines : int
        Its size.
    before : sequence of str
        A command that runs ``mlj``, such as a shell.
    **variables : str
        Put into its environment.
    """

    def __init__(
        self,
        *words: str,
        columns: int = 80,
        lines: int = 24,
        before: Sequence[str] = (),
        **variables: str,
    ) -> None:
        self.master, self.slave = pty.openpty()
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, size)
        self.before = termios.tcgetattr(self.slave)
        environ = {key: item for key, item in os.environ.items() if key not in _CHANGED}
        self.process = subprocess.Popen(
            [*before, sys.executable, "-m", "ml_jupyter.cli.main", *words],
            stdin=self.slave, stdout=self.slave, stderr=self.slave, start_new_session=True,
            env={**environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **variables},
            preexec_fn=_own_terminal,
        )  # fmt: skip
        self.data = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def shows(self, words: str, timeout_s: float = 20.0) -> None:
        """Wait until some words were written."""
        deadline = time.monotonic() + timeout_s
        while words.encode() not in _CONTROL.sub(b"", self.data):
            assert time.monotonic() < deadline, self.text[-1000:]
            self._read(0.2)

    def ends(self, timeout_s: float = 20.0) -> int:
        """The exit status; a signal's number below 0."""
        deadline = time.monotonic() + timeout_s
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.text[-1000:]
            self._read(0.05)
        while self._read(0.05):
            pass
        return self.process.returncode

    @property
    def text(self) -> str:
        return _CONTROL.sub(b"", self.data).decode("utf-8", "replace")

    @property
    def rows(self) -> dict[int, str]:
        """Lines of a screen that was drawn by places, by number; the newest of each."""
        found = {int(at): _CONTROL.sub(b"", line) for at, line in _PLACE.findall(self.data)}
        return {at: line.decode("utf-8", "replace") for at, line in sorted(found.items())}

    @property
    def is_as_before(self) -> bool:
        """Whether the terminal has its modes back, its cursor, and its other screen."""
        now: list[Any] = termios.tcgetattr(self.slave)
        entered = self.data.count(ENTER)
        return now == self.before and entered == self.data.count(LEAVE) > 0

    def _read(self, timeout_s: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], timeout_s)
        if not ready:
            return False
        self.data += os.read(self.master, 65536)
        return True


_CHANGED = ("NO_COLOR", "LC_ALL", "LC_CTYPE", "COLUMNS", "LINES", "PYTHONUTF8", "PYTHONIOENCODING")


def _own_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
