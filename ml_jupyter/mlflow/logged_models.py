"""Models that MLflow has logged, before any registry: one JSON file each, in ``mlflow/models``.

The files of a model that a run made lie among the run's files, in ``models/<id>``, where our views
show them too; those of others beside its JSON file.
"""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Tuple

from mlflow.entities import Metric

from ml_jupyter._files import read_json, write_json
from ml_jupyter._ids import check_run_id
from ml_jupyter._mlflow_address import address_of
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import lock, stream
from ml_jupyter.history.append import Appender
from ml_jupyter.history.metrics import parse_line
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.mlflow import versions
from ml_jupyter.mlflow.errors import missing, translated

if TYPE_CHECKING or versions.LOGGED_MODELS:
    from mlflow.entities import LoggedModel, LoggedModelStatus

_DELETED = "deleted"  # as ``change`` is told


class LoggedModels:
    """The logged models of one workspace; any process may change them."""

    def __init__(self, workspace: WorkspaceFolder) -> None:
        self._folder = workspace.layout.root / "mlflow" / "models"

    def create(
        self, experiment_id: str, name: str, artifacts_of_run: Optional[str], **facts: Any
    ) -> LoggedModel:
        """Make a model that is still to get its files.

        Parameters
        ----------
        experiment_id : str
            MLflow's id.
        artifacts_of_run : str, optional
            Address of the files of the run that makes it.
        **facts
            ``source_run_id``, ``model_type``, ``tags``, ``params``.
        """
        model_id = f"m-{uuid.uuid4().hex}"
        own = address_of(self._folder / model_id)
        now = _now_ms()
        value = {
            "experiment_id": experiment_id,
            "model_id": model_id,
            "name": name,
            "artifact_location": f"{artifacts_of_run}/models/{model_id}"
            if artifacts_of_run
            else own,
            "creation_timestamp": now,
            "last_updated_timestamp": now,
            "status": LoggedModelStatus.PENDING.to_int(),
            **facts,
        }
        with translated():
            self._folder.mkdir(parents=True, exist_ok=True)
            write_json(self._path(model_id), value)
        return self._entity(value)

    def get(self, model_id: str, *, deleted: bool = False) -> LoggedModel:
        """A model.

        Raises
        ------
        MlflowException
            There is none, or it was deleted.
        """
        return self._entity(self._read(model_id, deleted=deleted))

    def list(self, experiment_ids: List[str]) -> Iterator[LoggedModel]:
        """The models of experiments, without deleted ones."""
        wanted = set(experiment_ids)
        for path in sorted(self._folder.glob("m-*.json")):
            value = read_json(path)
            if value["experiment_id"] in wanted and not value.get(_DELETED):
                yield self._entity(value)

    def change(
        self,
        model_id: str,
        *,
        tags: Optional[Dict[str, str]] = None,
        params: Optional[Dict[str, str]] = None,
        remove_tag: Optional[str] = None,
        **facts: Any,
    ) -> LoggedModel:
        """Change facts of a model, add tags or parameters, remove a tag.

        Raises
        ------
        MlflowException
            There is no such model or tag.
        """
        with translated(), lock.exclusive(self._lock_file()):
            value = self._read(model_id)
            if remove_tag is not None and remove_tag not in value["tags"]:
                raise missing(f"No tag with key {remove_tag!r} found for model {model_id!r}.")
            value["tags"] = {**value["tags"], **(tags or {})}
            value["tags"].pop(remove_tag, None)
            value["params"] = {**value["params"], **(params or {})}
            value.update(facts, last_updated_timestamp=_now_ms())
            write_json(self._path(model_id), value)
        return self._entity(value)

    def delete(self, model_id: str) -> None:
        """Hide a model; its files stay."""
        self.change(model_id, deleted=True)

    def add_metric(self, run_id: str, metric: Metric) -> None:
        """Note what was measured of a model."""
        self._read(metric.model_id)
        entry = {
            "key": metric.key, "value": metric.value, "timestamp": metric.timestamp,
            "step": metric.step, "run_id": run_id,
            "dataset_name": metric.dataset_name, "dataset_digest": metric.dataset_digest,
        }  # fmt: skip
        log = Appender(self._folder / f"{metric.model_id}.metrics")
        try:
            with translated():
                log.append(json.dumps(entry).encode("utf-8") + b"\n")
        finally:
            log.close()

    # -- inside

    def _entity(self, value: Dict[str, Any]) -> LoggedModel:
        facts = {key: item for key, item in value.items() if key != _DELETED}
        facts["status"] = LoggedModelStatus.from_int(facts["status"])
        return LoggedModel(**facts, metrics=self._metrics(value["model_id"]))

    def _metrics(self, model_id: str) -> List[Metric]:
        """The newest point of each metric for each dataset."""
        newest: Dict[Tuple[Any, ...], Metric] = {}
        for line in stream.read(self._folder / f"{model_id}.metrics").splitlines():
            entry = parse_line(line)
            if entry is None or "key" not in entry:
                continue
            metric = Metric(**entry, model_id=model_id)
            key = (metric.key, metric.dataset_name, metric.dataset_digest)
            old = newest.get(key)
            if old is None or (metric.step, metric.timestamp) >= (old.step, old.timestamp):
                newest[key] = metric
        return list(newest.values())

    def _read(self, model_id: str, *, deleted: bool = False) -> Dict[str, Any]:
        try:
            value: Dict[str, Any] = read_json(self._path(model_id))
        except (FileNotFoundError, MlJupyterError) as error:
            raise missing(f"Model '{model_id}' not found") from error
        if value.get(_DELETED) and not deleted:
            raise missing(f"Model '{model_id}' not found")
        return value

    def _path(self, model_id: str) -> Path:
        return self._folder / f"{check_run_id(model_id)}.json"

    def _lock_file(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / ".lock"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
