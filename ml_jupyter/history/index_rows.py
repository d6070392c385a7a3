"""The tables of the index, and how a run becomes rows of them."""

from __future__ import annotations

import json
import math
import sqlite3
from pathlib import Path
from typing import Any, Dict, List, Optional

from ml_jupyter.history.events import RunState
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.status import TERMINAL
from ml_jupyter.history.summary import SPARK_POINTS, MetricSummaries

#: Raise when a table or the meaning of a column changes: older files are then made anew.
SCHEMA_VERSION = 3
_SCHEMA = """
CREATE TABLE runs (
  id TEXT PRIMARY KEY, number INTEGER, experiment_id TEXT, experiment TEXT, type TEXT,
  status TEXT, user TEXT, parent_id TEXT, root_id TEXT, archived INTEGER, live INTEGER,
  created INTEGER, started INTEGER, ended INTEGER,
  duration INTEGER, title TEXT, words TEXT, target TEXT, metric TEXT, best REAL
) WITHOUT ROWID;
CREATE TABLE details (id TEXT PRIMARY KEY, data TEXT) WITHOUT ROWID;
CREATE INDEX runs_top ON runs (parent_id, created);
CREATE INDEX runs_experiment ON runs (experiment_id, parent_id, created);
CREATE INDEX runs_experiment_name ON runs (experiment, parent_id, created);
CREATE INDEX runs_status ON runs (status, created);
CREATE INDEX runs_live ON runs (live) WHERE live = 1;
CREATE INDEX runs_root ON runs (root_id);
CREATE INDEX runs_name ON runs (parent_id, title COLLATE NOCASE, created DESC);
CREATE INDEX runs_duration ON runs (parent_id, duration, created DESC);
CREATE TABLE tags (run TEXT, key TEXT, value TEXT, PRIMARY KEY (run, key)) WITHOUT ROWID;
CREATE INDEX tags_key ON tags (key, value);
CREATE TABLE properties (run TEXT, key TEXT, value TEXT, PRIMARY KEY (run, key)) WITHOUT ROWID;
CREATE INDEX properties_key ON properties (key, value);
CREATE TABLE metrics (run TEXT, name TEXT, value REAL, PRIMARY KEY (run, name)) WITHOUT ROWID;
CREATE INDEX metrics_name ON metrics (name, value);
CREATE TABLE offsets (host TEXT PRIMARY KEY, offset INTEGER);
"""


class Indexed:
    """One run as the index follows it: its state and metric summaries, refreshed piecewise."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        self.metrics = MetricSummaries(run)

    @property
    def exists(self) -> bool:
        """Whether the run's folder is still there."""
        return self.run.layout.record.exists()

    @property
    def ended(self) -> bool:
        """Whether the run has ended."""
        return self.run.state().status in TERMINAL

    def refresh(self) -> None:
        """Read what is new."""
        self.run.state()
        self.metrics.refresh()

    def refresh_metrics(self) -> bool:
        """Read new metrics; whether there were any."""
        return self.metrics.refresh()

    def primary(self) -> Optional[Dict[str, Any]]:
        """The primary metric's summary, or None without numbers."""
        name = self.metrics.primary(self.run.state().tags.get("primary_metric"))
        if name is None:
            return None
        series = self.metrics.series[name]
        best, step = series.best(name)
        spark = series.spark[:: 2 if len(series.spark) > SPARK_POINTS else 1]
        return {
            "name": name,
            "last": series.last,
            "best": best,
            "best_step": step,
            "count": series.count,
            "spark": spark,
        }


def connect(path: Path, busy_s: float) -> sqlite3.Connection:
    """Open or make the index file.

    Raises
    ------
    sqlite3.DatabaseError
        Not a database, or one of another version.
    """
    db = sqlite3.connect(str(path), timeout=busy_s, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute("BEGIN IMMEDIATE")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        db.execute("COMMIT")
        if version not in (0, SCHEMA_VERSION):
            raise sqlite3.DatabaseError(f"index version {version}")
    except BaseException:
        db.close()
        raise
    return db


def offsets(db: sqlite3.Connection) -> Optional[Dict[str, int]]:
    """Journal offsets up to which the index is true; None when it was never filled."""
    rows = dict(db.execute("SELECT host, offset FROM offsets").fetchall())
    if not rows:
        return None
    rows.pop("", None)
    return rows


def save_offsets(db: sqlite3.Connection, new: Dict[str, int]) -> None:
    """Keep the journal offsets; a nameless row says that the index was filled."""
    rows = [("", 0), *new.items()]
    db.executemany("INSERT OR REPLACE INTO offsets VALUES (?, ?)", rows)


def write(db: sqlite3.Connection, item: Indexed) -> None:
    """Store a run's present rows."""
    state = item.run.state()
    record = state.record
    primary = item.primary()
    data = _data(state, primary)
    title = state.display_name or record.id
    words = " ".join(
        [
            record.id,
            title,
            record.experiment,
            record.user,
            state.description or "",
            *(f"{key} {value or ''}" for key, value in state.tags.items()),
        ]
    ).lower()
    db.execute(
        f"INSERT OR REPLACE INTO runs VALUES ({','.join('?' * 20)})",
        (
            record.id,
            record.number,
            record.experiment_id,
            record.experiment,
            record.type,
            state.status,
            record.user,
            record.parent_id,
            record.root_id or record.id,
            int(state.archived),
            int(state.status not in TERMINAL),
            record.created,
            state.started,
            state.ended,
            _duration(state),
            title,
            words,
            record.target,
            primary["name"] if primary else None,
            _number(primary["best"]) if primary else None,
        ),
    )
    db.execute("INSERT OR REPLACE INTO details VALUES (?, ?)", (record.id, json.dumps(data)))
    _replace(db, "tags", record.id, state.tags)
    _replace(db, "properties", record.id, state.properties)
    values = {name: _number(series.last) for name, series in item.metrics.series.items()}
    _replace(db, "metrics", record.id, values)


def remove(db: sqlite3.Connection, run_id: str) -> None:
    """Forget a run."""
    for table in ("runs", "details"):
        db.execute(f"DELETE FROM {table} WHERE id = ?", (run_id,))
    for table in ("tags", "properties", "metrics"):
        db.execute(f"DELETE FROM {table} WHERE run = ?", (run_id,))


def child_counts(db: sqlite3.Connection, ids: List[str]) -> Dict[str, Dict[str, int]]:
    """For each run with children: how many of them are in which state."""
    counts: Dict[str, Dict[str, int]] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ",".join("?" * len(part))
        rows = db.execute(
            f"SELECT parent_id, status, count(*) FROM runs "
            f"WHERE parent_id IN ({marks}) GROUP BY 1, 2",
            part,
        )
        for parent, status, count in rows:
            counts.setdefault(parent, {})[status] = count
    return counts


def _replace(db: sqlite3.Connection, table: str, run_id: str, values: Dict[str, Any]) -> None:
    key = "name" if table == "metrics" else "key"
    old = dict(db.execute(f"SELECT {key}, value FROM {table} WHERE run = ?", (run_id,)).fetchall())
    if old == values:
        return
    db.executemany(
        f"DELETE FROM {table} WHERE run = ? AND {key} = ?",
        [(run_id, k) for k in old if k not in values],
    )
    db.executemany(
        f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)",
        [(run_id, k, v) for k, v in values.items() if k not in old or old[k] != v],
    )


def _data(state: RunState, primary: Optional[Dict[str, Any]]) -> Dict[str, Any]:
    record = state.record
    return {
        "id": record.id,
        "number": record.number,
        "experiment_id": record.experiment_id,
        "experiment": record.experiment,
        "type": record.type,
        "status": state.status,
        "reason": state.reason,
        "display_name": state.display_name,
        "description": state.description,
        "parent_id": record.parent_id,
        "root_id": record.root_id or record.id,
        "target": record.target,
        "user": record.user,
        "archived": state.archived,
        "created": record.created,
        "started": state.started,
        "ended": state.ended,
        "tags": state.tags,
        "properties": state.properties,
        "primary": primary,
    }


def _duration(state: RunState) -> Optional[int]:
    return None if state.ended is None or state.started is None else state.ended - state.started


def _number(value: Any) -> Optional[float]:
    if isinstance(value, (int, float)):
        try:
            number = float(value)
        except OverflowError:
            return None
        return number if math.isfinite(number) else None
    return None
