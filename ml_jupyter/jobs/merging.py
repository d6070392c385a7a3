"""One log of several processes: whole lines in the order in which they came, each with its rank.

A progress bar, which goes back to the start of its line with a carriage return, stays one line as
long as no other rank writes; between the lines of others its state is repeated from time to time.
"""

from __future__ import annotations

import re
from typing import Callable, List, Optional, Sequence

_REFRESH_S = 0.1
_PATIENCE_S = 1.0
_MOST_PATIENCE_S = 30.0
_LINE_BYTES = 64 * 1024
# Everything but colours (… m) and "erase the rest of the line" (… K) would move the cursor into
# the lines of other ranks. Source: ECMA-48, control sequences.
_MOVES = re.compile(rb"\x1b\[[0-9;?]*[A-JL-Za-ln-z]|\x1b[78c]")
# The beginning of a control sequence or of a character whose rest is still on its way.
_TORN = re.compile(
    rb"(?:\x1b|\x1b\[[0-9;?]*|[\xc0-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xff][\x80-\xbf]{0,2})$"
)
_RESET = b"\x1b[0m"


class Merger:
    """Makes one log of the output of several processes.

    Parameters
    ----------
    write : callable
        Appends to the log.
    labels : sequence of str
        What stands before the lines of each process.
    """

    def __init__(self, write: Callable[[bytes], None], labels: Sequence[str]) -> None:
        self._write = write
        self._rows = [_Row(f"[{label}] ".encode()) for label in labels]
        self._last: Optional[_Row] = None  # whose unfinished line stands at the end of the log

    def take(self, index: int, data: bytes, now: float) -> None:
        """Take output of a process in.

        Parameters
        ----------
        index : int
            Number of the process.
        data : bytes
            Its output, cut anywhere.
        now : float
            Seconds of a clock that never goes back.
        """
        row = self._rows[index]
        head, newline, tail = data.rpartition(b"\n")
        if newline:
            self._lines(row, row.rest + head)
            row.rest, row.patience = b"", _PATIENCE_S
        if tail:
            row.due = now + row.patience if not row.rest or row.shown else row.due
            row.rest = _since_return(row.rest + tail)
            row.shown = False
        if len(row.rest) > _LINE_BYTES:
            self._lines(row, row.rest)
            row.rest = b""

    def tick(self, now: float) -> None:
        """Show unfinished lines that have stood for a while; to be called about every 0.1 s."""
        for row in self._rows:
            if not row.rest or row.shown:
                continue
            if row is self._last:
                if now >= row.refresh:
                    self._show(row, b"\r", now)
            elif now >= row.due:
                self._show(row, b"" if self._last is None else b"\n", now)
                row.patience = min(2 * row.patience, _MOST_PATIENCE_S)

    def finish(self) -> None:
        """Write what is left of lines that no newline ended."""
        for row in self._rows:
            if row.rest:
                self._lines(row, row.rest)
                row.rest = b""
        if self._last is not None:
            self._write(b"\n")
            self._last = None

    def _lines(self, row: _Row, text: bytes) -> None:
        """Write whole lines, the last without its newline."""
        start = b"" if self._last is None else b"\n"
        if self._last is row:
            start = b"\r" + b" " * row.width + b"\r"
        self._last = None
        if b"\r" in text or b"\x1b" in text:
            text = b"\n".join([_visible(line) for line in text.split(b"\n")])
        body = text.replace(b"\n", b"\n" + row.prefix)
        self._write(b"".join((start, row.prefix, body, b"\n")))

    def _show(self, row: _Row, start: bytes, now: float) -> None:
        text = row.prefix + _visible(_TORN.sub(b"", row.rest))
        again = text.ljust(row.width) if self._last is row else text
        self._write(start + again)
        self._last, row.shown, row.refresh, row.width = row, True, now + _REFRESH_S, len(text)


class _Row:
    """One process: the beginning of a line that is not finished yet."""

    def __init__(self, prefix: bytes) -> None:
        self.prefix = prefix
        self.rest = b""
        self.shown = False
        self.due = self.refresh = 0.0
        self.patience = _PATIENCE_S
        self.width = 0


def _since_return(line: bytes) -> bytes:
    """An unfinished line without what its last carriage return has overwritten."""
    at = line.rfind(b"\r", 0, -1)
    return line[at:] if at > 0 else line


def _visible(line: bytes) -> bytes:
    """What a terminal would show of a line in the end, without anything that moves the cursor."""
    if b"\x1b" in line:
        line = _MOVES.sub(b"", line)
        line += _RESET if b"\x1b" in line else b""
    if b"\r" not in line:
        return line
    parts: List[bytes] = [part for part in line.split(b"\r") if part and part != _RESET]
    return parts[-1] if parts else b""
