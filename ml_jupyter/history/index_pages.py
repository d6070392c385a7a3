"""Pages of runs out of the index's tables."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Dict, List, Sequence

from ml_jupyter.history.index_rows import child_counts
from ml_jupyter.history.query import Clauses, Part, RunPage, RunQuery, RunRow, conditions, order
from ml_jupyter.history.summary import Extremes


def page(db: sqlite3.Connection, query: RunQuery) -> RunPage:
    """The runs that match ``query``: the page it asks for, and how many there are in all."""
    clauses, parts = conditions(query), order(query.sort)
    if query.text and len(parts) == 1:
        return _search(db, query, clauses, parts[0])
    return RunPage(rows(db, _ids(db, query, clauses, parts)), _count(db, clauses, Part("")))


def rows(db: sqlite3.Connection, ids: List[str]) -> List[RunRow]:
    """Runs by their ids, in that order; unknown ones are left out."""
    found: Dict[str, Any] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ",".join("?" * len(part))
        for text, run_id in db.execute(f"SELECT data, id FROM details WHERE id IN ({marks})", part):
            found[run_id] = json.loads(text)
    children = child_counts(db, list(found)) if len(found) <= 2000 else {}
    return [RunRow(**found[i], children=children.get(i, {})) for i in ids if i in found]


def extremes(db: sqlite3.Connection, ids: List[str]) -> Dict[str, Dict[str, Extremes]]:
    """Run id to newest value and bounds of its metrics with numbers; unknown runs are left out."""
    found: Dict[str, Dict[str, Extremes]] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ",".join("?" * len(part))
        for run_id, text in db.execute(
            f"SELECT id, extremes FROM details WHERE id IN ({marks})", part
        ):
            found[run_id] = {name: Extremes(*item) for name, item in json.loads(text).items()}
    return found


def _count(db: sqlite3.Connection, clauses: Clauses, part: Part) -> int:
    found = db.execute(
        f"SELECT count(*) FROM {part.source} {clauses.sql}", [*part.values, *clauses.values]
    )
    return int(found.fetchone()[0])


def _search(db: sqlite3.Connection, query: RunQuery, clauses: Clauses, part: Part) -> RunPage:
    """Runs that hold some words: one walk over the table gives the page and the total."""
    found = db.execute(
        f"SELECT r.id FROM runs r NOT INDEXED WHERE {clauses.sql} ORDER BY {part.by}",
        clauses.values,
    )
    ids = [row[0] for row in found]
    wanted = ids[query.offset : query.offset + query.limit]
    return RunPage(rows(db, wanted), len(ids))


def _ids(
    db: sqlite3.Connection, query: RunQuery, clauses: Clauses, parts: Sequence[Part]
) -> List[str]:
    """The page's runs, of one part after the other until it is full."""
    ids: List[str] = []
    before = query.offset
    for part in parts:
        found = db.execute(
            f"SELECT r.id FROM {part.source} {clauses.sql} ORDER BY {part.by} LIMIT ? OFFSET ?",
            [*part.values, *clauses.values, query.limit - len(ids), before],
        ).fetchall()
        ids.extend(row[0] for row in found)
        if len(ids) >= query.limit:
            break
        if found:
            before = 0
        elif before and part is not parts[-1]:
            before -= _count(db, clauses, part)
    return ids
