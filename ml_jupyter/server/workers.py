"""Blocking work off the event loop: threads with a limit, and a deadline for whoever waits."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from ml_jupyter.server.errors import Busy, TimedOut

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """Threads for blocking calls. Used from the event loop only.

    Parameters
    ----------
    threads : int
        Calls that run at one time.
    waiting : int
        Calls that may wait for a thread.
    deadline_s : float
        Seconds that a caller waits.
    name : str
        Beginning of the threads' names.
    """

    def __init__(self, threads: int, waiting: int, deadline_s: float, name: str) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._room = threads + waiting
        self._deadline_s = deadline_s
        self._pending = 0

    async def run(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``call`` returns or raises.

        Raises
        ------
        Busy
            Too many calls wait already.
        TimedOut
            It took longer than the deadline. The call itself goes on to its end: a thread cannot be
            stopped.
        """
        if self._pending >= self._room:
            raise Busy("The server is busy with other requests.", hint="Try again in a moment.")
        self._pending += 1
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._pool, functools.partial(call, *args, **kwargs))
        work.add_done_callback(self._done)
        try:
            return await asyncio.wait_for(asyncio.shield(work), self._deadline_s)
        except asyncio.TimeoutError as error:
            if work.done():
                raise
            raise TimedOut(
                f"The answer took longer than {self._deadline_s:g} s.",
                hint="Ask for less at once, or try again when the disk is less busy.",
            ) from error

    def close(self) -> None:
        """Refuse new calls; those that run end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _done(self, work: asyncio.Future[T]) -> None:
        self._pending -= 1
        if not work.cancelled():
            work.exception()
