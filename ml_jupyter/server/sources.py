"""What pages can follow: lists, runs, charts, use, the queue and the machine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ml_jupyter.history import system_log
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.status import TERMINAL
from ml_jupyter.server import views
from ml_jupyter.server.services import Services

#: Seconds between two looks at what will hardly change any more.
_CALM_S = 5.0
_WHOLE = "whole"


@dataclass
class _Source:
    services: Services

    @property
    def least_s(self) -> float:
        return 1.0 / self.services.limits.feeds_hz

    @property
    def poll_s(self) -> float:
        return self.services.limits.poll_s

    def paths(self) -> list[Path]:
        return []


class _Whole(_Source, ABC):
    """A source whose answer is always sent as a whole."""

    @abstractmethod
    def members(self) -> dict[str, Any]:
        """The message, without the page's number."""

    def read(self) -> dict[str, Any]:
        return {_WHOLE: self.members()}

    def frame(self, parts: Iterable[str]) -> str:
        return "".join(parts)[1:-1]


@dataclass
class RunsSource(_Whole):
    """Runs that match a query."""

    workspace_id: str
    query: RunQuery
    can_write: bool

    def members(self) -> dict[str, Any]:
        """The first page, as the REST interface gives it."""
        workspace = self.services.workspaces.get(self.workspace_id)
        return {"type": "runs", **views.runs(workspace, self.query, self.can_write)}

    def paths(self) -> list[Path]:
        """The journal tells of each change."""
        return self.services.workspaces.get(self.workspace_id).journal_files


@dataclass
class RunSource(_Whole):
    """One run."""

    workspace_id: str
    run_id: str
    can_write: bool
    _last: dict[str, Any] = field(default_factory=dict, init=False)

    @property
    def poll_s(self) -> float:
        """An ended run is looked at less often."""
        calm = self._last.get("status") in TERMINAL
        return _CALM_S if calm else self.services.limits.poll_s

    def members(self) -> dict[str, Any]:
        """The detail; the one before when nothing but the passing of time has changed it."""
        workspace = self.services.workspaces.get(self.workspace_id)
        detail = views.run(workspace, workspace.run(self.run_id), self.can_write)
        if self._last != {**detail, "duration_ms": self._last.get("duration_ms")}:
            self._last = detail
        return {"type": "run", "run": self._last}

    def paths(self) -> list[Path]:
        """What a run writes when something of it changes."""
        layout = self.services.workspaces.get(self.workspace_id).run(self.run_id).layout
        return [layout.events, layout.metric_names]


@dataclass
class MetricsSource(_Source):
    """Series of one run, each a part, so that only those which grew are sent."""

    workspace_id: str
    run_id: str
    names: tuple[str, ...] | None
    points: int

    @property
    def least_s(self) -> float:
        """Charts need not be quicker."""
        return self.services.limits.metrics_s

    @property
    def poll_s(self) -> float:
        """Points are announced nowhere: their files are looked at."""
        return self.services.limits.metrics_s

    def read(self) -> dict[str, Any]:
        """The series by name."""
        workspace = self.services.workspaces.get(self.workspace_id)
        names = None if self.names is None else list(self.names)
        found = views.metrics(workspace, workspace.run(self.run_id), names, self.points)
        return {item["name"]: item for item in found}

    def frame(self, parts: Iterable[str]) -> str:
        """The message's members."""
        return f'"type":"metrics","series":[{",".join(parts)}]'


@dataclass
class SystemSource(_Whole):
    """What one run uses."""

    workspace_id: str
    run_id: str
    names: tuple[str, ...] | None
    points: int
    _sizes: dict[str, int] = field(default_factory=dict, init=False)
    _last: dict[str, Any] | None = field(default=None, init=False)

    @property
    def least_s(self) -> float:
        """Samples come every few seconds."""
        return self.services.limits.machine_s

    @property
    def poll_s(self) -> float:
        """They are announced nowhere: their files are looked at."""
        return self.services.limits.machine_s

    def members(self) -> dict[str, Any]:
        """The series, as the REST interface gives them; read again when a file has grown."""
        workspace = self.services.workspaces.get(self.workspace_id)
        run = workspace.run(self.run_id)
        sizes = system_log.sizes(run.layout)
        if self._last is None or sizes != self._sizes:
            names = None if self.names is None else list(self.names)
            self._last = {"type": "system", **views.system(workspace, run, names, self.points)}
            self._sizes = sizes
        return self._last


@dataclass
class TrialsSource(_Source):
    """A sweep and its trials, each a part, so that only those which changed are sent."""

    workspace_id: str
    run_id: str
    _told: set[str] = field(default_factory=set, init=False)

    @property
    def least_s(self) -> float:
        """As charts."""
        return self.services.limits.metrics_s

    @property
    def poll_s(self) -> float:
        """Values of the metric are announced nowhere; of an ended sweep there are none."""
        return _CALM_S if self._ended() else self.services.limits.metrics_s

    def read(self) -> dict[str, Any]:
        """The sweep, and the trials by their ids; which of them were deleted since."""
        workspace = self.services.workspaces.get(self.workspace_id)
        found = views.trials(workspace, workspace.run(self.run_id))
        trials = {row["run_id"]: {"trial": row} for row in found["trials"]}
        self._told.update(trials)
        gone = {run_id: {"gone": run_id} for run_id in self._told - trials.keys()}
        return {"": {"sweep": found["sweep"]}, **trials, **gone}

    def frame(self, parts: Iterable[str]) -> str:
        """The message's members."""
        return f'"type":"trials","parts":[{",".join(parts)}]'

    def paths(self) -> list[Path]:
        """The journal tells of each change of a run."""
        return self.services.workspaces.get(self.workspace_id).journal_files

    def _ended(self) -> bool:
        run = self.services.workspaces.get(self.workspace_id).run(self.run_id)
        return run.state().status in TERMINAL


@dataclass
class QueueSource(_Whole):
    """What waits in a workspace."""

    workspace_id: str

    @property
    def least_s(self) -> float:
        """Every two seconds is enough."""
        return self.services.limits.machine_s

    @property
    def poll_s(self) -> float:
        """Slots are taken and freed without a word."""
        return self.services.limits.machine_s

    def members(self) -> dict[str, Any]:
        """The queue, as the REST interface gives it."""
        workspace = self.services.workspaces.get(self.workspace_id)
        use = self.services.machine.resources()
        return {"type": "queue", **views.queue(workspace, self.services.settings, use)}


@dataclass
class MachineSource(_Whole):
    """Cores and memory."""

    @property
    def least_s(self) -> float:
        """Every two seconds is enough."""
        return self.services.limits.machine_s

    @property
    def poll_s(self) -> float:
        """Measured, not told."""
        return self.services.limits.machine_s

    def members(self) -> dict[str, Any]:
        """The machine, as the REST interface gives it."""
        return {"type": "machine", **self.services.machine.read()}
