"""Pages of runs out of the index's tables."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Dict, List

from ml_jupyter.history.index_rows import child_counts
from ml_jupyter.history.query import Clauses, Order, RunPage, RunQuery, RunRow, conditions, order


def page(db: sqlite3.Connection, query: RunQuery) -> RunPage:
    """The runs that match ``query``: the page it asks for, and how many there are in all."""
    clauses, ordering = conditions(query), order(query.sort)
    if ordering.missing is not None:
        return _present_first(db, query, clauses, ordering)
    if query.text:
        return _search(db, query, clauses, ordering)
    found = db.execute(
        f"SELECT r.id FROM runs r WHERE {clauses.sql} ORDER BY {ordering.by} LIMIT ? OFFSET ?",
        [*clauses.values, query.limit, query.offset],
    )
    ids = [row[0] for row in found]
    return RunPage(rows(db, ids), _count(db, clauses))


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


def _count(db: sqlite3.Connection, clauses: Clauses) -> int:
    found = db.execute(f"SELECT count(*) FROM runs r WHERE {clauses.sql}", clauses.values)
    return int(found.fetchone()[0])


def _search(db: sqlite3.Connection, query: RunQuery, clauses: Clauses, ordering: Order) -> RunPage:
    """Runs that hold some words: one walk over the table gives the page and the total."""
    found = db.execute(
        f"SELECT r.id FROM runs r NOT INDEXED WHERE {clauses.sql} ORDER BY {ordering.by}",
        clauses.values,
    )
    ids = [row[0] for row in found]
    wanted = ids[query.offset : query.offset + query.limit]
    return RunPage(rows(db, wanted), len(ids))


def _present_first(
    db: sqlite3.Connection, query: RunQuery, clauses: Clauses, ordering: Order
) -> RunPage:
    """Runs that have the value, in its order; then those without it, newest first."""
    total, names = _count(db, clauses), [ordering.metric] if ordering.metric else []
    without = f"{clauses.sql} AND {ordering.missing}"
    missing = db.execute(
        f"SELECT count(*) FROM runs r WHERE {without}", [*clauses.values, *names]
    ).fetchone()[0]
    if ordering.metric:
        source = (
            "metrics m CROSS JOIN runs r ON r.id = m.run "
            "WHERE m.name = ? AND m.value IS NOT NULL AND"
        )
    else:
        source = f"runs r WHERE NOT ({ordering.missing}) AND"
    found = db.execute(
        f"SELECT r.id FROM {source} {clauses.sql} ORDER BY {ordering.by} LIMIT ? OFFSET ?",
        [*names, *clauses.values, query.limit, query.offset],
    )
    ids = [row[0] for row in found]
    if len(ids) < query.limit and missing:
        rest = db.execute(
            f"SELECT r.id FROM runs r WHERE {without} ORDER BY r.created DESC LIMIT ? OFFSET ?",
            [
                *clauses.values,
                *names,
                query.limit - len(ids),
                max(0, query.offset - (total - missing)),
            ],
        )
        ids.extend(row[0] for row in rest)
    return RunPage(rows(db, ids), total)
