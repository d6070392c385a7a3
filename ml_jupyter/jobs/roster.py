"""What the dispatcher knows of the submitted runs, read from the markers and run folders again at each look."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Container, Dict, List, Optional

from ml_jupyter._files import read_json
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import status
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import markers, registry
from ml_jupyter.jobs.submit import discard


class Roster:
    """The marked runs of all registered workspaces, by what they need.

    Attributes
    ----------
    waiting : dict of str to RunFolder
        Queued on this machine.
    live : dict of str to RunFolder
        In a live state, with an owner.
    lost : list of RunFolder
        In a live state, without one.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runs: Dict[str, RunFolder] = {}
        self._mine: Dict[str, bool] = {}
        self.waiting: Dict[str, RunFolder] = {}
        self.live: Dict[str, RunFolder] = {}
        self.lost: List[RunFolder] = []

    def refresh(self, busy: Container[str]) -> None:
        """Read again.

        Parameters
        ----------
        busy : container of str
            Runs that a process of the dispatcher sees to now.
        """
        self.waiting, self.live, self.lost = {}, {}, []
        seen = set()
        for workspace in registry.known(self._settings):
            for name in markers.names(workspace.layout):
                seen.add(name)
                run = self._open(workspace, name)
                if run is not None:
                    self._sort(run, busy)
        for name in set(self._runs) - seen:
            self._runs.pop(name, None)
            self._mine.pop(name, None)

    def started(self, run_id: str) -> None:
        """A supervisor was started for a run that waited."""
        self.live[run_id] = self.waiting.pop(run_id)

    def ended(self, run_id: str) -> None:
        """The process that saw to a run is gone. One that never came to begin leaves it failed, not waiting for ever."""
        run = self._runs.get(run_id)
        if run is None:
            return
        text = "The supervisor of the job could not begin; the dispatcher's log says why."
        if run.move_if(
            (status.QUEUED,),
            status.FAILED,
            reason=text,
            error={"code": "StartFailed", "message": text},
        ):
            discard(run)

    def needs_looks(self, busy: Container[str]) -> bool:
        """Whether something here gives no sign of its end or of its turn."""
        return bool(self.waiting) or any(run_id not in busy for run_id in self.live)

    def root_of(self, run: RunFolder) -> Path:
        """Folder of the workspace that a run belongs to."""
        return markers.workspace_of(run).root

    def _open(self, workspace: WorkspaceFolder, name: str) -> Optional[RunFolder]:
        run = self._runs.get(name)
        if run is not None and run.layout.record.exists():
            return run
        run = markers.open_marked(workspace, name)
        if run is not None:
            self._runs[name] = run
        return run

    def _sort(self, run: RunFolder, busy: Container[str]) -> None:
        now = run.state().status
        if now in status.TERMINAL:
            if run.id not in busy:
                discard(run)
        elif run.id in busy:
            self.live[run.id] = run
        elif now == status.QUEUED:
            if self._may_start(run):
                self.waiting[run.id] = run
        elif run.is_owned():
            self.live[run.id] = run
        elif run.is_lost():
            self.lost.append(run)

    def _may_start(self, run: RunFolder) -> bool:
        if run.id not in self._mine:
            self._mine[run.id] = self._is_mine(run)
        return self._mine[run.id]

    def _is_mine(self, run: RunFolder) -> bool:
        try:
            launch = read_json(run.layout.launch)
        except (OSError, MlJupyterError):
            _give_up(
                run,
                status.FAILED,
                "Its private instructions (launch.json) are missing: submit it again.",
            )
            return False
        if launch.get("machine") != markers.machine():
            return False
        if _is_copy(launch, markers.workspace_of(run)):
            _give_up(
                run,
                status.CANCELED,
                "The workspace was copied while this run waited; the original one goes on.",
            )
            return False
        return True


def _give_up(run: RunFolder, new: str, reason: str) -> None:
    if run.move_if((status.QUEUED,), new, reason=reason):
        discard(run)


def _is_copy(launch: Dict[str, Any], here: WorkspaceLayout) -> bool:
    """Whether the workspace that the run was submitted to is still somewhere else."""
    there = Path(str(launch.get("workspace", here.root)))
    try:
        return (there / "workspace.json").exists() and not there.samefile(here.root)
    except OSError:
        return False
