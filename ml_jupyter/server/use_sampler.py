"""Samples what the machine is used for while the server runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator

import psutil

from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.server.gpus import GpuFacts
from ml_jupyter.server.machine import core_count, memory
from ml_jupyter.server.use_history import Channel, UseHistory
from ml_jupyter.server.workers import Workers

_IDLE = ("idle", "iowait")


class UseSampler:
    """Writes a sample every few seconds, in a worker's thread. Used from the event loop only.

    Parameters
    ----------
    history : UseHistory
        Where samples go.
    gpus : callable
        What the driver says now; waits a second at most.
    workers : Workers
        Threads.
    interval_s : float
        Seconds between two samples; 0: none are taken.
    log : Logger
        Where a failure is told, once for each kind.
    """

    def __init__(
        self,
        history: UseHistory,
        gpus: Callable[[], GpuFacts],
        workers: Workers,
        interval_s: float,
        log: logging.Logger,
    ) -> None:
        self._history, self._gpus, self._workers = history, gpus, workers
        self._interval_s, self._log = interval_s, log
        self._task: asyncio.Task[None] | None = None
        self._cpu = _busy_and_all()
        self._failed: set[str] = set()

    def start(self) -> None:
        """Sample from now on."""
        if self._task is None and self._interval_s > 0:
            self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def close(self) -> None:
        """Stop, and let another server sample."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._history.close()

    def sample(self) -> dict[Channel, float]:
        """What is used now; cores in use are those since the last call."""
        return dict(self._measures())

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(self._interval_s)
            with contextlib.suppress(asyncio.TimeoutError):
                await self._workers.run(self._keep)

    def _keep(self) -> None:
        try:
            self._history.write(self.sample())
        except (MlJupyterError, OSError) as error:
            name = type(error).__name__
            if name not in self._failed:
                self._failed.add(name)
                self._log.warning("What the machine is used for could not be kept: %s", name)

    def _measures(self) -> Iterator[tuple[Channel, float]]:
        count, (busy, every) = core_count(), _busy_and_all()
        spent, passed = busy - self._cpu[0], every - self._cpu[1]
        self._cpu = (busy, every)
        if passed > 0:
            cores = min(float(count), spent / passed * (psutil.cpu_count() or count))
            yield Channel("cpu", "CPU", "%", 100.0 * count), max(0.0, 100.0 * cores)
        total, used = memory()
        yield Channel("memory", "Memory", "bytes", float(total)), float(used)
        yield from _gpu_measures(self._gpus())


def _gpu_measures(facts: GpuFacts) -> Iterator[tuple[Channel, float]]:
    for gpu in facts.inventory.gpus:
        if gpu.problem is not None:
            continue
        number = f"{gpu.index}:{gpu.part}" if gpu.mig else str(gpu.index)
        sample = facts.samples.get(gpu.uuid)
        if sample is not None and sample.utilization is not None:
            name, label = f"gpu.{number}.utilization", f"{gpu.label} utilization"
            yield Channel(name, label, "%", 100.0, gpu.uuid), float(sample.utilization)
        name, label = f"gpu.{number}.memory", f"{gpu.label} memory"
        full = float(gpu.memory_total)
        yield Channel(name, label, "bytes", full, gpu.uuid), float(gpu.memory_used)


def _busy_and_all() -> tuple[float, float]:
    """Seconds that all cores together were busy, and all that passed on them."""
    times = psutil.cpu_times()._asdict()
    guests = times.get("guest", 0.0) + times.get("guest_nice", 0.0)  # counted in user and nice too
    every = sum(times.values()) - guests
    return every - sum(times.get(name, 0.0) for name in _IDLE), every
