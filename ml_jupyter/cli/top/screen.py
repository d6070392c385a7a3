"""A terminal that is drawn on without flicker, gives keys, and is given back as it was.

Sources: xterm, Control Sequences (1049, cursor, erase in line); termios(3).
"""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import sys
import termios
import tty
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l\x1b[2J", "\x1b[0m\x1b[?25h\x1b[?1049l"
_KEYS = {
    b"\x1b[A": "up", b"\x1bOA": "up", b"k": "up", b"\x1b[B": "down", b"\x1bOB": "down",
    b"j": "down", b"\x1b[5~": "page up", b"\x1b[6~": "page down", b"\x1b[H": "home",
    b"\x1b[F": "end", b"\x1b": "escape",
}  # fmt: skip
_ONE = re.compile(rb"\x1b(?:\[[0-9;]*[~A-Za-z]|O[A-Za-z])|.", re.DOTALL)


class Terminated(Exception):
    """SIGTERM or SIGHUP came."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Screen:
    """The terminal of this process, between ``with`` and its end.

    It is given back at every end: a key, Ctrl-C, SIGTERM, an error, and while Ctrl-Z holds us.
    """

    def __init__(self) -> None:
        self._in, self._out = sys.stdin.fileno(), sys.stdout.fileno()
        self._shown: list[str] = []
        self._size = (0, 0)
        self._typed = b""
        self._before: list[Any] = []
        self._handlers: dict[int, Any] = {}
        self._wake = os.pipe()

    def __enter__(self) -> Screen:
        self._before = termios.tcgetattr(self._in)
        for number, handler in self._wanted().items():
            self._handlers[number] = signal.signal(number, handler)
        for end in self._wake:
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        self._take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._give_back()
        for end in self._wake:
            os.close(end)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        found = shutil.get_terminal_size()
        return found.columns, found.lines

    def draw(self, lines: list[str]) -> None:
        """Show these lines: what is the same is not written again."""
        if self._size != self.size:
            self._size, self._shown = self.size, []
            self._write("\x1b[2J")
        changed = [
            f"\x1b[{at};1H{line}\x1b[0m\x1b[K"
            for at, line in enumerate(lines, 1)
            if at > len(self._shown) or self._shown[at - 1] != line
        ]
        self._shown = list(lines)
        if changed:
            self._write("".join(changed))

    def key(self, timeout_s: float) -> str | None:
        """The next key; None after ``timeout_s`` seconds, or when the window changed its size."""
        if not self._typed:
            ready, _, _ = select.select([self._in, self._wake[0]], [], [], timeout_s)
            if self._wake[0] in ready:
                os.read(self._wake[0], 64)
            if self._in not in ready:
                return None
            self._typed = os.read(self._in, 256)
            if not self._typed:
                raise Terminated(signal.SIGHUP)
        found = _ONE.match(self._typed)  # several come at once over a slow line
        word = self._typed[:1] if found is None else found.group()
        self._typed = self._typed[len(word) :]
        return _KEYS.get(word, word[:1].decode("ascii", "replace"))

    def _wanted(self) -> dict[int, Callable[[int, FrameType | None], None]]:
        return {
            signal.SIGTERM: _terminated,
            signal.SIGHUP: _terminated,
            signal.SIGTSTP: self._suspended,
            signal.SIGWINCH: lambda *_: None,  # wakes ``key``
        }

    def _suspended(self, number: int, frame: FrameType | None) -> None:
        self._give_back()
        handler = signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)  # stops here, until SIGCONT
        signal.signal(number, handler)
        self._take()

    def _take(self) -> None:
        tty.setcbreak(self._in)
        self._shown, self._size = [], (0, 0)
        self._write(_ENTER)

    def _give_back(self) -> None:
        try:
            self._write(_LEAVE)
            termios.tcsetattr(self._in, termios.TCSADRAIN, self._before)
        except (OSError, termios.error):  # the terminal is gone
            return

    def _write(self, text: str) -> None:
        data = text.encode(sys.stdout.encoding or "utf-8", "replace")
        while data:
            data = data[os.write(self._out, data) :]


def _terminated(number: int, frame: FrameType | None) -> None:
    raise Terminated(number)
