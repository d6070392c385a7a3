"""A service from its start to its end: the port, the model's process, and what its run is told."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from ml_jupyter import _time
from ml_jupyter.exceptions import WebserviceException
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.models.plan import FACT, FAILED, MOST_BYTES, TRANSITIONING, ServingPlan
from ml_jupyter.models.services import ServiceStore
from ml_jupyter.serving import model_folder
from ml_jupyter.serving.handlers import Context, application, hosts_of
from ml_jupyter.serving.keeper import Keeper
from ml_jupyter.serving.keys import Keys


class Service:
    """Serves one plan.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where the models are.
    run : RunFolder
        The run that this process belongs to.
    plan : ServingPlan
        What to serve.
    """

    def __init__(self, workspace: WorkspaceFolder, run: RunFolder, plan: ServingPlan) -> None:
        self._workspace, self._run, self._plan = workspace, run, plan
        self._port = 0
        self._keeper: Keeper | None = None

    async def serve(self) -> int:
        """Serve until a signal says to stop: 0; 1 when the model cannot be loaded.

        Raises
        ------
        MlJupyterError
            A model was deleted, or the port is taken.
        """
        folder = Path.cwd()
        stopping = _on_signals()
        sockets = self._bind()
        path = await asyncio.to_thread(
            model_folder.lay_out, self._plan, self._workspace.layout, folder
        )
        variables = model_folder.variables(self._plan, folder)
        keeper = self._keeper = Keeper(self._plan, str(path), variables, self._note)
        keys = Keys(ServiceStore(self._workspace.layout).keys_path(self._plan.service))
        server = HTTPServer(
            application(Context(self._plan, keeper, keys, hosts_of(self._plan))),
            max_body_size=MOST_BYTES,
            max_buffer_size=MOST_BYTES + 65536,
        )
        server.add_sockets(sockets)
        self._note(TRANSITIONING, keeper.message)
        print(f"[service] http://{self._plan.host}:{self._port}/score", flush=True)
        try:
            return await self._until(stopping, keeper)
        finally:
            server.stop()

    async def _until(self, stopping: asyncio.Event, keeper: Keeper) -> int:
        keeping = asyncio.ensure_future(keeper.keep())
        waiting = asyncio.ensure_future(stopping.wait())
        done, rest = await asyncio.wait({keeping, waiting}, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if waiting in done:
            return 0
        why = keeping.result()
        self._note(FAILED, why)
        print(f"The model cannot be loaded: {why}", file=sys.stderr, flush=True)
        return 1

    def _bind(self) -> list[socket.socket]:
        """Listen; on the same port as before a restart."""
        plan, facts = self._plan, self._run.state().facts.get(FACT) or {}
        liked = [port for port in (int(facts.get("port", 0)), plan.port_before) if port]
        refusal: OSError | None = None
        for port in [plan.port] if plan.port else [*liked, 0]:
            try:
                sockets = bind_sockets(port, plan.host)
            except OSError as error:
                refusal = error
                continue
            self._port = sockets[0].getsockname()[1]
            return sockets
        raise WebserviceException(
            f"Port {plan.port} of {plan.host} cannot be had: {refusal}.",
            hint="Choose another with LocalWebservice.deploy_configuration(port=…), or none.",
        )

    def _note(self, state: str, message: str) -> None:
        keeper = self._keeper
        restarts = 0 if keeper is None else max(0, keeper.restarts - 1)
        self._run.note(
            **{
                FACT: {
                    "name": self._plan.service,
                    "state": state,
                    "message": message,
                    "host": self._plan.host,
                    "port": self._port,
                    "restarts": restarts,
                    "since": _time.now_ns(),
                }
            }
        )


def _on_signals() -> asyncio.Event:
    event, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, event.set)
    return event
