"""Reading MLflow's SQLite store (Source: mlflow/store/tracking/dbmodels/models.py).

The database is opened for reading only. Versions of MLflow add tables and columns; only those that
all since 1.0 have are needed.
"""

from __future__ import annotations

import math
import sqlite3
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Optional, Set, Tuple

from ml_jupyter.exceptions import ImportSourceInvalid
from ml_jupyter.importers.foreign import fingerprint
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

HEADER = b"SQLite format 3\0"
_NEEDED = {"experiments", "runs", "metrics", "params", "tags"}
#: MLflow writes infinity as the greatest number that SQLite's FLOAT takes.
_GREATEST = 1.7976931348623157e308
#: Stage of a version that was deleted; its row stays.
_DELETED = "Deleted_Internal"
_MS = 1_000_000


class Database:
    """An MLflow database of SQLite.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    ImportSourceInvalid
        It is no SQLite database, or none of MLflow's.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._translated():
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
            self._db.row_factory = sqlite3.Row
            self._tables = {row["name"] for row in self._rows("SELECT name FROM sqlite_master")}
        missing = sorted(_NEEDED - self._tables)
        if missing:
            self.close()
            raise ImportSourceInvalid(f"{path} is no MLflow database: it has no {missing[0]!r}.")

    def runs(self) -> List[StoredRun]:
        """All runs, deleted ones too."""
        with self._translated():
            names = {row["experiment_id"]: row for row in self._rows("SELECT * FROM experiments")}
            parents = dict(self._pairs("SELECT run_uuid, value FROM tags WHERE key = ?", PARENT))
            logged = self._logged()
            found = []
            for row in self._rows("SELECT * FROM runs ORDER BY start_time, run_uuid"):
                run = self._run(row, names[row["experiment_id"]])
                run.parent = parents.get(run.run_id)
                run.logged = logged.get(run.run_id, [])
                found.append(run)
            return found

    def names(self) -> List[StoredName]:
        """The names of registered models."""
        if "registered_models" not in self._tables:
            return []
        with self._translated():
            return [
                StoredName(
                    row["name"], row["creation_time"] or 0,
                    row["last_updated_time"] or row["creation_time"] or 0, row["description"],
                    self._labels("registered_model_tags", "key", "value", name=row["name"]),
                    self._labels("registered_model_aliases", "alias", "version", name=row["name"]),
                )
                for row in self._rows("SELECT * FROM registered_models ORDER BY name")
            ]  # fmt: skip

    def versions(self) -> List[StoredVersion]:
        """Versions of registered models, oldest first."""
        if "model_versions" not in self._tables:
            return []
        with self._translated():
            rows = self._rows("SELECT * FROM model_versions ORDER BY name, version")
            return [
                self._version(row) for row in rows if row["current_stage"] != "Deleted_Internal"
            ]

    def place_of(self, address: str) -> Optional[Path]:
        """Where an artifact address lies; also beside the database, after both were moved."""
        path = local_path(address)
        if path is None:
            return None
        if path.is_absolute() and path.exists():
            return path
        beside = self._path.resolve().parent
        for count in range(len(path.parts) - 1, 1, -1):
            inside = beside.joinpath(*path.parts[-count:])
            if inside.exists():
                return inside
        return beside / path if (beside / path).exists() else None

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    # -- inside

    def _run(self, row: sqlite3.Row, experiment: sqlite3.Row) -> StoredRun:
        run_id = row["run_uuid"]

        def labels() -> Tuple[Dict[str, str], Dict[str, str]]:
            with self._translated():
                return (
                    self._labels("params", "key", "value", run_uuid=run_id),
                    self._labels("tags", "key", "value", run_uuid=run_id),
                )

        gone = "deleted" in (row["lifecycle_stage"], experiment["lifecycle_stage"])
        return StoredRun(
            where=f"{self._path}, run {run_id}",
            run_id=run_id,
            experiment=experiment["name"],
            status=row["status"] or "RUNNING",
            started=row["start_time"],
            ended=row["end_time"],
            user=row["user_id"] or "",
            name=row["name"] or None,
            deleted=gone,
            artifacts=row["artifact_uri"] or "",
            stamp=self._stamp(row),
            labels=labels,
            metrics=lambda: self._metrics(run_id),
            inputs=lambda: self._inputs(run_id),
        )

    def _inputs(self, run_id: str) -> List[StoredInput]:
        if not {"inputs", "datasets", "input_tags"} <= self._tables:
            return []
        columns = ", ".join(("name", "digest", *(f"dataset_{name}" for name in DATASET[2:])))
        with self._translated():
            rows = self._rows(
                f"SELECT inputs.input_uuid, {columns} FROM inputs "
                "JOIN datasets ON datasets.dataset_uuid = inputs.source_id "
                "WHERE inputs.source_type = 'DATASET' AND inputs.destination_id = ? "
                "ORDER BY name, digest",
                run_id,
            )
            return [
                StoredInput(
                    dict(zip(DATASET, row[1:])),
                    self._labels("input_tags", "name", "value", input_uuid=row[0]),
                )
                for row in rows
            ]

    def _stamp(self, row: sqlite3.Row) -> str:
        found = self._db.execute(
            "SELECT count(*), max(timestamp) FROM metrics WHERE run_uuid = ?", (row["run_uuid"],)
        )
        labels = [
            self._labels(table, "key", "value", run_uuid=row["run_uuid"])
            for table in ("params", "tags")
        ]
        had = [(item.dataset, item.tags) for item in self._inputs(row["run_uuid"])]
        return fingerprint(tuple(row), found.fetchone()[:], labels, *had)

    def _metrics(self, run_id: str) -> Iterator[Tuple[str, Iterable[Point]]]:
        nan = "is_nan" if self._has("metrics", "is_nan") else "0"
        step = "step" if self._has("metrics", "step") else "0"
        with self._translated():
            rows = self._db.cursor()
            rows.row_factory = None  # plain tuples: a third of the time
            rows.execute(
                f"SELECT key, value, timestamp, {step}, {nan} FROM metrics WHERE run_uuid = ? "
                "ORDER BY key, timestamp, step",
                (run_id,),
            )
            for name, found in groupby(rows, lambda row: row[0]):
                yield (
                    name,
                    (
                        (step, time * _MS, _number(value, bad))
                        for _, value, time, step, bad in found
                    ),
                )

    def _version(self, row: sqlite3.Row) -> StoredVersion:
        known = row.keys()
        location = row["storage_location"] if "storage_location" in known else None
        name, version = row["name"], row["version"]
        return StoredVersion(
            name, version, row["creation_time"] or 0, location or row["source"] or "",
            row["run_id"], row["description"], row["current_stage"],
            self._labels("model_version_tags", "key", "value", name=name, version=version),
        )  # fmt: skip

    def _logged(self) -> Dict[str, List[LoggedModel]]:
        found: Dict[str, List[LoggedModel]] = {}
        if "logged_models" not in self._tables:
            return found
        for row in self._rows("SELECT * FROM logged_models WHERE lifecycle_stage = 'active'"):
            key = row["model_id"]
            model = LoggedModel(
                key, row["name"], row["artifact_location"], row["creation_timestamp_ms"],
                row["last_updated_timestamp_ms"], row["status"], row["source_run_id"],
                row["model_type"],
                self._labels("logged_model_tags", "tag_key", "tag_value", model_id=key),
                self._labels("logged_model_params", "param_key", "param_value", model_id=key),
            )  # fmt: skip
            found.setdefault(str(model.run_id), []).append(model)
        return found

    def _labels(self, table: str, key: str, value: str, **where: Any) -> Dict[str, Any]:
        if table not in self._tables:
            return {}
        wanted = " AND ".join(f"{name} = ?" for name in where)
        rows = self._rows(f"SELECT {key}, {value} FROM {table} WHERE {wanted}", *where.values())
        return {row[0]: row[1] if row[1] is not None else "" for row in rows}

    def _pairs(self, query: str, *values: Any) -> List[Tuple[Any, Any]]:
        return [(row[0], row[1]) for row in self._rows(query, *values)]

    def _rows(self, query: str, *values: Any) -> List[sqlite3.Row]:
        return self._db.execute(query, values).fetchall()

    def _has(self, table: str, column: str) -> bool:
        found: Set[str] = {row["name"] for row in self._rows(f"PRAGMA table_info({table})")}
        return column in found

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise ImportSourceInvalid(f"{self._path} cannot be read: {error}.") from error


def _number(value: Any, is_nan: Any) -> float:
    if is_nan:
        return math.nan
    if abs(value) >= _GREATEST:
        return math.copysign(math.inf, value)
    return float(value)
