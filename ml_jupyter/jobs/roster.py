"""What the dispatcher knows of the submitted runs, read again at each look."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, Container, Dict, List, Optional, Set

from ml_jupyter import _time
from ml_jupyter._files import read_json
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError, WorkspaceException
from ml_jupyter.history import status, stream
from ml_jupyter.history.journal import read_changes
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import markers, registry
from ml_jupyter.jobs.settle import may_judge
from ml_jupyter.jobs.submit import discard

#: Seconds between readings of everything: what was removed by hand is in no journal.
_READ_ALL_S = 5.0


class Roster:
    """The marked runs of all registered workspaces, by what they need.

    Attributes
    ----------
    waiting : dict of str to RunFolder
        Queued on this machine, by ``key_of``.
    live : dict of str to RunFolder
        In a live state, with an owner.
    preparing : dict of str to RunFolder
        Their environment is being made; they hold nothing.
    lost : dict of str to RunFolder
        In a live state, without one.
    touched : set of str
        Runs that were read at the last refresh; the others are as they were.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runs: Dict[str, RunFolder] = {}
        self._mine: Dict[str, bool] = {}
        self._workspaces: Dict[Path, WorkspaceFolder] = {}
        self._offsets: Dict[Path, Dict[str, int]] = {}
        self._read_all = float("-inf")
        self.touched: Set[str] = set()
        self.waiting: Dict[str, RunFolder] = {}
        self.live: Dict[str, RunFolder] = {}
        self.preparing: Dict[str, RunFolder] = {}
        self.lost: Dict[str, RunFolder] = {}
        self._moves: Dict[str, int] = {}  # states that a run had had when it was started

    def refresh(self, busy: Container[str], builds: Container[str] = ()) -> None:
        """Read what has changed, and from time to time everything.

        Parameters
        ----------
        busy : container of str
            Runs that a process of the dispatcher sees to now.
        builds : container of str
            Those of them whose environment it makes.
        """
        before = self.waiting
        self.waiting, self.live, self.preparing, self.lost = {}, {}, {}, {}
        now = _time.monotonic()
        thorough = now - self._read_all >= _READ_ALL_S
        if thorough:
            self._read_all = now
        seen = set()
        self.touched = set()
        for workspace in self._workspaces_now():
            scope = scope_of(workspace.layout)
            changed = self._changes(workspace, thorough)
            for name in markers.names(workspace.layout):
                key = scope + name
                seen.add(key)
                if key in before and not thorough and name not in changed and key not in busy:
                    self.waiting[key] = before[key]
                    continue
                self.touched.add(key)
                run = self._open(workspace, key, name)
                if run is not None:
                    self._sort(key, run, busy, builds)
        for key in set(self._runs) - seen:
            self._runs.pop(key, None)
            self._mine.pop(key, None)

    def started(self, key: str) -> None:
        """A supervisor was started for a run that waited."""
        self.live[key] = run = self.waiting.pop(key)
        self._moves[key] = len(run.state().history)

    def prepares(self, key: str) -> None:
        """A process makes the environment of a run that waited."""
        self.preparing[key] = self.waiting.pop(key)

    def ended(self, key: str) -> None:
        """The supervisor of a run is gone; if it never began, the run has failed."""
        run = self._runs.get(key)
        before = self._moves.pop(key, None)
        if run is None or (before is not None and len(run.state().history) != before):
            return  # it has begun; when it waits again, somebody else saw to its end
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
        if self.waiting or self.lost:
            return True
        return any(key not in busy for key in (*self.live, *self.preparing))

    def _workspaces_now(self) -> List[WorkspaceFolder]:
        found = []
        for path in registry.paths(self._settings):
            workspace = self._workspaces.get(path)
            if workspace is None or not workspace.layout.record.exists():
                self._workspaces.pop(path, None)
                with suppress(WorkspaceException):
                    workspace = self._workspaces[path] = WorkspaceFolder(path)
            if path in self._workspaces:
                found.append(self._workspaces[path])
        return found

    def _changes(self, workspace: WorkspaceFolder, thorough: bool) -> Set[str]:
        """Ids of the runs that the journal has named since the last time."""
        folder = workspace.layout.journal
        known = self._offsets.get(folder)
        if known is None or thorough:  # all runs are read now, whatever the journal says
            self._offsets[folder] = {path.name: stream.size(path) for path in _files(folder)}
            return set()
        changed, self._offsets[folder] = read_changes(folder, known)
        return {run for _, run in changed}

    def _open(self, workspace: WorkspaceFolder, key: str, name: str) -> Optional[RunFolder]:
        run = self._runs.get(key)
        if run is not None and run.layout.record.exists():
            return run
        run = markers.open_marked(workspace, name)
        if run is not None:
            self._runs[key] = run
        return run

    def _sort(self, key: str, run: RunFolder, busy: Container[str], builds: Container[str]) -> None:
        now = run.state().status
        if now in status.TERMINAL:
            if key not in busy:
                discard(run)
        elif key in builds or (key not in busy and _is_prepared(run, now)):
            self.preparing[key] = run
        elif key in busy:
            self.live[key] = run
        elif now == status.QUEUED:
            if self._may_start(key, run):
                self.waiting[key] = run
        elif run.is_owned():
            self.live[key] = run
        elif run.is_lost() and may_judge(run):
            self.lost[key] = run

    def _may_start(self, key: str, run: RunFolder) -> bool:
        if key not in self._mine:
            self._mine[key] = self._is_mine(run)
        return self._mine[key]

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


def scope_of(workspace: WorkspaceLayout) -> str:
    """Put before a run's id: the same run in a copy of the workspace is another one."""
    root = os.fsencode(str(workspace.root))  # as a digest: names of slot holders are public
    return blake2b(root, digest_size=6).hexdigest() + ":"


def key_of(run: RunFolder) -> str:
    """Name of a run among all that the dispatcher knows."""
    return scope_of(markers.workspace_of(run)) + run.id


def _is_prepared(run: RunFolder, now: str) -> bool:
    """Whether a process of another dispatcher makes its environment."""
    launch = run.record.definition.get("launch")
    if now != status.PREPARING or not isinstance(launch, dict) or not launch.get("build"):
        return False
    # A supervisor takes launch.json away first of all.
    return run.layout.launch.exists() and run.is_owned()


def _files(folder: Path) -> List[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


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
