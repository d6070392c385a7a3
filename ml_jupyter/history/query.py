"""Questions to the index: what to filter by, how to order, which page; and the SQL they become."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.metric_condition import MetricCondition
from ml_jupyter.history.parameter_condition import ParameterCondition

#: A text means "has this key"; a mapping means every key with exactly this value (None: a tag
#: without value).
Labels = Union[str, Mapping[str, Optional[str]], Sequence[Union[str, Mapping[str, Optional[str]]]]]

MAX_LIMIT = 1_000_000
_ORDERS = {
    "created": "r.created",
    "started": "r.started",
    "ended": "r.ended",
    "duration": "r.duration",
    "name": "r.title COLLATE NOCASE",
    "status": "r.status",
    "number": "r.number",
}
_MAY_BE_MISSING = {"started", "ended", "duration"}
METRIC, PARAMETER = "metric:", "param:"


@dataclass(frozen=True)
class RunQuery:
    """Which runs, in which order.

    Attributes
    ----------
    text : str, optional
        Words which all must occur in id, name, experiment, description, user or tags; case does not
        matter.
    status : sequence of str
        Any of these states.
    tags, properties : labels
        See ``Labels``.
    metrics : sequence of MetricCondition
        Conditions on newest values; all must hold.
    parameters : sequence of ParameterCondition
        Conditions on parameters; all must hold.
    columns : sequence of str
        What a listing gives of each run besides its summary: ``metric:NAME`` or ``param:NAME``.
        Selects nothing.
    parent : str, optional
        Children of this run only.
    root : str, optional
        All descendants of this top-level run.
    top_level : bool
        Leave children out (when neither parent nor root is given).
    archived : bool or None
        Archived runs only, or live ones only; None: both. Runs of archived experiments count as
        archived only when ``experiment`` is not given.
    sort : str
        ``created``, ``started``, ``ended``, ``duration``, ``name``, ``status``, ``number``,
        ``metric:NAME`` or ``param:NAME``; ``-`` before it for descending. Runs without the value
        come last either way, and of a parameter numbers come before texts.
    limit, offset : int
        Page, in runs.
    """

    text: Optional[str] = None
    status: Sequence[str] = ()
    experiment: Optional[str] = None
    experiment_id: Optional[str] = None
    type: Optional[str] = None
    user: Optional[str] = None
    tags: Labels = ()
    properties: Labels = ()
    metrics: Sequence[MetricCondition] = ()
    parameters: Sequence[ParameterCondition] = ()
    columns: Sequence[str] = ()
    parent: Optional[str] = None
    root: Optional[str] = None
    top_level: bool = True
    archived: Optional[bool] = None
    sort: str = "-created"
    limit: int = MAX_LIMIT
    offset: int = 0


@dataclass
class Clauses:
    """Conditions of a query as SQL with its parameters."""

    where: List[str] = field(default_factory=list)
    values: List[Any] = field(default_factory=list)

    def add(self, clause: str, *values: Any) -> None:
        """One more condition."""
        self.where.append(clause)
        self.values.extend(values)

    @property
    def sql(self) -> str:
        """The conditions, ready to stand behind WHERE."""
        return " AND ".join(self.where) or "1"


def conditions(query: RunQuery) -> Clauses:
    """The conditions of ``query`` over ``runs r``."""
    clauses = Clauses()
    for column in ("experiment", "experiment_id", "type", "user"):
        value = getattr(query, column)
        if value is not None:
            clauses.add(f"r.{column} = ?", value)
    if query.status:
        marks = ",".join("?" * len(query.status))
        clauses.add(f"r.status IN ({marks})", *query.status)
    if query.parent is not None:
        clauses.add("r.parent_id = ?", query.parent)
    elif query.root is not None:
        clauses.add("r.root_id = ? AND r.id != ?", query.root, query.root)
    elif query.top_level:
        clauses.add("r.parent_id IS NULL")
    if query.archived is not None:
        clauses.add("r.archived = ?", int(query.archived))
    _labels(clauses, "tags", query.tags)
    _labels(clauses, "properties", query.properties)
    conditioned = [item.sql for item in query.metrics] + [item.sql for item in query.parameters]
    for clause, values in conditioned:
        clauses.add(clause, *values)
    for word in (query.text or "").lower().split():
        clauses.add("r.words LIKE ? ESCAPE '\\'", f"%{_escape(word)}%")
    return clauses


def _labels(clauses: Clauses, table: str, labels: Labels) -> None:
    if isinstance(labels, str):
        clauses.add(f"EXISTS (SELECT 1 FROM {table} l WHERE l.run = r.id AND l.key = ?)", labels)
    elif isinstance(labels, Mapping):
        for key, value in labels.items():
            text = None if value is None else str(value)
            clauses.add(
                f"EXISTS (SELECT 1 FROM {table} l "
                "WHERE l.run = r.id AND l.key = ? AND l.value IS ?)",
                str(key),
                text,
            )
    else:
        for item in labels or ():
            _labels(clauses, table, item)


@dataclass(frozen=True)
class Part:
    """Runs that stand together in an order, as parts of one question.

    Attributes
    ----------
    by : str
        The ORDER BY text.
    source : str
        Tables, the runs as ``r`` among them, up to a condition that says which runs they are.
    values : tuple
        Values of ``source``.
    """

    by: str
    source: str = "runs r WHERE"
    values: Tuple[Any, ...] = ()


_NEWEST = "r.created DESC"


def order(sort: str) -> Sequence[Part]:
    """The order that a sort key asks for: one part after the other, each run in one of them.

    Runs that have the value come first, in its order; then those without it, newest first. In one
    question an expression would have to say which they are, and hide the index.

    Raises
    ------
    UserErrorException
        Unknown key.
    """
    key = sort.lstrip("-")
    direction = "DESC" if sort.startswith("-") else "ASC"
    if key.startswith(METRIC):
        return _by_metric(key[len(METRIC) :], direction)
    if key.startswith(PARAMETER):
        return _by_parameter(key[len(PARAMETER) :], direction)
    if key not in _ORDERS:
        known = ", ".join(_ORDERS)
        raise UserErrorException(
            f"Cannot sort by {key!r}.", hint=f"Use one of {known}, metric:NAME or param:NAME."
        )
    column = _ORDERS[key]
    by = f"{column} {direction}" if key == "created" else f"{column} {direction}, {_NEWEST}"
    if key not in _MAY_BE_MISSING:
        return [Part(by)]
    return [
        Part(by, f"runs r WHERE {column} IS NOT NULL AND"),
        Part(_NEWEST, f"runs r WHERE {column} IS NULL AND"),
    ]


def _by_metric(name: str, direction: str) -> Sequence[Part]:
    there = "m.name = ? AND m.value IS NOT NULL"
    return [
        Part(
            f"m.value {direction}, {_NEWEST}",
            f"metrics m CROSS JOIN runs r ON r.id = m.run WHERE {there} AND",
            (name,),
        ),
        _without("metrics m", f"m.run = r.id AND {there}", name),
    ]


def _by_parameter(name: str, direction: str) -> Sequence[Part]:
    joined = "parameters p CROSS JOIN runs r ON r.id = p.run WHERE p.name = ? AND p.number IS"
    text = f"p.value COLLATE NOCASE {direction}, {_NEWEST}"
    return [
        Part(f"p.number {direction}, {_NEWEST}", f"{joined} NOT NULL AND", (name,)),
        Part(text, f"{joined} NULL AND", (name,)),
        _without("parameters p", "p.run = r.id AND p.name = ?", name),
    ]


def _without(table: str, condition: str, name: str) -> Part:
    return Part(
        _NEWEST,
        f"runs r WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {condition}) AND",
        (name,),
    )


def _escape(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True)
class RunRow:
    """A run as the index knows it. Times are nanoseconds since the epoch."""

    id: str
    number: int
    experiment_id: str
    experiment: str
    type: str
    status: str
    reason: Optional[str]
    display_name: Optional[str]
    description: Optional[str]
    parent_id: Optional[str]
    root_id: str
    target: str
    user: str
    archived: bool
    created: int
    started: Optional[int]
    ended: Optional[int]
    tags: Dict[str, Optional[str]]
    properties: Dict[str, str]
    primary: Optional[Dict[str, Any]]
    children: Dict[str, int]


@dataclass(frozen=True)
class RunPage:
    """One page of an answer and how many runs match in all."""

    rows: List[RunRow]
    total: int
