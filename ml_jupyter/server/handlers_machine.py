"""The machine, and the description of this interface."""

from __future__ import annotations

from tornado import web

from ml_jupyter.server import openapi
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler


class MachineHandler(Handler):
    """``machine``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self) -> None:
        """Cores, memory and GPUs, and who holds them."""
        await self.answer_with(self.services.machine.read)


class GpuProcessesHandler(Handler):
    """``gpu-processes``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self) -> None:
        """Every process on every GPU of the machine."""
        await self.answer_with(self.services.machine.gpu_processes)


class OpenApiHandler(Handler):
    """``openapi.json``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self) -> None:
        """The OpenAPI document of this interface."""
        self.answer(openapi.document(self.services.base_url))


class NotFoundHandler(Handler):
    """Everything else below the prefix: there is nothing, told to those who are logged in."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, _path: str) -> None:
        """Say that there is nothing."""
        raise web.HTTPError(404, "There is nothing at this address.")

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def head(self, _path: str) -> None:
        """Say that there is nothing."""
        raise web.HTTPError(404, "There is nothing at this address.")

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def post(self, _path: str) -> None:
        """Say that there is nothing."""
        raise web.HTTPError(404, "There is nothing at this address.")

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def put(self, _path: str) -> None:
        """Say that there is nothing."""
        raise web.HTTPError(404, "There is nothing at this address.")

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def patch(self, _path: str) -> None:
        """Say that there is nothing."""
        raise web.HTTPError(404, "There is nothing at this address.")

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def delete(self, _path: str) -> None:
        """Say that there is nothing."""
        raise web.HTTPError(404, "There is nothing at this address.")
