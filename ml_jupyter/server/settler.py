"""Ending runs whose owner is gone, while somebody looks."""

from __future__ import annotations

import asyncio
import logging

from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.jobs import submit as jobs
from ml_jupyter.server.hub import Hub
from ml_jupyter.server.limits import Limits
from ml_jupyter.server.workers import Workers
from ml_jupyter.server.workspaces import OpenWorkspace, Workspaces


class Settler:
    """Looks every few seconds for lost runs, as long as a page is open.

    Parameters
    ----------
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
        hub: Hub,
        workspaces: Workspaces,
        workers: Workers,
        limits: Limits,
        log: logging.Logger,
    ) -> None:
        self._hub, self._workspaces, self._workers = hub, workspaces, workers
        self._limits, self._log = limits, log
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """A page was opened: look for as long as there is one. Called on the event loop."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look_on())

    async def close(self) -> None:
        """Stop."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _look_on(self) -> None:
        while self._hub.pages:
            try:
                await self._workers.run(self._settle_all)
            except MlJupyterError as error:
                self._log.warning("Looking for lost runs failed: %s", error.code)
            except Exception:  # what nobody foresaw must not end the looking
                self._log.exception("Looking for lost runs failed")
            if asyncio.current_task() is not self._task:  # before 3.12 wait_for may lose a cancel()
                return
            await asyncio.sleep(self._limits.settle_s)

    def _settle_all(self) -> None:
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
