"""The source of a run."""

from __future__ import annotations

from typing import Any

from tornado import web

from ml_jupyter.server import folder_files, source_files
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler
from ml_jupyter.server.handlers_files import FileAnswer
from ml_jupyter.server.run_files import RunFile


class CodeHandler(Handler):
    """``workspaces/{ws}/runs/{run}/code``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """Names, sizes and digests of the files that the run was made from."""
        await self.answer_with(self._list, workspace_id, run_id)

    def _list(self, workspace_id: str, run_id: str) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        return source_files.listing(
            workspace.folder.layout, workspace.run(run_id), self.services.limits.files
        )


class CodeFileHandler(FileAnswer):
    """``workspaces/{ws}/runs/{run}/code/{path}``."""

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
        workspace = self.services.workspaces.get(workspace_id)
        return source_files.open_file(workspace.folder.layout, workspace.run(run_id), path)


class FolderHandler(Handler):
    """``workspaces/{ws}/runs/{run}/folder``."""

    @web.authenticated
    @authorized("write", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str) -> None:
        """The files of the folder that the run was submitted from, as they are now."""
        await self.answer_with(self._list, workspace_id, run_id)

    def _list(self, workspace_id: str, run_id: str) -> dict[str, Any]:
        workspace = self.services.workspaces.get(workspace_id)
        run, settings = workspace.run(run_id), self.services.settings
        limit = self.services.limits.files
        return folder_files.listing(workspace.folder.layout, run, settings, limit)


class FolderFileHandler(FileAnswer):
    """``workspaces/{ws}/runs/{run}/folder/{path}``."""

    @web.authenticated
    @authorized("write", "ml_jupyter")
    async def get(self, workspace_id: str, run_id: str, path: str) -> None:
        """A file, or the range of it that the header asks for."""
        await self._send(self._open, workspace_id, run_id, path)

    def _open(self, workspace_id: str, run_id: str, path: str) -> RunFile:
        workspace = self.services.workspaces.get(workspace_id)
        run, settings = workspace.run(run_id), self.services.settings
        return folder_files.open_file(workspace.folder.layout, run, settings, path)
