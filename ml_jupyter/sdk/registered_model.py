"""What is recorded of a registered model: facts that can be read."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Dict, List, Optional

from ml_jupyter import _time
from ml_jupyter.models.record import ModelRecord
from ml_jupyter.models.store import ModelStore
from ml_jupyter.sdk.compute_resources import ResourceConfiguration

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run
    from ml_jupyter.sdk.workspace import Workspace


class RegisteredModel:
    """One version of a model, as the workspace records it. Only ``Model`` is made of it."""

    def _adopt(self, workspace: Workspace, record: ModelRecord) -> None:
        self.workspace = workspace
        self._record = record

    @property
    def _store(self) -> ModelStore:
        return ModelStore(self.workspace._folder.layout)

    @property
    def id(self) -> str:
        """``name:version``."""
        return self._record.key

    @property
    def name(self) -> str:
        """Name that the versions share."""
        return self._record.name

    @property
    def version(self) -> int:
        """1, 2, … of the name."""
        return self._record.version

    @property
    def description(self) -> Optional[str]:
        """What the model is about."""
        return self._record.description

    @property
    def tags(self) -> Dict[str, Optional[str]]:
        """The tags, as a copy; ``add_tags`` changes them."""
        return dict(self._record.tags)

    @property
    def properties(self) -> Dict[str, str]:
        """The properties, as a copy."""
        return dict(self._record.properties)

    @property
    def model_framework(self) -> Optional[str]:
        """The framework that it was registered with."""
        return self._record.framework

    @property
    def model_framework_version(self) -> Optional[str]:
        """The version of the framework."""
        return self._record.framework_version

    @property
    def resource_configuration(self) -> Optional[ResourceConfiguration]:
        """What it asks for when it is deployed."""
        return ResourceConfiguration.deserialize(self._record.resources)

    @property
    def run_id(self) -> Optional[str]:
        """Id of the run that made it."""
        return self._record.run_id

    @property
    def run(self) -> Optional[Run]:
        """The run that made it; None without one, or when it was deleted."""
        from ml_jupyter.exceptions import RunNotFound
        from ml_jupyter.sdk.run import Run

        try:
            return None if self.run_id is None else Run.get(self.workspace, self.run_id)
        except RunNotFound:
            return None

    @property
    def experiment_name(self) -> Optional[str]:
        """Experiment of the run that made it."""
        return self._record.experiment

    @property
    def created_time(self) -> datetime:
        """When it was registered, UTC."""
        return datetime.fromtimestamp(self._record.created / 1e9, timezone.utc)

    @property
    def url(self) -> str:
        """The model as an address, as the SDK writes it."""
        return f"aml://asset/{self._record.id}"

    @property
    def datasets(self) -> Dict[str, List[Any]]:
        """Data that it was made from, by purpose."""
        found: Dict[str, List[Any]] = {}
        for purpose, dataset in self._record.datasets:
            found.setdefault(purpose, []).append(dataset)
        return found

    @property
    def sample_input_dataset(self) -> Any:
        """The example of an input, or ``{"dataset": …}``."""
        return self._record.sample_input

    @property
    def sample_output_dataset(self) -> Any:
        """The example of an output, or ``{"dataset": …}``."""
        return self._record.sample_output

    def serialize(self) -> Dict[str, Any]:
        """All facts as a dict."""
        record = self._record
        return {
            "createdTime": _time.iso(record.created),
            "description": record.description,
            "experimentName": record.experiment,
            "framework": record.framework,
            "frameworkVersion": record.framework_version,
            "id": record.key,
            "name": record.name,
            "path": record.path,
            "properties": dict(record.properties),
            "resourceConfiguration": record.resources,
            "runId": record.run_id,
            "sizeInBytes": record.bytes,
            "tags": dict(record.tags),
            "version": record.version,
        }

    def __repr__(self) -> str:
        return (
            f"Model(workspace={self.workspace!r}, name={self.name}, id={self.id}, "
            f"version={self.version}, tags={self.tags}, properties={self.properties})"
        )

    def _repr_html_(self) -> str:
        from ml_jupyter.sdk import html

        facts = {
            "Model": self.name,
            "Version": str(self.version),
            "Framework": " ".join(
                filter(None, (self.model_framework, self.model_framework_version))
            ),
            "Size": f"{self._record.bytes:,} bytes",
            "Run": self.run_id or "",
            "Resources": _shown(self.resource_configuration),
        }
        return html.table({key: value for key, value in facts.items() if value})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RegisteredModel) and self._record.id == other._record.id

    def __hash__(self) -> int:
        return hash(self._record.id)


def _shown(resources: Optional[ResourceConfiguration]) -> str:
    if resources is None:
        return ""
    values = {"cores": resources.cpu, "GB of memory": resources.memory_in_gb, "GPUs": resources.gpu}
    return ", ".join(f"{value:g} {unit}" for unit, value in values.items() if value is not None)
