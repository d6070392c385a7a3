"""Ending runs whose owner is gone: at the server's start, and while somebody looks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.jobs import submit as jobs
from ml_jupyter.jobs.waking import wake_if_left
from ml_jupyter.server.hub import Hub
from ml_jupyter.server.limits import Limits
from ml_jupyter.server.workers import Workers
from ml_jupyter.server.workspaces import OpenWorkspace, Workspaces


class Settler:
    """Looks every few seconds for lost runs, as long as a page is open.

    At its start, too, and with each look, it sees that a queue which has something to do is served.

    Parameters
    ----------
    settings : Settings
        The queue.
    hub : Hub
        Knows whether somebody looks.
    workspaces : Workspaces
        Where to look.
    workers : Workers
        Threads for the work.
    limits : Limits
        How often.
    log : Logger
        Where a failure is told.
    """

    def __init__(
        self,
        settings: Settings,
        hub: Hub,
        workspaces: Workspaces,
        workers: Workers,
        limits: Limits,
        log: logging.Logger,
    ) -> None:
        self._hub, self._workspaces, self._workers = hub, workspaces, workers
        self._settings, self._limits, self._log = settings, limits, log
        self._task: asyncio.Task[None] | None = None
        self._first: asyncio.Task[None] | None = None

    def start(self) -> None:
        """The server begins: what a crash has left goes on, with no page open, too."""
        self._first = asyncio.get_running_loop().create_task(self._look(self._wake))

    def wake(self) -> None:
        """A page was opened: look for as long as there is one. Called on the event loop."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look_on())

    async def close(self) -> None:
        """Stop."""
        tasks = [task for task in (self._task, self._first) if task is not None]
        self._task = self._first = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_on(self) -> None:
        while self._hub.pages:
            await self._look(self._settle_all)
            if asyncio.current_task() is not self._task:  # before 3.12 wait_for may lose a cancel()
                return
            await asyncio.sleep(self._limits.settle_s)

    async def _look(self, call: Callable[[], object]) -> None:
        try:
            await self._workers.run(call)
        except MlJupyterError as error:
            self._log.warning("Looking for lost runs failed: %s", error.code)
        except Exception:  # what nobody foresaw must not end the looking
            self._log.exception("Looking for lost runs failed")

    def _wake(self) -> None:
        if wake_if_left(self._settings):
            self._log.info("Runs were left without a dispatcher; one was started.")

    def _settle_all(self) -> None:
        self._wake()
        for workspace in self._workspaces.all():
            for run_id in workspace.index.live_ids():
                self._settle(workspace, run_id)

    def _settle(self, workspace: OpenWorkspace, run_id: str) -> None:
        try:
            run = workspace.run(run_id)
            if run.is_lost():
                jobs.settle_if_lost(run, workspace.settings)
        except (MlJupyterError, OSError) as error:
            self._log.warning("Run %s could not be looked at: %s", run_id, type(error).__name__)
