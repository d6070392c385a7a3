"""What the index knows of whole experiments, and of single columns of their runs."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

from ml_jupyter.history.summary import lower_is_better

#: SQLite takes 999 parameters in old versions; names stand beside the ids.
_PART = 400
_MOST_NAMES = 200


@dataclass
class ExperimentFacts:
    """Facts of an experiment's top-level runs.

    Attributes
    ----------
    states : dict of str to int
        Runs by state.
    targets : dict of str to int
        Where its active runs are.
    users : list of str
        Who submitted its runs.
    last : int
        Creation of its newest run, nanoseconds since the epoch.
    metric : str, optional
        The primary metric of most of its runs.
    best : float, optional
        Best value of that metric.
    best_run : str, optional
        Id of the run that reached it.
    """

    states: Dict[str, int] = field(default_factory=dict)
    targets: Dict[str, int] = field(default_factory=dict)
    users: List[str] = field(default_factory=list)
    last: int = 0
    metric: Optional[str] = None
    best: Optional[float] = None
    best_run: Optional[str] = None


def facts(db: sqlite3.Connection) -> Dict[str, ExperimentFacts]:
    """Experiment id to its facts; archived runs do not count."""
    found: Dict[str, ExperimentFacts] = {}
    rows = db.execute(
        "SELECT experiment_id, status, target, user, live, count(*), max(created) FROM runs "
        "WHERE parent_id IS NULL AND archived = 0 GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC"
    )
    for experiment, status, target, user, live, count, last in rows:
        item = found.setdefault(experiment, ExperimentFacts())
        item.states[status] = item.states.get(status, 0) + count
        item.last = max(item.last, last)
        if live:
            item.targets[target] = item.targets.get(target, 0) + count
        if user not in item.users:
            item.users.append(user)
    _add_best(db, found)
    return found


def _add_best(db: sqlite3.Connection, found: Dict[str, ExperimentFacts]) -> None:
    """The best value of the metric that most runs have as their primary one.

    A column beside ``max`` or ``min`` is that of the row which holds it (sqlite.org,
    lang_select.html, "Bare columns in an aggregate query").
    """
    extremes = {
        name: {
            (row[0], row[1]): row[2:]
            for row in db.execute(
                f"SELECT experiment_id, metric, {name}(best), id, count(*) FROM runs WHERE "
                "parent_id IS NULL AND archived = 0 AND best IS NOT NULL GROUP BY 1, 2"
            )
        }
        for name in ("max", "min")
    }
    commonest: Dict[str, Tuple[int, str]] = {}
    for (experiment, metric), (_, _, count) in extremes["max"].items():
        commonest[experiment] = max(commonest.get(experiment, (0, "")), (count, metric))
    for experiment, (_, metric) in commonest.items():
        way = "min" if lower_is_better(metric) else "max"
        item = found[experiment]
        item.metric = metric
        item.best, item.best_run, _ = extremes[way][(experiment, metric)]


def newest_values(
    db: sqlite3.Connection, ids: List[str], names: List[str]
) -> Dict[str, Dict[str, float]]:
    """Run id to the newest values of these metrics."""
    found: Dict[str, Dict[str, float]] = {}
    for run, name, value in _values(db, "metrics", ids, names):
        found.setdefault(run, {})[name] = value
    return found


def parameters_of(
    db: sqlite3.Connection, ids: List[str], names: Optional[List[str]]
) -> Dict[str, Dict[str, str]]:
    """Run id to the parameters of these names, or to all, as far as it has them."""
    found: Dict[str, Dict[str, str]] = {}
    for run, name, value in _values(db, "parameters", ids, names):
        found.setdefault(run, {})[name] = value
    return found


def _values(
    db: sqlite3.Connection, table: str, ids: List[str], names: Optional[List[str]]
) -> Iterator[Tuple[str, str, Any]]:
    """Run, name and value: of all names where none are told, of none where the list is empty."""
    if names == []:
        return
    named = f"AND name IN ({_marks(names)})" if names else ""
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        yield from db.execute(
            f"SELECT run, name, value FROM {table} "
            f"WHERE run IN ({_marks(part)}) {named} AND value IS NOT NULL",
            [*part, *(names or ())],
        )


def metric_names_of(db: sqlite3.Connection, ids: List[str]) -> List[str]:
    """Names of the metrics of these runs, commonest first."""
    counts: Dict[str, int] = {}
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        for name, count in db.execute(
            f"SELECT name, count(*) FROM metrics WHERE run IN ({_marks(part)}) GROUP BY 1", part
        ):
            counts[name] = counts.get(name, 0) + count
    return sorted(counts, key=lambda name: (-counts[name], name))


@dataclass(frozen=True)
class Names:
    """What an experiment's top-level runs have, commonest first: metrics, tags and parameters."""

    metrics: List[str]
    tags: List[str]
    parameters: List[str]


def names_in(db: sqlite3.Connection, experiment_id: str) -> Names:
    """Names of metrics, keys of tags and names of parameters among an experiment's runs."""
    return Names(
        _commonest(db, "metrics", "name", experiment_id),
        _commonest(db, "tags", "key", experiment_id),
        _commonest(db, "parameters", "name", experiment_id),
    )


def _commonest(db: sqlite3.Connection, table: str, column: str, experiment_id: str) -> List[str]:
    rows = db.execute(
        f"SELECT v.{column} FROM runs r CROSS JOIN {table} v ON v.run = r.id "
        "WHERE r.experiment_id = ? AND r.parent_id IS NULL "
        f"GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {_MOST_NAMES}",
        (experiment_id,),
    )
    return [row[0] for row in rows]


def _marks(values: Iterable[str]) -> str:
    return ",".join("?" for _ in values)
