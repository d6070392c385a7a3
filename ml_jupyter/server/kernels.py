"""The kernels of this Jupyter server: told to the queue, which names the notebook on a GPU."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async

from ml_jupyter.devices import nvml, sessions
from ml_jupyter.devices.sessions import KernelSession
from ml_jupyter.exceptions import MlJupyterError

_EVERY_S = 5.0


class Kernels:
    """Keeps the list in the private runtime folder up to date, where there is a GPU.

    Used from the event loop only, save ``ids``.

    Parameters
    ----------
    serverapp : ServerApp
        Whose kernels they are.
    runtime : Path
        Folder that the queue reads.
    log : Logger
        Where a failure is told.
    """

    def __init__(self, serverapp: Any, runtime: Path, log: logging.Logger) -> None:
        self._serverapp, self._runtime, self._log = serverapp, runtime, log
        self._task: asyncio.Task[None] | None = None
        self._told: list[KernelSession] | None = None
        self.ids: frozenset[str] = frozenset()

    def start(self) -> None:
        """Tell of the kernels from now on; without a GPU nobody asks, and nothing is done."""
        if self._task is None and nvml.is_present():
            self._task = asyncio.get_running_loop().create_task(self._tell_on())

    async def close(self) -> None:
        """Stop, and take back what was told."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            sessions.withdraw(self._runtime)

    async def tell(self) -> None:
        """Write the list down, if it has changed."""
        found = await self._read()
        self.ids = frozenset(item.kernel_id for item in found)
        if found != self._told:
            sessions.publish(self._runtime, found)
            self._told = found

    async def _tell_on(self) -> None:
        while True:
            try:
                await self.tell()
            except (MlJupyterError, OSError) as error:
                self._log.warning("The kernels could not be told: %s", type(error).__name__)
            await asyncio.sleep(_EVERY_S)

    async def _read(self) -> list[KernelSession]:
        kernels = await ensure_async(self._serverapp.kernel_manager.list_kernels())
        opened = await ensure_async(self._serverapp.session_manager.list_sessions())
        paths = {item["kernel"]["id"]: str(item.get("path") or "") for item in opened}
        return [_session(item, paths.get(item["id"], "")) for item in kernels]


def _session(kernel: dict[str, Any], path: str) -> KernelSession:
    busy = kernel.get("execution_state") == "busy"
    return KernelSession(kernel["id"], path, _nanoseconds(kernel.get("last_activity")), busy)


def _nanoseconds(text: Any) -> int:
    """``2026-01-01T12:00:00.5Z`` as the server writes it; 0: not known."""
    with contextlib.suppress(TypeError, ValueError):
        moment = dt.datetime.fromisoformat(str(text).replace("Z", "+00:00"))
        return int(moment.timestamp() * 1e9)
    return 0
