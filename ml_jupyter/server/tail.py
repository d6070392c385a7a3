"""Following one log for one page, within the window that it has acknowledged."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from ml_jupyter.exceptions import RunNotFound
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.server import logs, run_files
from ml_jupyter.server.limits import Limits
from ml_jupyter.server.log_lines import LogLines
from ml_jupyter.server.logs import Log

#: So much of a log is read at most to number its lines before its end is shown.
_COUNTED_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes of a log.

    Attributes
    ----------
    offset : int
        Where ``data`` begins in the file.
    data : bytes
        May be empty.
    end : int
        Size of the file when it was read.
    final : bool
        Nothing will follow: the run has ended and all was read.
    line : int, optional
        Number of the line, from 1, that ``data`` begins in; None: not known.
    """

    offset: int
    data: bytes
    end: int
    final: bool
    line: int | None = None

    def frame(self) -> str:
        """Members of the message."""
        data = base64.b64encode(self.data).decode("ascii")
        final = "true" if self.final else "false"
        line = "null" if self.line is None else self.line
        place = f'"offset":{self.offset},"line":{line},"end":{self.end},"final":{final}'
        return f'"type":"chunk",{place},"data":"{data}"'


class LogTail:
    """Where a page is in a log. ``read`` blocks and is called from one thread at a time.

    Parameters
    ----------
    run : RunFolder
        The run.
    path : str
        Name of the log among the run's files.
    offset : int
        First byte; negative: so far before the end, moved forward to the beginning of a line.
    limits : Limits
        Sizes of chunks and of the window.
    lines : LogLines
        Counts the lines of logs.
    rank : int, optional
        The log of this rank is meant, in the place of ``path``.

    Attributes
    ----------
    where : Path, optional
        The file that was read last.
    finished : bool
        The final chunk was read.
    """

    def __init__(
        self,
        run: RunFolder,
        path: str,
        offset: int,
        limits: Limits,
        lines: LogLines,
        rank: int | None = None,
    ) -> None:
        self.run = run
        self._path, self._rank, self._lines = path, rank, lines
        self._line: int | None = None
        self._wanted = offset
        self._limits = limits
        self._next: int | None = None
        self._acknowledged = 0
        self._told = False
        self.finished = False
        self.where: Path | None = None

    def acknowledge(self, offset: int) -> None:
        """The page has drawn everything before ``offset``, as far as it was sent."""
        if self._next is not None:
            self._acknowledged = max(self._acknowledged, min(offset, self._next))

    def place(self) -> Path:
        """The file, links resolved; it may not exist yet.

        Raises
        ------
        PathOutside
            It is not among the run's files.
        RunNotFound
            The run was deleted.
        """
        if not self.run.layout.record.exists():
            raise RunNotFound(f"Run {self.run.id!r} was deleted.")
        return self._log().path

    def _log(self) -> Log:
        return logs.of(self.run, self._path, self._rank)

    def read(self) -> tuple[Chunk | None, bool]:
        """The next chunk or None, and whether more can be read at once."""
        path = self.where = self.place()
        ended = self.run.state().ended_at_all
        try:
            with run_files.open_plain(path) as file:
                return self._read(file, ended)
        except OSError:  # not there yet, or not a file
            self.finished = ended
            return (Chunk(max(0, self._wanted), b"", 0, True) if ended else None), False

    def _read(self, file: FileIO, ended: bool) -> tuple[Chunk | None, bool]:
        end = os.fstat(file.fileno()).st_size
        if self._next is None:
            self._next = self._acknowledged = self._beginning(file, end)
        offset = min(self._next, end)
        if self._line is None:
            self._line = self._lines.line_at(self._log(), offset, _COUNTED_BYTES)
        room = self._acknowledged + self._limits.window_bytes - offset
        length = min(self._limits.chunk_bytes, room, end - offset)
        data = _bytes_at(file, offset, length) if length > 0 else b""
        self._next = offset + len(data)
        self.finished = ended and self._next >= end
        more = bool(data) and self._next < end and len(data) < room
        if not data and self._told and not self.finished:
            return None, False
        self._told = True
        line = self._line
        self._line = None if line is None else line + data.count(b"\n")
        return Chunk(offset, data, end, self.finished, line), more

    def _beginning(self, file: FileIO, end: int) -> int:
        if self._wanted >= 0:
            return min(self._wanted, end)
        start = max(0, end + self._wanted)
        if start == 0:
            return 0
        head = _bytes_at(file, start - 1, self._limits.chunk_bytes)
        newline = head.find(b"\n", 0, max(0, end - start))
        return start + newline if newline >= 0 else start


def _bytes_at(file: FileIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)
