"""Runs as one HTML file."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator

from tornado import web
from tornado.iostream import StreamClosedError

from ml_jupyter.sdk import export
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler

_KIND = "text/html; charset=utf-8"


class ExportHandler(Handler):
    """``workspaces/{ws}/export``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str) -> None:
        """A page that shows the named runs without this server, as a file to keep."""
        ids = list(dict.fromkeys(self.arguments_in_url()["runs"]))
        parts, name = await self.work(self._begin, workspace_id, ids)
        self.set_header("Content-Type", _KIND)
        self.set_header("Content-Security-Policy", "sandbox allow-scripts")
        quoted = urllib.parse.quote(name, safe="")
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quoted}")
        while (part := await self.work(next, parts, None)) is not None:
            try:
                self.write(part)
                await self.flush()
            except StreamClosedError:
                return
        self.finish(set_content_type=_KIND)

    def _begin(self, workspace_id: str, ids: list[str]) -> tuple[Iterator[str], str]:
        workspace = self.services.workspaces.get(workspace_id)
        runs = [workspace.run(run_id) for run_id in ids]
        return export.page(workspace.folder, runs), export.file_name(runs)
