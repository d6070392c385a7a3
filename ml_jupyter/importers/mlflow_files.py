"""Reading MLflow's file store: the folder ``mlruns`` (Source: mlflow/store/tracking/file_store.py).

``<experiment>/<run>/`` holds ``meta.yaml`` and the folders ``metrics``, ``params`` and ``tags``, a
file each; a metric's file has a line ``<time in ms> <value> <step>`` for each point.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

from ml_jupyter.exceptions import ImportSourceInvalid
from ml_jupyter.importers.foreign import files_below, files_fingerprint, reading
from ml_jupyter.importers.mlflow_store import (
    PARENT,
    LoggedModel,
    Point,
    StoredName,
    StoredRun,
    StoredVersion,
    local_path,
)

_META = "meta.yaml"
_MODELS = "models"
_STATES = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
_MS = 1_000_000


class FileStore:
    """An ``mlruns`` folder.

    Parameters
    ----------
    root : Path
        The folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def runs(self) -> List[StoredRun]:
        """All runs, deleted ones too."""
        return [run for folder in self._experiments() for run in self._runs_of(folder)]

    def names(self) -> List[StoredName]:
        """The names of registered models."""
        found = []
        for folder in _with_meta(self._root / _MODELS):
            meta = _meta(folder)
            aliases = {key: int(value) for key, value in _texts(folder / "aliases").items()}
            found.append(
                StoredName(
                    str(meta.get("name") or folder.name), *_times(meta), meta.get("description"),
                    _texts(folder / "tags"), aliases,
                )
            )  # fmt: skip
        return found

    def versions(self) -> List[StoredVersion]:
        """Versions of registered models, oldest first."""
        found = []
        for folder in _with_meta(self._root / _MODELS):
            for version in _with_meta(folder):
                meta = _meta(version)
                found.append(_version(meta, folder.name, _texts(version / "tags")))
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

    def _experiments(self) -> Iterator[Path]:
        for folder in (self._root, self._root / ".trash"):
            for found in _with_meta(folder):
                if found.name != _MODELS:
                    yield found

    def _runs_of(self, experiment: Path) -> Iterator[StoredRun]:
        name = str(_meta(experiment).get("name") or experiment.name)
        gone = experiment.parent.name == ".trash"
        logged = self._logged(experiment)
        for folder in _with_meta(experiment):
            run = self._run(folder, name, deleted=gone)
            run.logged = [model for model in logged if model.run_id == run.run_id]
            yield run

    def _run(self, folder: Path, experiment: str, *, deleted: bool) -> StoredRun:
        meta = _meta(folder)
        own = [path for path in files_below(folder) if path.name != ".lock"]
        parent = folder / "tags" / PARENT

        def labels() -> Tuple[Dict[str, str], Dict[str, str]]:
            return _texts(folder / "params"), _texts(folder / "tags")

        return StoredRun(
            where=str(folder),
            run_id=str(meta.get("run_id") or meta.get("run_uuid") or folder.name),
            experiment=experiment,
            status=_STATES.get(meta.get("status", 0), str(meta.get("status"))),
            started=meta.get("start_time"),
            ended=meta.get("end_time"),
            user=str(meta.get("user_id") or ""),
            name=meta.get("run_name") or meta.get("name") or None,
            deleted=deleted or meta.get("lifecycle_stage") == "deleted",
            artifacts=str(meta.get("artifact_uri") or folder / "artifacts"),
            stamp=files_fingerprint(own),
            labels=labels,
            metrics=lambda: _metrics(folder / "metrics"),
            parent=_text(parent) if parent.is_file() else None,
        )

    def _logged(self, experiment: Path) -> List[LoggedModel]:
        found = []
        for folder in _with_meta(experiment / _MODELS):
            meta = _meta(folder)
            found.append(
                LoggedModel(
                    str(meta.get("model_id") or folder.name), str(meta.get("name") or folder.name),
                    str(meta.get("artifact_location") or folder / "artifacts"), *_times(meta),
                    int(meta.get("status") or 2), meta.get("source_run_id"),
                    meta.get("model_type"), _texts(folder / "tags"), _texts(folder / "params"),
                )
            )  # fmt: skip
        return found


def _version(meta: Dict[str, Any], name: str, tags: Dict[str, str]) -> StoredVersion:
    return StoredVersion(
        str(meta.get("name") or name), int(meta.get("version") or 0), _times(meta)[0],
        str(meta.get("storage_location") or meta.get("source") or ""), meta.get("run_id") or None,
        meta.get("description") or None, meta.get("current_stage"), tags,
    )  # fmt: skip


def _times(meta: Dict[str, Any]) -> Tuple[int, int]:
    created = meta.get("creation_timestamp") or meta.get("creation_time") or 0
    modified = meta.get("last_updated_timestamp") or meta.get("last_updated_time") or created
    return int(created), int(modified)


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
