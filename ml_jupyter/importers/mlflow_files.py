"""Reading MLflow's file store: the folder ``mlruns`` (Source: mlflow/store/tracking/file_store.py).

``<experiment>/<run>/`` holds ``meta.yaml`` and the folders ``metrics``, ``params`` and ``tags``, a
file each; a metric's file has a line ``<time in ms> <value> <step>`` for each point.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple, TypeVar

from ml_jupyter.exceptions import ImportSourceInvalid
from ml_jupyter.importers.foreign import files_below, files_fingerprint, reading, understanding
from ml_jupyter.importers.mlflow_store import (
    DATASET,
    PARENT,
    LoggedModel,
    Point,
    StoredInput,
    StoredName,
    StoredRun,
    StoredVersion,
    local_path,
)
from ml_jupyter.importers.report import ImportReport

_META = "meta.yaml"
_MODELS = "models"
_STATES = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
_MS = 1_000_000
Found = TypeVar("Found")


class FileStore:
    """An ``mlruns`` folder.

    Parameters
    ----------
    root : Path
        The folder.
    report : ImportReport
        Where the damaged folders in it are named.
    """

    def __init__(self, root: Path, report: ImportReport) -> None:
        self._root = root
        self._report = report

    def runs(self) -> List[StoredRun]:
        """All runs, deleted ones too."""
        experiments = [
            (folder, name)
            for top in (self._root, self._root / ".trash")
            for folder, name in self._readable(_experiment, top)
            if folder.name != _MODELS
        ]
        return [run for folder, name in experiments for run in self._runs_of(folder, name)]

    def names(self) -> List[StoredName]:
        """The names of registered models."""
        return list(self._readable(_name, self._root / _MODELS))

    def versions(self) -> List[StoredVersion]:
        """Versions of registered models, oldest first."""
        names = _with_meta(self._root / _MODELS)
        found = [item for folder in names for item in self._readable(_version, folder)]
        return sorted(found, key=lambda item: (item.name, item.version))

    def place_of(self, address: str) -> Optional[Path]:
        """Where an artifact address lies; below this folder also after it was moved."""
        path = local_path(address)
        if path is None:
            return None
        for count in range(2, len(path.parts)):  # …/<experiment>/<run>/artifacts is looked for here
            inside = self._root.joinpath(*path.parts[-count:])
            if inside.is_dir():
                return inside
        return path if path.exists() else None

    def close(self) -> None:
        """Nothing is open."""

    def _runs_of(self, experiment: Path, name: str) -> Iterator[StoredRun]:
        logged = list(self._readable(_logged, experiment / _MODELS))
        for run in self._readable(_run, experiment):
            run.experiment = name
            run.deleted = run.deleted or experiment.parent.name == ".trash"
            run.logged = [model for model in logged if model.run_id == run.run_id]
            yield run

    def _readable(self, read: Callable[[Path], Found], folder: Path) -> Iterator[Found]:
        """What is read of the folders in one; a damaged one is in the report instead."""
        for path in _with_meta(folder):
            try:
                with understanding(str(path)):
                    found = read(path)
            except ImportSourceInvalid as error:
                self._report.failed.append((str(path), str(error)))
            else:
                yield found


def _experiment(folder: Path) -> Tuple[Path, str]:
    return folder, str(_meta(folder).get("name") or folder.name)


def _run(folder: Path) -> StoredRun:
    meta = _meta(folder)
    own = [path for path in files_below(folder) if path.name != ".lock"]
    parent = folder / "tags" / PARENT

    def labels() -> Tuple[Dict[str, str], Dict[str, str]]:
        return _texts(folder / "params"), _texts(folder / "tags")

    return StoredRun(
        where=str(folder),
        run_id=str(meta.get("run_id") or meta.get("run_uuid") or folder.name),
        experiment=folder.parent.name,
        status=_STATES.get(meta.get("status", 0), str(meta.get("status"))),
        started=_moment(meta.get("start_time")),
        ended=_moment(meta.get("end_time")),
        user=str(meta.get("user_id") or ""),
        name=meta.get("run_name") or meta.get("name") or None,
        deleted=meta.get("lifecycle_stage") == "deleted",
        artifacts=str(meta.get("artifact_uri") or folder / "artifacts"),
        stamp=files_fingerprint(own),
        labels=labels,
        metrics=lambda: _metrics(folder / "metrics"),
        inputs=lambda: _inputs(folder),
        parent=_text(parent) if parent.is_file() else None,
    )


def _inputs(folder: Path) -> List[StoredInput]:
    """Data of a run; what was described in a folder that is gone is left out."""
    found = []
    for path in _with_meta(folder / "inputs"):
        meta = _meta(path)
        described = folder.parent / "datasets" / str(meta.get("source_id"))
        if meta.get("source_type") == "DATASET" and (described / _META).is_file():
            facts = _meta(described)
            dataset = {key: None if facts.get(key) is None else str(facts[key]) for key in DATASET}
            tags = {str(key): str(value) for key, value in (meta.get("tags") or {}).items()}
            found.append(StoredInput(dataset, tags))
    return found


def _logged(folder: Path) -> LoggedModel:
    meta = _meta(folder)
    return LoggedModel(
        str(meta.get("model_id") or folder.name), str(meta.get("name") or folder.name),
        str(meta.get("artifact_location") or folder / "artifacts"), *_times(meta),
        int(meta.get("status") or 2), meta.get("source_run_id"),
        meta.get("model_type"), _texts(folder / "tags"), _texts(folder / "params"),
    )  # fmt: skip


def _name(folder: Path) -> StoredName:
    meta = _meta(folder)
    aliases = {key: int(value) for key, value in _texts(folder / "aliases").items()}
    return StoredName(
        str(meta.get("name") or folder.name), *_times(meta), meta.get("description"),
        _texts(folder / "tags"), aliases,
    )  # fmt: skip


def _version(folder: Path) -> StoredVersion:
    meta = _meta(folder)
    return StoredVersion(
        str(meta.get("name") or folder.parent.name), int(meta.get("version") or 0), _times(meta)[0],
        str(meta.get("storage_location") or meta.get("source") or ""), meta.get("run_id") or None,
        meta.get("description") or None, meta.get("current_stage"),
        _texts(folder / "tags"),
    )  # fmt: skip


def _times(meta: Dict[str, Any]) -> Tuple[int, int]:
    created = meta.get("creation_timestamp") or meta.get("creation_time") or 0
    modified = meta.get("last_updated_timestamp") or meta.get("last_updated_time") or created
    return int(created), int(modified)


def _moment(value: Any) -> Optional[int]:
    return None if value is None else int(value)


def _with_meta(folder: Path) -> List[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if (path / _META).is_file())


def _meta(folder: Path) -> Dict[str, Any]:
    import yaml

    path = folder / _META
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        with reading(path), open(path, encoding="utf-8") as file:
            value = yaml.load(file, Loader=loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ImportSourceInvalid(f"{path} is not readable as YAML: {error}") from error
    if not isinstance(value, dict):
        raise ImportSourceInvalid(f"{path} does not hold the facts of a run or an experiment.")
    return value


def _texts(folder: Path) -> Dict[str, str]:
    """Contents of files by their path below a folder, which is the key in MLflow."""
    return {path.relative_to(folder).as_posix(): _text(path) for path in files_below(folder)}


def _text(path: Path) -> str:
    with reading(path):
        return path.read_text("utf-8", "replace")


def _metrics(folder: Path) -> Iterator[Tuple[str, Iterable[Point]]]:
    for path in sorted(files_below(folder)):
        yield path.relative_to(folder).as_posix(), _points(path)


def _points(path: Path) -> Iterator[Point]:
    with reading(path), open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            parts = line.split()
            try:
                step = int(parts[2]) if len(parts) > 2 else 0
                yield step, int(parts[0]) * _MS, float(parts[1])
            except (IndexError, ValueError) as error:
                if not line.endswith(b"\n"):
                    return  # the program that writes it is not done with the line
                raise ImportSourceInvalid(
                    f"{path}, line {number}, is not a point of a metric: {line[:80]!r}"
                ) from error
