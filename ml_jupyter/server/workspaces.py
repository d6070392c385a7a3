"""The workspaces that the user has made or opened, each with its index."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from pathlib import Path

from ml_jupyter import _time
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import RunNotFound, WorkspaceNotFound
from ml_jupyter.history.index import Index
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import registry
from ml_jupyter.sdk import session
from ml_jupyter.server import beside
from ml_jupyter.server.charts import SeriesCache
from ml_jupyter.server.many_curves import ManyCurves
from ml_jupyter.server.summaries import Summaries
from ml_jupyter.server.trials import Sweeps

_LOOK_AGAIN_S = 2.0
_KEPT_RUNS = 512


class OpenWorkspace:
    """A workspace with its index and the runs that were asked for lately. Threads may share it."""

    def __init__(self, folder: WorkspaceFolder, settings: Settings, *, is_default: bool) -> None:
        self.folder = folder
        self.settings = settings
        self.index = Index(folder, settings.cache)
        self.is_default = is_default
        self.is_viewed = False
        self.summaries = Summaries()
        self.charts = SeriesCache()
        self.curves = ManyCurves()
        self.sweeps = Sweeps(self)
        self._runs: OrderedDict[str, RunFolder] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        """Id of the workspace."""
        return self.folder.id

    @property
    def journal_files(self) -> list[Path]:
        """Files that grow when a run of the workspace changes; the folder of them comes first."""
        folder = self.folder.layout.journal
        return [folder, *sorted(folder.glob("*"))]

    def run(self, run_id: str) -> RunFolder:
        """The run of this id.

        Raises
        ------
        RunNotFound
            There is none, or it was deleted.
        """
        with self._lock:
            kept = self._runs.get(run_id)
            if kept is not None:
                self._runs.move_to_end(run_id)
        if kept is None or not kept.layout.record.exists():
            kept = self._open(run_id)
        return kept

    def _open(self, run_id: str) -> RunFolder:
        with self._lock:
            self._runs.pop(run_id, None)
        try:
            run = self.folder.run(run_id)
        except RunNotFound as error:
            name = self.folder.record.name
            raise RunNotFound(f"There is no run {run_id!r} in workspace {name!r}.") from error
        with self._lock:
            self._runs[run_id] = run
            while len(self._runs) > _KEPT_RUNS:
                self._runs.popitem(last=False)
        return run


class Workspaces:
    """All workspaces that this user may see. Threads may share it.

    Parameters
    ----------
    settings : Settings
        Names the registry, the default workspace and the cache.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: dict[Path, OpenWorkspace] = {}
        self._looked = float("-inf")
        self._lock = threading.Lock()

    def all(self, *, fresh: bool = False) -> list[OpenWorkspace]:
        """The default one first, then the one changed last; each id once.

        Parameters
        ----------
        fresh : bool
            Look for new ones even if that was done a moment ago.
        """
        with self._lock:
            if fresh:
                self._looked = float("-inf")
            self._look()
            found = sorted(self._open.values(), key=_order)
        seen: dict[str, OpenWorkspace] = {}
        for item in found:
            seen.setdefault(item.id, item)
        return list(seen.values())

    def get(self, workspace_id: str) -> OpenWorkspace:
        """The workspace of this id.

        Raises
        ------
        WorkspaceNotFound
            This user has opened none with this id.
        """
        with self._lock:
            for look_again in (False, True):
                if look_again:
                    self._looked = float("-inf")
                self._look()
                same = [item for item in self._open.values() if item.id == workspace_id]
                if same:
                    return same[0] if len(same) == 1 else min(same, key=_order)
        raise WorkspaceNotFound(f"There is no workspace {workspace_id!r}.")

    def find_beside(self, root_dir: Path, folder: str, workspace_id: str) -> OpenWorkspace:
        """The workspace of this id; where the user has opened none, one near a notebook's folder.

        The user sees it from then on. See ``beside.find`` for the parameters and errors.
        """
        try:
            return self.get(workspace_id)
        except WorkspaceNotFound:
            found = beside.find(root_dir, folder, workspace_id)
        registry.register_viewed(self._settings, found)
        return self.get(workspace_id)

    def close(self) -> None:
        """Close the indexes."""
        with self._lock:
            for item in self._open.values():
                item.index.close()
            self._open.clear()

    def _look(self) -> None:
        if _time.monotonic() - self._looked < _LOOK_AGAIN_S:
            return
        self._looked = _time.monotonic()
        default = Path(os.path.abspath(session.named_root(self._settings, session.DEFAULT_NAME)))
        known = {folder.layout.root: folder for folder in session.known_workspaces(self._settings)}
        viewed = {folder.layout.root: folder for folder in registry.viewed(self._settings)}
        there = {**viewed, **known}
        for root in set(self._open) - set(there):
            self._open.pop(root).index.close()
        for root, folder in there.items():
            kept = self._open.get(root)
            if kept is None or kept.id != folder.id:
                kept = OpenWorkspace(folder, self._settings, is_default=root == default)
                self._open[root] = kept
            kept.is_viewed = root not in known


def _order(item: OpenWorkspace) -> tuple[bool, bool, float, str]:
    """Of two copies of a workspace the one that the user works with comes before a viewed one."""
    newest = max((_modified(path) for path in item.journal_files), default=0.0)
    return (not item.is_default, item.is_viewed, -newest, item.id)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
