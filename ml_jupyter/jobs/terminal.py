"""The terminal of a process: one pty for standard output and error, taken byte for byte.

What the process writes arrives in its order and unchanged (output processing is off), whatever
bytes they are. On request it is a pipe: the kernel hands a pty's output over in pieces of 4 KiB at
most, a pipe's in pieces of a megabyte (decision 12).
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from typing import Callable, List

_READ_BYTES = 64 * 1024
_BURST_BYTES = 512 * 1024
_PIECE_BYTES = 4000  # the kernel hands a terminal's output over in pieces of 4 KiB at most
_BURST_WAITS = 16
_LINES = 40
_PIPE_BYTES = 1024 * 1024
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ of fcntl(2); Python names it from 3.10 on
#: Width where there must be a terminal although none was asked for.
DEFAULT_COLUMNS = 120


class Terminal:
    """A pty whose output is handed on as it comes.

    Parameters
    ----------
    take : callable
        Gets the output, a few bytes to half a megabyte at a time.
    columns : int
        Width that programs see; 0: a pipe.
    """

    def __init__(self, take: Callable[[bytes], None], columns: int) -> None:
        if columns:
            self.master, self.slave = os.openpty()
            _make_raw(self.slave, columns)
        else:
            self.master, self.slave = os.pipe()
            _enlarge(self.master)
        self._read_bytes = _READ_BYTES if columns else _BURST_BYTES
        os.set_blocking(self.master, False)
        self._take = take

    def close_slave(self) -> None:
        """Forget the process's end, once the process has it."""
        os.close(self.slave)

    def copy(self) -> bool:
        """Hand on what is there, at most half a megabyte; False: nobody has the terminal open."""
        parts: List[bytes] = []
        size = waits = 0
        is_open = True
        while size < _BURST_BYTES:
            try:
                data = os.read(self.master, self._read_bytes)
            except BlockingIOError:
                if size < _PIECE_BYTES or waits == _BURST_WAITS:
                    break
                waits += 1
                _yield()  # in a burst the next piece is on its way: one write for many
                continue
            except OSError:  # EIO: all copies of the process's end are closed (pty(7))
                data = b""
            if not data:
                is_open = False
                break
            parts.append(data)
            size += len(data)
            waits = 0
        if parts:
            self._take(b"".join(parts))
        return is_open

    def close(self) -> None:
        """Close the terminal."""
        os.close(self.master)


def _enlarge(fd: int) -> None:
    import fcntl

    with suppress(OSError):  # not on Linux, or more than this user may have in pipes
        fcntl.fcntl(fd, _SET_PIPE_SIZE, _PIPE_BYTES)


def _make_raw(fd: int, columns: int) -> None:
    import fcntl
    import termios

    mode = termios.tcgetattr(fd)
    mode[0] = 0
    mode[1] &= ~termios.OPOST
    mode[3] &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.ISIG | termios.IEXTEN)
    termios.tcsetattr(fd, termios.TCSANOW, mode)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", _LINES, columns, 0, 0))


def _yield() -> None:
    if hasattr(os, "sched_yield"):
        os.sched_yield()
