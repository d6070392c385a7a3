"""How a run becomes rows of the index's tables."""

from __future__ import annotations

import json
import math
import sqlite3
from typing import Any, Dict, Iterable, List, Optional, Tuple

from ml_jupyter.history.events import RunState
from ml_jupyter.history.parameters import number_of, parameters_of
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.status import TERMINAL
from ml_jupyter.history.summary import SPARK_POINTS, MetricSummaries

#: What runs have several of, and the columns that hold it beside ``run``; the first names it.
_MANY = {
    "tags": ("key", "value"),
    "properties": ("key", "value"),
    "metrics": ("name", "value"),
    "parameters": ("name", "value", "number"),
}


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
    known = db.execute("SELECT 1 FROM runs WHERE id = ?", (record.id,)).fetchone() is not None
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
    db.execute(
        "INSERT OR REPLACE INTO details VALUES (?, ?, ?)",
        (record.id, json.dumps(data), json.dumps(item.metrics.extremes())),
    )
    values = {name: _number(series.last) for name, series in item.metrics.series.items()}
    given = {name: _storable(text) for name, text in parameters_of(state).items()}
    several: Dict[str, Iterable[Tuple[Any, ...]]] = {
        "tags": state.tags.items(),
        "properties": state.properties.items(),
        "metrics": values.items(),
        "parameters": [(_storable(name), text, number_of(text)) for name, text in given.items()],
    }
    for table, rows in several.items():
        _replace(db, table, record.id, {row[0]: row for row in rows}, known)


def remove(db: sqlite3.Connection, run_id: str) -> None:
    """Forget a run."""
    for table in ("runs", "details"):
        db.execute(f"DELETE FROM {table} WHERE id = ?", (run_id,))
    for table in _MANY:
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


def _replace(
    db: sqlite3.Connection, table: str, run_id: str, new: Dict[str, Tuple[Any, ...]], known: bool
) -> None:
    """Make these the rows of a run by name; of one that is known only what differs is written."""
    columns = _MANY[table]
    listed = ", ".join(columns)
    old: Dict[str, Tuple[Any, ...]] = {}
    if known:
        found = db.execute(f"SELECT {listed} FROM {table} WHERE run = ?", (run_id,))
        old = {row[0]: row for row in found.fetchall()}
    gone = [(run_id, name) for name in old if name not in new]
    if gone:
        db.executemany(f"DELETE FROM {table} WHERE run = ? AND {columns[0]} = ?", gone)
    changed = [(run_id, *row) for name, row in new.items() if old.get(name) != row]
    if changed:
        marks = ", ".join("?" * (len(columns) + 1))
        db.executemany(f"INSERT OR REPLACE INTO {table} (run, {listed}) VALUES ({marks})", changed)


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


def _storable(text: str) -> str:
    """The text as UTF-8 has it: an argument may hold bytes that are none."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
