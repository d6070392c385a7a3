"""The GPUs of the machine for all pages: asked in a thread of its own, which may wait for ever.

When a GPU falls off the bus, a question to the driver may never be answered; then the pages are
told so, and everything else goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ml_jupyter import _time
from ml_jupyter.devices import nvml, sessions
from ml_jupyter.devices.gpu import GpuSample, Inventory
from ml_jupyter.jobs import attribution
from ml_jupyter.jobs.attribution import GpuActivity, GpuProcessUse

_PATIENCE_S = 1.0
_FRESH_S = 1.0
_LATE_S = 20.0
HANGS = "The NVIDIA driver does not answer."


@dataclass(frozen=True, slots=True)
class GpuFacts:
    """What is known of the GPUs at one moment."""

    inventory: Inventory = field(default_factory=Inventory)
    samples: Mapping[str, GpuSample] = field(default_factory=dict)
    processes: list[GpuProcessUse] = field(default_factory=list)


class GpuDesk:
    """Answers with what the driver said last. Threads may share it.

    Parameters
    ----------
    runtime : Path
        Where the Jupyter servers of this user say which kernels they have.
    """

    def __init__(self, runtime: Path) -> None:
        self._runtime = runtime
        self._activity = GpuActivity()
        self._asked = threading.Semaphore(0)
        self._answered = threading.Condition()
        self._facts: GpuFacts | None = None
        self._asked_at: float | None = None
        self._at = float("-inf")
        self._thread: threading.Thread | None = None

    def read(self) -> GpuFacts:
        """The GPUs now, at most a second old; waits a second for the driver, not longer."""
        if not nvml.is_present():
            return GpuFacts(Inventory(note=nvml.NO_GPU))
        with self._answered:
            if self._facts is None or _time.monotonic() - self._at > _FRESH_S:
                self._ask()
                before = self._at
                self._answered.wait_for(lambda: self._at > before, _PATIENCE_S)
            return self._present()

    def _present(self) -> GpuFacts:
        late = self._asked_at is not None and _time.monotonic() - self._asked_at > _LATE_S
        if self._facts is None:
            return GpuFacts(Inventory(note=HANGS if late else "Looking for GPUs."))
        if late:
            return GpuFacts(Inventory(self._facts.inventory.gpus, HANGS))
        return self._facts

    def _ask(self) -> None:
        if self._asked_at is None:
            self._asked_at = _time.monotonic()
            self._asked.release()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="ml-jupyter-gpus", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            self._asked.acquire()
            facts = self._look()
            with self._answered:
                self._facts, self._at, self._asked_at = facts, _time.monotonic(), None
                self._answered.notify_all()

    def _look(self) -> GpuFacts:
        inventory = nvml.look()
        samples = nvml.sample([gpu.uuid for gpu in inventory.gpus if gpu.problem is None])
        self._activity.note(inventory, samples)
        known = sessions.known(self._runtime)
        return GpuFacts(inventory, samples, attribution.processes(inventory, known, self._activity))
