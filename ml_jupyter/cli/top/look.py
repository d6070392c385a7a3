"""What ``mlj top`` shows, as plain facts: one look at the machine and the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import psutil

from ml_jupyter import _time
from ml_jupyter.config import Settings
from ml_jupyter.devices import machine, nvml
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import status
from ml_jupyter.history.query import RunQuery, RunRow
from ml_jupyter.history.system_use import SystemUse
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import queue_view
from ml_jupyter.jobs.queue_standing import GpuUse, Standing
from ml_jupyter.jobs.settle import settle_if_lost
from ml_jupyter.sdk import session

_LIVE = tuple(item for item in status.LEGAL if item not in status.TERMINAL)
_MOST = 500
_ENDED = 20


@dataclass(frozen=True)
class Line:
    """A run: ``cpu`` in percent of one core, ``memory`` in bytes, ``seconds`` since its start."""

    id: str
    name: str
    experiment: str
    status: str
    seconds: float | None = None
    cpu: float | None = None
    memory: float | None = None
    gpus: str = ""
    said: str = ""
    position: int = 0


@dataclass(frozen=True)
class GpuLine:
    """A GPU: how busy it is in percent, bytes in use and in all, and who has it."""

    label: str
    name: str
    busy: float | None
    used: int
    total: int
    celsius: float | None
    who: str


@dataclass(frozen=True)
class Look:
    """All of it at one moment."""

    workspace: str
    time: int
    cpu: float
    memory_used: int
    memory_total: int
    slots: int
    slots_free: int
    gpus: tuple[GpuLine, ...] = ()
    runs: tuple[Line, ...] = field(default=())


class Looker:
    """Looks again and again; reads only what is new.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Whose runs are shown. The machine is shown as a whole.
    settings : Settings
        Slots and GPUs.
    """

    def __init__(self, workspace: WorkspaceFolder, settings: Settings) -> None:
        self._workspace = workspace
        self._settings = settings
        self._index = session.index_of(workspace, settings)
        self._use: dict[str, SystemUse] = {}
        psutil.cpu_percent(None)

    def look(self) -> Look:
        """How things stand now."""
        standing = queue_view.standing(self._settings)
        memory = psutil.virtual_memory()
        total = machine.memory_total() or memory.total
        return Look(
            self._workspace.record.name, _time.now_ns(), psutil.cpu_percent(None),
            min(memory.used, total), total,
            len(standing.cpus), sum(1 for holder in standing.cpus if holder is None),
            tuple(self._gpus(standing)), tuple(self._runs(standing)),
        )  # fmt: skip

    def _gpus(self, standing: Standing) -> Iterator[GpuLine]:
        samples = nvml.sample([gpu.uuid for gpu in standing.have.gpus])
        for gpu, use in zip(standing.have.gpus, standing.gpus):
            sample = samples.get(gpu.uuid)
            yield GpuLine(
                gpu.label, gpu.name, None if sample is None else sample.utilization,
                gpu.memory_used, gpu.memory_total,
                None if sample is None else sample.temperature, _who(use),
            )  # fmt: skip

    def _runs(self, standing: Standing) -> Iterator[Line]:
        waiting = {item.run_id: item for item in self._queue()}
        gpus = _gpus_of_runs(standing)
        live = self._rows(_LIVE, _MOST)
        self._use = {row.id: self._use.get(row.id) or self._of(row) for row in live}
        order = sorted(live, key=lambda row: (_place(row, waiting), row.started or row.created))
        for row in order:
            entry = waiting.get(row.id)
            said = (entry.reason or "") if entry is not None else _metric(row)
            place = entry.position if entry is not None else 0
            yield self._line(row, gpus.get(row.id, ""), said or row.reason or "", place)
        for row in self._rows(tuple(status.TERMINAL), _ENDED):
            yield self._line(row, "", row.reason or _metric(row))

    def _queue(self) -> list[queue_view.QueueEntry]:
        return queue_view.queue_entries(self._workspace, self._settings)

    def _rows(self, states: tuple[str, ...], limit: int) -> list[RunRow]:
        query = RunQuery(status=states, top_level=False, limit=limit, sort="-created")
        rows = self._index.query(query).rows
        if states is _LIVE:
            return [row for row in rows if not self._was_lost(row)]
        return rows

    def _was_lost(self, row: RunRow) -> bool:
        """Whether it had lost its process, and is ended now."""
        try:
            return settle_if_lost(self._workspace.run(row.id, row.experiment_id), self._settings)
        except MlJupyterError:  # deleted while we looked
            return True

    def _of(self, row: RunRow) -> SystemUse:
        return SystemUse(self._workspace.run(row.id, row.experiment_id).layout)

    def _line(self, row: RunRow, gpus: str, said: str, position: int = 0) -> Line:
        use = self._use.get(row.id)
        live = use is not None and row.status in status.OWNED
        channels = use.refresh(row.started).channels if use is not None and live else {}
        until = row.ended or _time.now_ns()
        return Line(
            row.id, row.display_name or row.id, row.experiment, row.status,
            None if row.started is None else max(0.0, (until - row.started) / 1e9),
            channels["cpu"].last if "cpu" in channels else None,
            channels["memory"].last if "memory" in channels else None,
            gpus, said, position,
        )  # fmt: skip


def _place(row: RunRow, waiting: dict[str, queue_view.QueueEntry]) -> int:
    return waiting[row.id].position if row.id in waiting else 0


def _metric(row: RunRow) -> str:
    """The run's main metric, as ``loss 0.31``."""
    facts = row.primary or {}
    value = facts.get("last")
    if not isinstance(value, (int, float)) or not facts.get("name"):
        return ""
    return f"{facts['name']} {value:.4g}"


def _gpus_of_runs(standing: Standing) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for use in standing.gpus:
        for holder in use.holders:
            number = use.room.label.removeprefix("GPU ")
            found.setdefault(holder.run_id.rpartition(":")[2], []).append(number)
    return {run_id: ",".join(labels) for run_id, labels in found.items()}


def _who(use: GpuUse) -> str:
    if use.room.problem:
        return use.room.problem
    runs = [holder.run_id.rpartition(":")[2] for holder in use.holders]
    others = [item.owner.phrase if item.owner else "a process not seen" for item in use.foreign]
    return ", ".join([*runs, *others])
