"""The TensorBoards of this server: one for each set of runs, ended when nobody looks."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ml_jupyter import _time
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.server.errors import TensorBoardNotFound
from ml_jupyter.server.limits import Limits
from ml_jupyter.server.tensorboard_logdir import LogDirs
from ml_jupyter.server.tensorboard_process import TensorBoardProcess
from ml_jupyter.server.workers import Workers

#: Ids that are remembered after their process has ended, so that an open page brings it back.
_REMEMBERED = 100
_LOOK_S = 5.0


@dataclass(eq=False)
class Board:
    """A set of runs that somebody looks at in TensorBoard, with its process while there is one."""

    id: str
    workspace_id: str
    runs: Sequence[RunFolder]
    process: TensorBoardProcess | None = None
    logdir: Path | None = None
    started: int = 0
    used: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def running(self) -> bool:
        """Whether its process is there."""
        return self.process is not None and self.process.alive

    def to_json(self) -> dict[str, Any]:
        """As the interface gives it."""
        return {
            "id": self.id,
            "url": f"ml-jupyter/tensorboards/{self.id}/",
            "run_ids": [run.id for run in self.runs],
            "workspace_id": self.workspace_id,
            "started_ms": self.started / 1e6,
        }


class TensorBoards:
    """Starts, finds and ends TensorBoards. Used from the event loop only.

    Parameters
    ----------
    folder : Path
        Private folder for what they read.
    workers : Workers
        Threads for making folders.
    limits : Limits
        How many, how long.
    """

    def __init__(self, folder: Path, workers: Workers, limits: Limits) -> None:
        self._dirs = LogDirs(folder)
        self._workers = workers
        self._limits = limits
        self._boards: OrderedDict[str, Board] = OrderedDict()
        self._task: asyncio.Task[None] | None = None

    def running(self) -> list[dict[str, Any]]:
        """Those whose process is there, oldest first."""
        return [board.to_json() for board in self._boards.values() if board.running]

    async def open(self, workspace_id: str, runs: Sequence[RunFolder]) -> dict[str, Any]:
        """The TensorBoard for this set of runs, started when there is none.

        Raises
        ------
        TensorBoardFailed
            It did not start.
        """
        wanted = frozenset(run.id for run in runs)
        board = next(
            (
                item
                for item in self._boards.values()
                if item.workspace_id == workspace_id and {run.id for run in item.runs} == wanted
            ),
            None,
        )
        if board is None:
            board = Board(secrets.token_hex(16), workspace_id, list(runs))
            self._boards[board.id] = board
            self._forget_oldest()
        await self._ensure(board)
        return board.to_json()

    async def process(self, board_id: str) -> TensorBoardProcess:
        """The process behind an id; one that was ended for want of use is started again.

        Raises
        ------
        TensorBoardNotFound
            No such id.
        TensorBoardFailed
            It did not start.
        """
        board = self._boards.get(board_id)
        if board is None:
            raise TensorBoardNotFound(
                f"There is no TensorBoard {board_id!r}.", hint="Open the run's TensorBoard again."
            )
        return await self._ensure(board)

    async def end(self, board_id: str) -> None:
        """End one and forget its id.

        Raises
        ------
        TensorBoardNotFound
            No such id.
        """
        board = self._boards.pop(board_id, None)
        if board is None:
            raise TensorBoardNotFound(f"There is no TensorBoard {board_id!r}.")
        async with board.lock:
            await self._stop(board)

    async def close(self) -> None:
        """End all of them."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        boards = list(self._boards.values())
        self._boards.clear()
        await asyncio.gather(*(self._stop(board) for board in boards))

    async def end_idle(self) -> None:
        """End those that nobody has asked for long, and clear away those that died."""
        now = _time.monotonic()
        for board in list(self._boards.values()):
            idle = now - board.used >= self._limits.tensorboard_idle_s
            if (
                board.process is not None
                and not board.lock.locked()
                and (idle or not board.running)
            ):
                async with board.lock:
                    await self._stop(board)

    async def _ensure(self, board: Board) -> TensorBoardProcess:
        board.used = _time.monotonic()
        async with board.lock:
            if board.process is None or not board.process.alive:
                await self._stop(board)
                await self._start(board)
            board.used = _time.monotonic()
            assert board.process is not None
            return board.process

    async def _start(self, board: Board) -> None:
        if self._task is None:
            await self._workers.run(self._dirs.sweep)
            self._task = asyncio.get_running_loop().create_task(self._look_on())
        await self._make_room(board)
        board.logdir = await self._workers.run(self._dirs.make, board.runs)
        board.process = await TensorBoardProcess.start(
            board.logdir, self._limits.tensorboard_start_s
        )
        board.started = _time.now_ns()

    async def _stop(self, board: Board) -> None:
        process, board.process = board.process, None
        logdir, board.logdir = board.logdir, None
        if process is not None:
            await process.end()
        if logdir is not None:
            self._dirs.remove(logdir)

    async def _make_room(self, new: Board) -> None:
        running = [item for item in self._boards.values() if item.running and item is not new]
        running.sort(key=lambda item: item.used)
        for board in running[: max(0, len(running) - self._limits.tensorboards + 1)]:
            async with board.lock:
                await self._stop(board)

    def _forget_oldest(self) -> None:
        ended = [key for key, board in self._boards.items() if not board.running]
        for key in ended[: max(0, len(self._boards) - _REMEMBERED)]:
            del self._boards[key]

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(min(_LOOK_S, self._limits.tensorboard_idle_s))
            await self.end_idle()
