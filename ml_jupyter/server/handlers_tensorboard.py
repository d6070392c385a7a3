"""TensorBoards, and the way to their pages."""

from __future__ import annotations

import asyncio
from typing import Any

from tornado import web
from tornado.httputil import HTTPHeaders, ResponseStartLine
from tornado.iostream import StreamClosedError

from ml_jupyter.exceptions import PathOutside
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.server import proxy, proxy_client
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler
from ml_jupyter.server.errors import TensorBoardFailed

_BAD_BODY = {204, 304}


class TensorBoardsHandler(Handler):
    """``tensorboards``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self) -> None:
        """Those that run."""
        self.answer({"tensorboards": self.services.boards.running()})

    @web.authenticated
    @authorized("execute", "ml_jupyter")
    async def post(self) -> None:
        """Start one for a set of runs, or give the one that runs."""
        body = self.json_body()
        runs = await self.work(self._runs, body["workspace_id"], body["run_ids"])
        self.answer(await self.services.boards.open(body["workspace_id"], runs))

    def _runs(self, workspace_id: str, run_ids: list[str]) -> list[RunFolder]:
        workspace = self.services.workspaces.get(workspace_id)
        return [workspace.run(run_id) for run_id in dict.fromkeys(run_ids)]


class TensorBoardHandler(Handler):
    """``tensorboards/{id}``."""

    @web.authenticated
    @authorized("execute", "ml_jupyter")
    async def delete(self, board_id: str) -> None:
        """End one."""
        await self.services.boards.end(board_id)
        self.set_status(204)
        self.finish()


class ProxyHandler(Handler):
    """``tensorboards/{id}/…``: a TensorBoard's own pages, as it serves them."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, board_id: str, path: str = "") -> None:
        """A page or a part of one."""
        await self._pass_on(board_id, path)

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def head(self, board_id: str, path: str = "") -> None:
        """The headers of a page."""
        await self._pass_on(board_id, path)

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def post(self, board_id: str, path: str = "") -> None:
        """A question too long for an address; TensorBoard changes nothing by it."""
        await self._pass_on(board_id, path)

    def check_xsrf_cookie(self) -> None:
        """Judge a POST by its origin, which a browser names: TensorBoard knows no XSRF token."""
        if not hasattr(self, "_jupyter_current_user"):
            return  # too early: check_origin() asks for the user; prepare() calls again
        if self.request.method == "POST" and self.request.headers.get("Origin"):
            if not self.check_origin():
                raise web.HTTPError(403, "The request comes from another site.")
            return
        super().check_xsrf_cookie()

    async def _pass_on(self, board_id: str, path: str) -> None:
        if any(part in (".", "..") for part in path.split("/")) or "\0" in path or "\\" in path:
            raise PathOutside(f"{path!r} is not an address of a TensorBoard.")
        process = await self.services.boards.process(board_id)
        address = proxy.address(process.prefix, path, self.request.query)
        self._given_line: ResponseStartLine | None = None
        self._given_headers = HTTPHeaders()
        self._has_begun = False
        self._page = bytearray() if path in proxy.PAGES else None
        await self._ask(process.port, address)
        if self._page:
            page = proxy.relative(bytes(self._page))
            self._given_headers["Content-Length"] = str(len(page))
            self._begin()
            self.write(page)
        self._begin()
        self.finish(set_content_type=self._given_headers.get("Content-Type", "text/plain"))

    async def _ask(self, port: int, address: str) -> None:
        headers = proxy.allowed(self.request.headers, proxy.REQUEST_HEADERS)
        if self._page is not None:
            headers.pop("Accept-Encoding", None)  # it is changed on its way
        method = str(self.request.method)
        body = bytes(self._received) if method == "POST" else None
        try:
            await proxy_client.ask(port, method, address, headers, body, self)
        except (OSError, StreamClosedError, asyncio.TimeoutError) as error:
            self._broke("TensorBoard does not answer.", error)

    def _broke(self, message: str, error: BaseException) -> None:
        if not self._has_begun:
            raise TensorBoardFailed(message, hint="Open the run's TensorBoard again.") from error
        self.log.warning("%s %s", message, type(error).__name__)

    def begin(self, line: ResponseStartLine, headers: HTTPHeaders) -> None:
        """Keep the first line and the headers of TensorBoard's answer."""
        self._given_line, self._given_headers = line, headers

    def _begin(self) -> None:
        if self._has_begun or self._given_line is None:
            return
        self._has_begun = True
        self.set_status(self._given_line.code, self._given_line.reason or None)
        self.clear_header("Cache-Control")
        for name, value in proxy.allowed(self._given_headers, proxy.RESPONSE_HEADERS).get_all():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", proxy.CONTENT_POLICY)
        for policy in self._given_headers.get_list("Content-Security-Policy"):
            self.add_header("Content-Security-Policy", policy)

    async def take(self, data: bytes) -> None:
        """Pass a piece of TensorBoard's answer on, and wait until the browser has it."""
        if self._page is not None:
            self._page += data
            return
        self._begin()
        if self._given_line is not None and self._given_line.code in _BAD_BODY:
            return
        self.write(data)
        await self.flush()

    def compute_etag(self) -> Any:
        """None: TensorBoard's own stands."""
        return None
