"""What an MLflow store holds, whether it is a folder or a database, and what it becomes here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Protocol, Tuple
from urllib.parse import unquote, urlsplit

from ml_jupyter.history import status
from ml_jupyter.importers.foreign import NOT_ENDED, ForeignRun, RunFacts, fingerprint
from ml_jupyter.importers.report import ImportReport
from ml_jupyter.importers.run_writer import RunWriter

Point = Tuple[int, int, float]
PARENT = "mlflow.parentRunId"
_NAME, _NOTE = "mlflow.runName", "mlflow.note.content"
_OWN = "mlflow."
#: Facts by which MLflow's pages show which models a run has logged, and what data it had.
_MODEL_OUT, _DATASET = "mlflow:model_out:", "mlflow:dataset:"
#: What is known of a dataset, as MLflow calls it.
DATASET = ("name", "digest", "source_type", "source", "schema", "profile")
_STATES = {
    "FINISHED": status.COMPLETED,
    "FAILED": status.FAILED,
    "KILLED": status.CANCELED,
}
_MS = 1_000_000


@dataclass
class LoggedModel:
    """A model that a run has logged, before any registry (MLflow 3). Times in milliseconds."""

    model_id: str
    name: str
    location: str
    created: int
    modified: int
    state: int
    run_id: Optional[str]
    model_type: Optional[str] = None
    tags: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass
class StoredInput:
    """Data that a run had.

    Attributes
    ----------
    dataset : mapping of str to str
        ``name``, ``digest``, ``source_type``, ``source`` (JSON), ``schema`` and ``profile``.
    tags : mapping of str to str
        ``mlflow.data.context`` tells what it was for.
    """

    dataset: Mapping[str, Optional[str]]
    tags: Mapping[str, str]


@dataclass
class StoredRun:
    """A run of an MLflow store. Times in milliseconds."""

    where: str
    run_id: str
    experiment: str
    status: str
    started: Optional[int]
    ended: Optional[int]
    user: str
    name: Optional[str]
    deleted: bool
    artifacts: str
    stamp: str
    labels: Callable[[], Tuple[Dict[str, str], Dict[str, str]]]
    metrics: Callable[[], Iterator[Tuple[str, Iterable[Point]]]]
    inputs: Callable[[], List[StoredInput]]
    parent: Optional[str] = None
    logged: List[LoggedModel] = field(default_factory=list)


@dataclass
class StoredVersion:
    """A version of a registered model. Times in milliseconds."""

    name: str
    version: int
    created: int
    source: str
    run_id: Optional[str]
    description: Optional[str]
    stage: Optional[str]
    tags: Mapping[str, str]


@dataclass
class StoredName:
    """A registered model's name. Times in milliseconds."""

    name: str
    created: int
    modified: int
    description: Optional[str]
    tags: Mapping[str, str]
    aliases: Mapping[str, int]


class Store(Protocol):
    """Reads an MLflow store."""

    def runs(self) -> List[StoredRun]:
        """All runs, deleted ones too."""

    def names(self) -> List[StoredName]:
        """The names of registered models."""

    def versions(self) -> List[StoredVersion]:
        """Versions of registered models, oldest first."""

    def place_of(self, address: str) -> Optional[Path]:
        """Where an artifact address lies on this machine; None: not here."""

    def close(self) -> None:
        """Close what is open."""


def local_path(address: str) -> Optional[Path]:
    """The path of ``file:`` addresses and of plain paths; None for others, and for none."""
    if not address.strip("./"):
        return None
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    if "://" in address or parts.scheme in ("mlflow-artifacts", "runs", "models"):
        return None
    return Path(address)


def foreign_runs(store: Store, runs: List[StoredRun], report: ImportReport) -> List[ForeignRun]:
    """The runs of a store, parents first."""
    found = {run.run_id: run for run in runs}
    below: Dict[str, List[str]] = {}
    for run in found.values():
        if run.parent in found:
            below.setdefault(str(run.parent), []).append(run.run_id)
    ordered: List[ForeignRun] = []
    waiting = [run.run_id for run in reversed(list(found.values())) if run.parent not in found]
    while waiting:
        run_id = waiting.pop()
        run, children = found[run_id], below.get(run_id, [])
        ordered.append(_foreign(store, run, tuple(children), report))
        waiting.extend(reversed(children))
    return ordered


def _foreign(
    store: Store, run: StoredRun, children: Tuple[str, ...], report: ImportReport
) -> ForeignRun:
    def read(writer: RunWriter) -> RunFacts:
        for name, points in run.metrics():
            writer.add_points(name, points)
        _copy_artifacts(store, run, writer, report)
        return _facts(run)

    stamp = fingerprint(run.stamp, run.status, run.deleted, children)
    return ForeignRun(run.where, run.run_id, run.experiment, stamp, read, run.parent, children)


def _facts(run: StoredRun) -> RunFacts:
    params, tags = run.labels()
    own = {key: value for key, value in tags.items() if key.startswith(_OWN)}
    noted: Dict[str, Any] = {k: v for k, v in own.items() if k not in (_NAME, _NOTE)}
    noted.update({_MODEL_OUT + model.model_id: 0 for model in run.logged})
    for item in run.inputs():
        key = f"{_DATASET}{item.dataset['name']}:{item.dataset['digest']}"
        noted[key] = {"dataset": dict(item.dataset), "tags": dict(item.tags)}
    git = {
        key: own.get(f"mlflow.source.git.{name}")
        for key, name in (("commit", "commit"), ("branch", "branch"), ("repository", "repoURL"))
    }
    return RunFacts(
        started=(run.started or 0) * _MS,
        ended=None if run.ended is None else run.ended * _MS,
        status=_STATES.get(run.status, status.CANCELED),
        reason=None if run.status in _STATES else NOT_ENDED,
        name=run.name or own.get(_NAME),
        description=own.get(_NOTE),
        user=run.user or own.get("mlflow.user", ""),
        target="mlflow",
        archived=run.deleted,
        params=params,
        tags={key: value for key, value in tags.items() if key not in own},
        noted=noted,
        git={key: value for key, value in git.items() if value},
    )


def _copy_artifacts(store: Store, run: StoredRun, writer: RunWriter, report: ImportReport) -> None:
    for address, below in [
        (run.artifacts, ""),
        *((model.location, f"models/{model.model_id}") for model in run.logged),
    ]:
        place = store.place_of(address)
        if not address:
            continue
        if place is None:
            _say_missing(address, run, report)
        elif place.is_dir():
            writer.add_folder(below, place)


def _say_missing(address: str, run: StoredRun, report: ImportReport) -> None:
    """A run without artifacts often has no folder; that of its experiment tells more."""
    path = local_path(address)
    if path is None:
        report.leave(run.where, f"Its artifacts at {address} are not on this machine.")
    elif not path.parent.parent.is_dir():
        report.leave(
            str(path.parent.parent), "There is no such folder; artifacts in it are not here."
        )
