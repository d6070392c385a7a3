"""The index over a workspace's runs: SQLite in the user's cache folder, rebuilt when it is lost.

It is never the truth: delete the file and nothing is gone. Each process that asks brings it up to
date from the journal first, so that everybody reads what anybody wrote.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import weakref
from collections import OrderedDict
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Tuple

from ml_jupyter import _time
from ml_jupyter._files import storage_failed
from ml_jupyter.exceptions import (
    FolderCorrupt,
    FormatTooNew,
    IndexBusy,
    RunNotFound,
    StorageFailed,
)
from ml_jupyter.history import index_experiments, index_pages, index_rows, index_schema, journal
from ml_jupyter.history.index_experiments import ExperimentFacts, Names
from ml_jupyter.history.index_rows import Indexed
from ml_jupyter.history.query import RunPage, RunQuery, RunRow
from ml_jupyter.history.summary import Extremes
from ml_jupyter.history.workspace import WorkspaceFolder

_BUSY_S = 60.0
_KEPT_RUNS = 4096
#: Looking at many live runs takes at most this share of the time: 1,000 of them are looked at less
#: often than every query. Up to some dozens every query sees every new point.
_LOOKING_SHARE = 0.05
_ALWAYS_S = 0.005
#: What SQLite says when the cache folder, and not the index, is at fault: a new one is no help.
_NO_ROOM = ("full", "readonly", "unable to open", "disk I/O error")
#: Connections that were open at a fork. SQLite forbids a child to use, and so to close, them.
_inherited: List[sqlite3.Connection] = []


class Index:
    """Answers questions about the runs of one workspace. Threads may share it.

    Parameters
    ----------
    workspace : WorkspaceFolder
        What is indexed.
    cache : Path
        The user's cache folder. The file's name comes from the workspace's id and place, so that
        two copies of a workspace have an index each.
    """

    def __init__(self, workspace: WorkspaceFolder, cache: Path) -> None:
        self._workspace = workspace
        place = f"{workspace.id}\n{os.path.realpath(str(workspace.layout.root))}"
        self.path = (
            cache / "index" / f"{blake2b(place.encode(), digest_size=12).hexdigest()}.sqlite"
        )
        self._lock = threading.RLock()
        self._db: Optional[sqlite3.Connection] = None
        self._pid = 0
        self._at_end: Optional[weakref.finalize[Any, Any]] = None
        self._kept: OrderedDict[str, Indexed] = OrderedDict()
        self._look_again = 0.0

    def query(self, query: RunQuery) -> RunPage:
        """The runs that match, brought up to date first.

        Raises
        ------
        IndexBusy
            Another process has been writing for a minute.
        """
        with self._lock:
            self.refresh()
            return index_pages.page(self._connection(), query)

    def get(self, run_id: str) -> Optional[RunRow]:
        """One run, or None."""
        with self._lock:
            self.refresh()
            rows = index_pages.rows(self._connection(), [run_id])
            return rows[0] if rows else None

    def get_many(self, run_ids: List[str]) -> List[RunRow]:
        """Runs by their ids, in that order; unknown ones are left out."""
        with self._lock:
            self.refresh()
            return index_pages.rows(self._connection(), run_ids)

    def descendants(self, run_id: str) -> List[str]:
        """Ids of all runs below a run, newest first."""
        with self._lock:
            self.refresh()
            found = self._connection().execute(
                "WITH RECURSIVE below(id) AS (SELECT id FROM runs WHERE parent_id = ? UNION "
                "SELECT r.id FROM runs r JOIN below b ON r.parent_id = b.id) "
                "SELECT r.id FROM runs r JOIN below USING (id) ORDER BY r.created DESC",
                (run_id,),
            )
            return [row[0] for row in found]

    def experiment_counts(self) -> Dict[str, Tuple[int, int]]:
        """Experiment id to (runs, runs which have not ended); top-level runs only."""
        with self._lock:
            self.refresh()
            found = self._connection().execute(
                "SELECT experiment_id, count(*), sum(live) FROM runs "
                "WHERE parent_id IS NULL GROUP BY experiment_id"
            )
            return {row[0]: (row[1], int(row[2] or 0)) for row in found}

    def experiment_facts(self) -> Dict[str, ExperimentFacts]:
        """Experiment id to what is known of its top-level runs; without runs it is left out."""
        with self._lock:
            self.refresh()
            return index_experiments.facts(self._connection())

    def extremes(self, ids: List[str]) -> Dict[str, Dict[str, Extremes]]:
        """Run id to newest value and bounds of its metrics with numbers; true of ended runs."""
        with self._lock:
            self.refresh()
            return index_pages.extremes(self._connection(), ids)

    def newest_values(self, ids: List[str], names: List[str]) -> Dict[str, Dict[str, float]]:
        """Run id to the newest values of these metrics, as far as they are finite numbers."""
        with self._lock:
            self.refresh()
            return index_experiments.newest_values(self._connection(), ids, names)

    def parameters_of(
        self, ids: List[str], names: Optional[List[str]] = None
    ) -> Dict[str, Dict[str, str]]:
        """Run id to the parameters of these names, or to all, as far as it has them."""
        with self._lock:
            self.refresh()
            return index_experiments.parameters_of(self._connection(), ids, names)

    def metric_names_of(self, ids: List[str]) -> List[str]:
        """Names of the metrics of these runs that hold numbers; commonest first."""
        with self._lock:
            self.refresh()
            return index_experiments.metric_names_of(self._connection(), ids)

    def names_in(self, experiment_id: str) -> Names:
        """What a table of an experiment's runs can show."""
        with self._lock:
            self.refresh()
            return index_experiments.names_in(self._connection(), experiment_id)

    def live_ids(self) -> List[str]:
        """Ids of the runs that have not ended."""
        with self._lock:
            self.refresh()
            return [
                row[0] for row in self._connection().execute("SELECT id FROM runs WHERE live = 1")
            ]

    def refresh(self) -> None:
        """Take in what the journal says has changed, and the new metrics of live runs.

        Raises
        ------
        IndexBusy
            Another process has been writing for a minute.
        StorageFailed
            The cache folder is full or cannot be written.
        """
        with self._lock:
            try:
                self._refresh(self._connection())
            except sqlite3.OperationalError as error:
                if "locked" in str(error) or "busy" in str(error):
                    raise IndexBusy(
                        f"The index {self.path.name} is in use by another process."
                    ) from error
                if self.path.exists() and any(word in str(error) for word in _NO_ROOM):
                    raise self._refused(error) from error
                self._rebuild()
            except sqlite3.DatabaseError:
                self._rebuild()

    def rebuild(self) -> None:
        """Forget everything and read all runs again."""
        with self._lock:
            self._rebuild()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._at_end is not None:
                self._at_end()
            self._db = self._at_end = None
            self._kept.clear()

    # -- inside

    def _connection(self) -> sqlite3.Connection:
        if self._db is None or self._pid != os.getpid():
            self.close()
            self._db, self._pid = self._open(), os.getpid()
            self._at_end = weakref.finalize(self, _let_go, self._db, self._pid)
        return self._db

    def _refused(self, error: sqlite3.Error) -> StorageFailed:
        return StorageFailed(
            f"Cannot write the index {self.path}: {error}.",
            hint="No run is harmed. Free space, or set ML_JUPYTER_CACHE to another folder.",
            details={"path": str(self.path)},
        )

    def _open(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_failed(error, self.path.parent) from error
        try:
            return index_schema.connect(self.path, _BUSY_S)
        except sqlite3.OperationalError:  # busy or no room: the file may be good
            raise
        except sqlite3.DatabaseError:
            self._remove_file()
            return index_schema.connect(self.path, _BUSY_S)

    def _remove_file(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{self.path}{suffix}")

    def _rebuild(self) -> None:
        self.close()
        self._remove_file()
        try:
            self._refresh(self._connection())
        except sqlite3.Error as error:
            raise self._refused(error) from error

    def _refresh(self, db: sqlite3.Connection) -> None:
        folder = self._workspace.layout.journal
        offsets = index_rows.offsets(db)
        changed, new = journal.read_changes(folder, offsets or {})
        first = offsets is None
        live = self._changed_live(db, changed)
        if not first and not changed and not live and new == offsets:
            return
        db.execute("BEGIN IMMEDIATE")
        try:
            offsets = index_rows.offsets(db)
            changed, new = journal.read_changes(folder, offsets or {})
            if offsets is None:
                self._fill(db)
            for experiment, run_id in () if offsets is None else changed:
                self._take_in(db, experiment, run_id)
            for item in live:
                if item.exists:
                    index_rows.write(db, item)
            index_rows.save_offsets(db, new)
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:  # SQLite itself rolls back where there is no room
                db.execute("ROLLBACK")
            raise

    def _fill(self, db: sqlite3.Connection) -> None:
        """Take in all runs, in the order in which their table keeps them: that is cheapest."""
        with index_schema.filling(db):
            for experiment, run_id in sorted(self._workspace.run_folders(), key=itemgetter(1)):
                self._take_in(db, experiment, run_id)

    def _changed_live(
        self, db: sqlite3.Connection, changed: Iterable[Tuple[str, str]]
    ) -> List[Indexed]:
        """Live runs, known already, whose metrics grew."""
        begun = _time.monotonic()
        if begun < self._look_again:
            return []
        noted = {run for _, run in changed}
        grown: List[Indexed] = []
        for experiment, run_id in db.execute(
            "SELECT experiment_id, id FROM runs WHERE live = 1"
        ).fetchall():
            if run_id not in noted:
                item = self._keep(experiment, run_id)
                if item is not None and item.refresh_metrics():
                    grown.append(item)
        took = _time.monotonic() - begun
        self._look_again = begun + took / _LOOKING_SHARE if took > _ALWAYS_S else 0.0
        return grown

    def _take_in(self, db: sqlite3.Connection, experiment: str, run_id: str) -> None:
        item = self._keep(experiment, run_id)
        if item is None:
            index_rows.remove(db, run_id)
            return
        try:
            item.refresh()
        except OSError:  # it is being deleted, or its files cannot be read now
            return
        index_rows.write(db, item)
        if item.ended:
            self._kept.pop(run_id, None)

    def _keep(self, experiment: str, run_id: str) -> Optional[Indexed]:
        item = self._kept.get(run_id)
        if item is None:
            try:
                item = Indexed(self._workspace.run(run_id, experiment))
            except (RunNotFound, FolderCorrupt, FormatTooNew, OSError):
                return None
            self._kept[run_id] = item
            while len(self._kept) > _KEPT_RUNS:
                self._kept.popitem(last=False)
        elif not item.exists:
            del self._kept[run_id]
            return None
        return item


def _let_go(db: sqlite3.Connection, pid: int) -> None:
    """Close a connection in the process that opened it; a forked child only keeps it unused."""
    if pid == os.getpid():
        db.close()
    else:
        _inherited.append(db)
