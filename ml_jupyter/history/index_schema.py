"""The tables of the index, and the file that holds them."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path
from typing import Iterator

#: Raise when a table or the meaning of a column changes: older files are then made anew.
SCHEMA_VERSION = 5
_TABLES = """
CREATE TABLE runs (
  id TEXT PRIMARY KEY, number INTEGER, experiment_id TEXT, experiment TEXT, type TEXT,
  status TEXT, user TEXT, parent_id TEXT, root_id TEXT, archived INTEGER, live INTEGER,
  created INTEGER, started INTEGER, ended INTEGER,
  duration INTEGER, title TEXT, words TEXT, target TEXT, metric TEXT, best REAL
) WITHOUT ROWID;
CREATE TABLE details (id TEXT PRIMARY KEY, data TEXT, extremes TEXT) WITHOUT ROWID;
CREATE TABLE tags (run TEXT, key TEXT, value TEXT, PRIMARY KEY (run, key)) WITHOUT ROWID;
CREATE TABLE properties (run TEXT, key TEXT, value TEXT, PRIMARY KEY (run, key)) WITHOUT ROWID;
CREATE TABLE metrics (run TEXT, name TEXT, value REAL, PRIMARY KEY (run, name)) WITHOUT ROWID;
CREATE TABLE parameters (
  run TEXT, name TEXT, value TEXT, number REAL, PRIMARY KEY (run, name)
) WITHOUT ROWID;
CREATE TABLE offsets (host TEXT PRIMARY KEY, offset INTEGER);
"""
_INDEXES = """
CREATE INDEX runs_top ON runs (parent_id, created);
CREATE INDEX runs_experiment ON runs (experiment_id, parent_id, created);
CREATE INDEX runs_experiment_name ON runs (experiment, parent_id, created);
CREATE INDEX runs_status ON runs (status, created);
CREATE INDEX runs_live ON runs (live) WHERE live = 1;
CREATE INDEX runs_root ON runs (root_id);
CREATE INDEX runs_name ON runs (parent_id, title COLLATE NOCASE, created DESC);
CREATE INDEX runs_duration ON runs (parent_id, duration, created DESC);
CREATE INDEX tags_key ON tags (key, value);
CREATE INDEX properties_key ON properties (key, value);
CREATE INDEX metrics_name ON metrics (name, value);
CREATE INDEX parameters_name ON parameters (name, number, value COLLATE NOCASE);
"""
_INDEX_NAME = re.compile(r"CREATE INDEX (\w+)")


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
            _run(db, _TABLES)
            _run(db, _INDEXES)
            db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        db.execute("COMMIT")
        if version not in (0, SCHEMA_VERSION):
            raise sqlite3.DatabaseError(f"index version {version}")
    except BaseException:
        db.close()
        raise
    return db


def _run(db: sqlite3.Connection, statements: str) -> None:
    """One after the other: ``executescript`` would end the transaction."""
    for statement in statements.split(";"):
        db.execute(statement)


@contextlib.contextmanager
def filling(db: sqlite3.Connection) -> Iterator[None]:
    """While the first runs come in: the tables' indexes are sorted once, at the end."""
    for name in _INDEX_NAME.findall(_INDEXES):
        db.execute(f"DROP INDEX {name}")
    yield
    _run(db, _INDEXES)
