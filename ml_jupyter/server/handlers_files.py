"""A run's files."""

from __future__ import annotations

import mimetypes
import urllib.parse
from collections.abc import Callable
from typing import Any

from tornado import web
from tornado.iostream import StreamClosedError

from ml_jupyter.server import run_files, views
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler
from ml_jupyter.server.errors import RangeNotSatisfiable
from ml_jupyter.server.run_files import RunFile

#: Kinds that a browser would run scripts of: shown without rights and without an origin.
_ACTIVE = {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml"}
_SANDBOX = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"
#: Names that the system's table does not know or gives a kind that browsers download.
_TEXTS = {
    ".py",
    ".log",
    ".yaml",
    ".yml",
    ".toml",
    ".ini",
    ".cfg",
    ".sh",
    ".ipynb",
    ".md",
    ".jsonl",
    ".tsv",
}


class FilesHandler(Handler):
    """``workspaces/{ws}/runs/{run}/files``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """Names, sizes and times of a run's files."""
        await self.answer_with(self._list, workspace_id, run_id)

    def _list(self, workspace_id: str, run_id: str) -> dict[str, Any]:
        run = self.services.workspaces.get(workspace_id).run(run_id)
        return views.files(run, self.services.limits.files)


class FileAnswer(Handler):
    """Sends a file, or the range of it that the header asks for; subclasses say which."""

    async def _send(self, opened: Callable[..., RunFile], *place: str) -> None:
        download = self.arguments_in_url()["download"]
        file = await self.work(opened, *place)
        try:
            self._describe(file, download)
            if self.request.headers.get("If-None-Match") == file.etag:
                self.set_status(304)
                self.finish()
                return
            start, end = self._range(file)
            if self.request.method != "HEAD":
                await self._stream(file, start, end)
        finally:
            file.close()
        self.finish(set_content_type=self._kind)

    def _describe(self, file: RunFile, download: bool) -> None:
        kind, self._kind = content_type(file.name)
        self.set_header("Content-Type", self._kind)
        self.set_header("Accept-Ranges", "bytes")
        self.set_header("Etag", file.etag)
        self.set_header("Cache-Control", "private, no-cache")
        if kind in _ACTIVE:
            self.set_header("Content-Security-Policy", _SANDBOX)
        if download:
            name = urllib.parse.quote(file.name, safe="")
            self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{name}")

    def _range(self, file: RunFile) -> tuple[int, int]:
        try:
            wanted = run_files.byte_range(self.request.headers.get("Range"), file.size)
        except RangeNotSatisfiable:
            self._rejected_size = file.size
            raise
        start, end = wanted or (0, file.size)
        if wanted is not None:
            self.set_status(206)
            self.set_header("Content-Range", f"bytes {start}-{end - 1}/{file.size}")
        self.set_header("Content-Length", str(end - start))
        return start, end

    async def _stream(self, file: RunFile, start: int, end: int) -> None:
        for offset, length in run_files.blocks(file, start, end):
            data = await self.work(file.read, offset, length)
            try:
                self.write(data + bytes(length - len(data)))
                await self.flush()
            except StreamClosedError:
                return

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """As for every handler; a range that cannot be had says how long the file is."""
        if hasattr(self, "_rejected_size"):
            self.set_header("Content-Range", f"bytes */{self._rejected_size}")
        super().write_error(status_code, **kwargs)


class FileHandler(FileAnswer):
    """``workspaces/{ws}/runs/{run}/files/{path}``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str, path: str) -> None:
        """A file, or the range of it that the header asks for."""
        await self._send(self._open, workspace_id, run_id, path)

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def head(self, workspace_id: str, run_id: str, path: str) -> None:
        """The headers of a file."""
        await self._send(self._open, workspace_id, run_id, path)

    def _open(self, workspace_id: str, run_id: str, path: str) -> RunFile:
        return run_files.open_file(self.services.workspaces.get(workspace_id).run(run_id), path)


def content_type(name: str) -> tuple[str, str]:
    """Kind of a file by its name, and the header for it: text is sent as UTF-8."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    kind = "text/plain" if ending in _TEXTS else mimetypes.guess_type(name)[0]
    if kind is None or mimetypes.guess_type(name)[1] is not None:
        kind = "application/octet-stream"
    return kind, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
