"""A run's logs: bytes, line numbers, times, and searches."""

from __future__ import annotations

from typing import Any, NamedTuple

from tornado import web

from ml_jupyter.history import stream
from ml_jupyter.server import log_search, log_times, logs, run_files
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler
from ml_jupyter.server.log_search import Wanted


class _Part(NamedTuple):
    offset: int
    end: int
    line: int | None
    data: bytes


class LogHandler(Handler):
    """``workspaces/{ws}/runs/{run}/log``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """Bytes of a log from an offset; a log that does not exist yet reads as empty."""
        wanted = self.arguments_in_url()
        part = await self.work(self._read, workspace_id, run_id, wanted)
        self.set_header("X-Offset", str(part.offset))
        self.set_header("X-End", str(part.end))
        if part.line is not None:
            self.set_header("X-Line", str(part.line))
        self.finish(part.data, set_content_type="application/octet-stream")

    def _read(self, workspace_id: str, run_id: str, wanted: dict[str, Any]) -> _Part:
        run = self.services.workspaces.get(workspace_id).run(run_id)
        log = logs.of(run, wanted["path"], wanted["rank"])
        end = run_files.size_of(log.path)
        offset = wanted["offset"]
        start = min(end, offset) if offset >= 0 else max(0, end + offset)
        if wanted["line"] is not None:
            start = self.services.log_lines.offset_of(log, wanted["line"])
        length = min(wanted["length"], self.services.limits.read_bytes)
        data = stream.read(log.path, start, length) if start < end else b""
        line = self.services.log_lines.line_at(log, start)
        return _Part(start, max(end, start + len(data)), line, data)


class LogTimesHandler(Handler):
    """``workspaces/{ws}/runs/{run}/log/times``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """When which line of a log was printed."""
        await self.answer_with(self._times, workspace_id, run_id, self.arguments_in_url())

    def _times(self, workspace_id: str, run_id: str, wanted: dict[str, Any]) -> dict[str, Any]:
        run = self.services.workspaces.get(workspace_id).run(run_id)
        log = logs.of(run, wanted["path"], wanted["rank"])
        end = run_files.size_of(log.path)
        offset = wanted["offset"]
        start = offset if offset >= 0 else max(0, end + offset)
        return {"times": log_times.between(log, start, start + wanted["length"])}


class LogSearchHandler(Handler):
    """``workspaces/{ws}/runs/{run}/log/search``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """Lines of a log that match."""
        wanted = self.arguments_in_url()
        limits = self.services.limits
        with self.services.searches:
            found = await self.work(self._search, workspace_id, run_id, wanted, limits.search_s)
        self.answer(found)

    def _search(
        self, workspace_id: str, run_id: str, wanted: dict[str, Any], seconds: float
    ) -> dict[str, Any]:
        run = self.services.workspaces.get(workspace_id).run(run_id)
        log = logs.of(run, wanted.pop("path"), wanted.pop("rank"))
        return log_search.search(log.path, Wanted(**wanted), seconds)
