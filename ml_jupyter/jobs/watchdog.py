"""What ends a running job before its time: a request, a limit, the end of the machine."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Optional, Sequence

from ml_jupyter import _time
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import contained, election, processes
from ml_jupyter.jobs.gang import Gang
from ml_jupyter.jobs.slots import Holder, SlotTable
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.telemetry import Sampler

REQUEST_S = 0.1
_MEMORY_S = 0.1
_UPKEEP_S = 0.5


@dataclass(frozen=True)
class Loan:
    """Slots of a running parent that a child uses; when the parent ends, the child takes them over.

    Attributes
    ----------
    slots : sequence of str
        Names of the slots.
    holder : Holder
        What is written into them then.
    """

    slots: Sequence[str]
    holder: Holder


class Watchdog:
    """Looks after one job; to be asked every ``seconds_to_next()``.

    Parameters
    ----------
    gpus : sequence of str
        UUIDs of the GPUs that the job was given: what they do is recorded.
    """

    def __init__(
        self,
        run: RunFolder,
        spec: LaunchSpec,
        settings: Settings,
        loan: Optional[Loan],
        job: Gang,
        gpus: Sequence[str] = (),
    ) -> None:
        self._run, self._spec, self._settings, self._job = run, spec, settings, job
        self._loan = loan
        self._slots = SlotTable(settings.slot_dir, settings.slot_count)
        self._taken: dict[str, int] = {}
        self._begun = self._next_request = self._next_memory = self._next_upkeep = _time.monotonic()
        self.peak = 0
        inside = None if spec.container is None else lambda: contained.processes_of(run)
        self._sampler = Sampler(run.layout, settings.telemetry_s, gpus, inside)

    def seconds_to_next(self) -> float:
        """Seconds until ``check`` has something to do."""
        return min(self._next_request - _time.monotonic(), REQUEST_S)

    def check(self) -> Optional[str]:
        """Why the job is to be stopped now (``ending.Facts.stopped``); None: it goes on."""
        now = _time.monotonic()
        if self._job.terminated:
            return "shutdown"
        if now < self._next_request:
            return None
        self._next_request = now + REQUEST_S
        self._sampler.tick()
        if now >= self._next_upkeep:
            self._next_upkeep = now + _UPKEEP_S
            with suppress(OSError, MlJupyterError):  # a full disk must not end the job
                self._keep_up()
        return self._requested() or self._limits(now)

    def finish(self) -> None:
        """The job's processes have ended."""
        self._sampler.finish()

    def _requested(self) -> Optional[str]:
        try:
            state = self._run.state().status
        except OSError:  # a share that is away for a moment
            return None
        if state == status.CANCEL_REQUESTED:
            return "cancel"
        return "failed" if state in status.TERMINAL else None

    def _limits(self, now: float) -> Optional[str]:
        limit = self._spec.max_run_duration_s
        if limit and now - self._begun >= limit:
            return "limit"
        if self._spec.memory_limit and not self._job.is_grouped and now >= self._next_memory:
            self._next_memory = now + _MEMORY_S
            self.peak = max(self.peak, processes.resident_bytes(self._job.processes()))
            if self.peak > self._spec.memory_limit:
                return "memory"
        return None

    def _keep_up(self) -> None:
        """The dispatcher lives as long as any job; slots on loan are taken over from the dead."""
        if not election.is_running(self._settings):
            processes.adopt_orphans(False)  # or the dispatcher would end with the job
            election.start(self._settings)
            processes.adopt_orphans(True)
        for index in () if self._loan is None else self._loan.slots:
            if self._loan is not None and index not in self._taken:
                fd = self._slots.take_slot(index, self._loan.holder)
                if fd is not None:
                    self._taken[index] = fd
