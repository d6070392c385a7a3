"""Keeps a model's process alive: loads it, restarts it with growing pauses, and queues calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from ml_jupyter import _time
from ml_jupyter.models.plan import HEALTHY, TRANSITIONING, UNHEALTHY, ServingPlan
from ml_jupyter.serving.worker_process import Answer, WorkerGone, WorkerProcess, WorkerRefused

#: Pauses before restarts: the first, and the longest.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 60.0
#: After so long without a crash, the next pause is the first again.
STEADY_S = 60.0
#: So often a process may die while it loads for the first time.
FIRST_TRIES = 3
#: Calls that may wait for the model; further ones are sent away.
MOST_WAITING = 100


class Unavailable(Exception):
    """The model cannot answer now; the message says why."""


class TimedOut(Exception):
    """The model took too long."""


class Keeper:
    """The process of one model, whichever it is at the time.

    Parameters
    ----------
    plan : ServingPlan
        What is served.
    model_path : str
        The model's file or folder.
    variables : mapping
        Variables for its process.
    note : callable
        Called with the state and an explanation whenever they change.
    """

    def __init__(
        self,
        plan: ServingPlan,
        model_path: str,
        variables: Mapping[str, str],
        note: Callable[[str, str], None],
    ) -> None:
        self._plan, self._path, self._variables, self._note = plan, model_path, variables, note
        self._worker: WorkerProcess | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self.state, self.message = TRANSITIONING, "The model is being loaded."
        self.restarts = 0
        self.inputs: list[dict[str, Any]] = []

    async def keep(self) -> str:
        """See to the process, and end it when cancelled; returns why it cannot be loaded."""
        pause, failures = FIRST_PAUSE_S, 0
        while True:
            started = _time.monotonic()
            try:
                why = await self._once()
            except WorkerRefused as error:
                return str(error)
            if self.restarts == 0 and self.state == TRANSITIONING:
                failures += 1
                if failures == FIRST_TRIES:
                    return f"its process {why} while the model was being loaded"
            if _time.monotonic() - started > STEADY_S:
                pause = FIRST_PAUSE_S
            self._say(
                TRANSITIONING if failures else UNHEALTHY,
                f"The model's process {why}; it is started again in {pause:g} s.",
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def score(self, body: bytes, content_type: str) -> Answer:
        """The model's answer.

        Raises
        ------
        Unavailable
            It is being loaded or started again, or too many calls wait.
        TimedOut
            It took longer than the plan allows.
        """
        if self._waiting >= MOST_WAITING:
            raise Unavailable(f"{self._waiting} calls are waiting already.")
        self._waiting += 1
        try:
            async with self._turn:
                return await self._ask(body, content_type)
        finally:
            self._waiting -= 1

    async def _once(self) -> str:
        """Start the process and wait for its end; how it ended."""
        worker = await WorkerProcess.start(self._plan.interpreter, self._variables)
        try:
            plan = {**self._plan.to_json(), "model_path": self._path}
            try:
                self.inputs = await worker.load(plan, self._plan.load_timeout_s)
            except WorkerGone as error:
                return str(error)
            except asyncio.TimeoutError:
                return f"had not loaded the model after {self._plan.load_timeout_s:g} s"
            self._worker = worker
            self.restarts += 1
            self._say(HEALTHY, "The model answers.")
            return await worker.ended()
        finally:
            self._worker = None
            await worker.end()

    async def _ask(self, body: bytes, content_type: str) -> Answer:
        worker = self._worker
        if worker is None:
            raise Unavailable(self.message)
        try:
            return await worker.score(body, content_type, self._plan.timeout_s)
        except WorkerGone as error:
            raise Unavailable(f"The model's process {error} during this call.") from error
        except asyncio.TimeoutError as error:
            worker.kill()  # it cannot be told to stop, and the next answer would be this call's
            raise TimedOut(f"The model took longer than {self._plan.timeout_s:g} s.") from error

    def _say(self, state: str, message: str) -> None:
        if state == HEALTHY or (state, message) != (self.state, self.message):
            self.state, self.message = state, message
            print(f"[service] {message}", flush=True)
            self._note(state, message)
