"""``events`` of a run: JSON lines, and the fold that turns them into its present state."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from ml_jupyter.history import stream
from ml_jupyter.history.metrics import parse_line
from ml_jupyter.history.records import RunRecord
from ml_jupyter.history.status import LEGAL, RUNNING, TERMINAL

STATE = "state"
TAGS = "tags"
PROPERTIES = "properties"
DETAILS = "details"
METRIC = "metric"
CHILD = "child"
WARNING = "warning"
FACTS = "facts"


def encode(kind: str, time: int, **values: Any) -> bytes:
    """One line: ``{"e": kind, "t": nanoseconds, …}``."""
    text = json.dumps({"e": kind, "t": time, **values}, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


def read(path: Path, offset: int = 0) -> Tuple[List[Tuple[int, Dict[str, Any]]], int]:
    """Whole entries from ``offset`` on as (offset, entry), and the offset to read on from.

    A torn last line is left for the next reading; a line that is not JSON is passed over.
    """
    data = stream.read(path, offset)
    end = data.rfind(b"\n") + 1
    entries = []
    at = offset
    for line in data[:end].split(b"\n")[:-1]:
        entry = parse_line(line) if line else None
        if entry is not None and "e" in entry:
            entries.append((at, entry))
        at += len(line) + 1
    return entries, offset + end


def value_at(path: Path, offset: int) -> Any:
    """Value of the metric entry at ``offset``; None when there is no such entry."""
    with open(path, "rb") as file:
        file.seek(offset)
        entry = parse_line(file.readline())
    return None if entry is None else entry.get("value")


@dataclass
class RunState:
    """The present state of a run: its record and all events so far. Times are in nanoseconds."""

    record: RunRecord
    status: str
    reason: Optional[str] = None
    error: Optional[Dict[str, Any]] = None
    started: Optional[int] = None
    ended: Optional[int] = None
    changed: int = 0
    display_name: Optional[str] = None
    description: Optional[str] = None
    archived: bool = False
    exit_code: Optional[int] = None
    tags: Dict[str, Optional[str]] = field(default_factory=dict)
    properties: Dict[str, str] = field(default_factory=dict)
    warnings: List[str] = field(default_factory=list)
    children: List[str] = field(default_factory=list)
    history: List[Tuple[int, str, Optional[str]]] = field(default_factory=list)
    structured: Dict[str, List[Dict[str, Any]]] = field(default_factory=dict)
    facts: Dict[str, Any] = field(default_factory=dict)
    end: int = 0

    @classmethod
    def initial(cls, record: RunRecord) -> RunState:
        """The state before any event."""
        state = cls(record, record.status, changed=record.created, display_name=record.display_name)
        state.tags = dict(record.tags)
        state.properties = dict(record.properties)
        state.history.append((record.created, record.status, None))
        if record.status == RUNNING:
            state.started = record.created
        return state

    @property
    def ended_at_all(self) -> bool:
        """Whether the run is in a state that it will not leave by itself."""
        return self.status in TERMINAL

    def apply(self, entry: Dict[str, Any]) -> None:
        """Take one event in.

        Unknown kinds (a newer minor version) are passed over, and so is what only looks like an
        event: one odd line must not make a run, or a list of runs, unreadable.
        """
        handler = _HANDLERS.get(entry["e"]) if isinstance(entry["e"], str) else None
        if handler is None:
            return
        try:
            handler(self, entry)
            self.changed = max(self.changed, int(entry.get("t", 0)))
        except (AttributeError, KeyError, TypeError, ValueError):
            return


def _state(run: RunState, entry: Dict[str, Any]) -> None:
    status, time = entry.get("s", ""), int(entry.get("t", 0))
    if status == run.status:
        run.reason = entry.get("reason", run.reason)
        return
    if status not in LEGAL.get(run.status, frozenset()):
        return
    run.status, run.reason = status, entry.get("reason")
    run.history.append((time, status, run.reason))
    if status == RUNNING and run.started is None:
        run.started = time
    if status in TERMINAL:
        first = run.started or run.record.created
        run.ended = max(time, first) if run.ended is None else run.ended  # a clock may go back
    run.error = entry.get("error", run.error)
    run.exit_code = entry.get("exit_code", run.exit_code)


def _tags(run: RunState, entry: Dict[str, Any]) -> None:
    run.tags.update(entry.get("set", {}))
    for key in entry.get("remove", ()):
        run.tags.pop(key, None)


def _properties(run: RunState, entry: Dict[str, Any]) -> None:
    for key, value in entry.get("set", {}).items():
        run.properties.setdefault(key, value)


def _details(run: RunState, entry: Dict[str, Any]) -> None:
    run.display_name = entry.get("display_name", run.display_name)
    run.description = entry.get("description", run.description)
    run.archived = entry.get("archived", run.archived)


def _metric(run: RunState, entry: Dict[str, Any]) -> None:
    if entry.get("shape", "scalar") != "scalar":
        run.structured.setdefault(entry["name"], []).append(entry)


def _child(run: RunState, entry: Dict[str, Any]) -> None:
    run.children.extend(entry.get("ids", ()))


def _warning(run: RunState, entry: Dict[str, Any]) -> None:
    text = entry.get("text", "")
    if text not in run.warnings:
        run.warnings.append(text)


def _facts(run: RunState, entry: Dict[str, Any]) -> None:
    run.facts.update(entry.get("set", {}))


_HANDLERS = {
    STATE: _state,
    TAGS: _tags,
    PROPERTIES: _properties,
    DETAILS: _details,
    METRIC: _metric,
    CHILD: _child,
    WARNING: _warning,
    FACTS: _facts,
}
