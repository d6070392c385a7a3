"""The job's terminal: one pty for standard output and error, copied byte for byte to the log.

What the job writes arrives in its order and unchanged (output processing is off), whatever bytes
they are.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import List

from ml_jupyter import _time

_READ_BYTES = 64 * 1024
_BURST_BYTES = 512 * 1024
_PIECE_BYTES = 4000  # the kernel hands a terminal's output over in pieces of 4 KiB at most
_BURST_WAITS = 16
_TIMES_NS = 100_000_000
_TIME_RECORD = struct.Struct("<qqq")
_LINES = 40


class Terminal:
    """A pty and the log that it is copied to.

    Parameters
    ----------
    log : Path
        File to append to; its folder exists.
    times : Path
        ``log.times``: (offset, lines, time) at most every 0.1 s, each for the first byte that came
        then.
    columns : int
        Width that programs see.
    """

    def __init__(self, log: Path, times: Path, columns: int) -> None:
        self.master, self.slave = os.openpty()
        _make_raw(self.slave, columns)
        os.set_blocking(self.master, False)
        self._log = _open(log)
        self._times = _open(times)
        self._offset = os.fstat(self._log).st_size
        self._lines = 0
        self._noted = 0
        self.lost_bytes = 0

    def close_slave(self) -> None:
        """Forget the job's end, once the job has it."""
        os.close(self.slave)

    def copy(self) -> bool:
        """Copy what is there, at most half a megabyte; False: nobody has the terminal open."""
        parts: List[bytes] = []
        size = waits = 0
        is_open = True
        while size < _BURST_BYTES:
            try:
                data = os.read(self.master, _READ_BYTES)
            except BlockingIOError:
                if size < _PIECE_BYTES or waits == _BURST_WAITS:
                    break
                waits += 1
                _yield()  # in a burst the next piece is on its way: one write for many
                continue
            except OSError:  # EIO: all copies of the job's end are closed (pty(7))
                data = b""
            if not data:
                is_open = False
                break
            parts.append(data)
            size += len(data)
            waits = 0
        if parts:
            self._write(b"".join(parts))
        return is_open

    def close(self) -> None:
        """Close the terminal and the log."""
        for fd in (self.master, self._log, self._times):
            os.close(fd)

    def _write(self, data: bytes) -> None:
        now = _time.now_ns()
        if abs(now - self._noted) >= _TIMES_NS:
            self._append(self._times, _TIME_RECORD.pack(self._offset, self._lines, now))
            self._noted = now
        written = self._append(self._log, data)
        self._offset += written
        self._lines += data.count(b"\n") if written == len(data) else data[:written].count(b"\n")
        self.lost_bytes += len(data) - written

    def _append(self, fd: int, data: bytes) -> int:
        """Bytes written: fewer on a full disk, where the job goes on and its output is lost."""
        done = 0
        try:
            while done < len(data):
                done += os.write(fd, data[done:] if done else data)
        except OSError:
            pass
        return done


def _open(path: Path) -> int:
    return os.open(str(path), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)


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
