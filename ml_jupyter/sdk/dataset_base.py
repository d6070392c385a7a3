"""What all datasets share: name and version, registering, parts, the way into a job."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Sequence, Tuple, TypeVar

from ml_jupyter.datasets.tables import expressions
from ml_jupyter.datasets.tables.expressions import Expression
from ml_jupyter.sdk import dataset_steps
from ml_jupyter.sdk.dataset_consumption import DatasetConsumptionConfig
from ml_jupyter.sdk.dataset_sources import DataFile, Source

if TYPE_CHECKING:
    from ml_jupyter.sdk.workspace import Workspace

Self = TypeVar("Self", bound="AbstractDataset")


class AbstractDataset:
    """A reference to data. Made by ``Dataset.File`` and ``Dataset.Tabular``."""

    #: Kind of the content, as it is stored.
    _kind = ""

    def __init__(self) -> None:
        self._sources: List[Source] = []
        self._steps: List[List[Any]] = []
        self._workspace: Optional[Workspace] = None
        self._record: Optional[Dict[str, Any]] = None
        self._partition_format: Optional[str] = None

    # -- facts

    @property
    def name(self) -> Optional[str]:
        """Name of a registered dataset; None otherwise."""
        return None if self._record is None else str(self._record["name"])

    @property
    def version(self) -> Optional[int]:
        """Version of a registered dataset; None otherwise."""
        return None if self._record is None else int(self._record["version"])

    @property
    def id(self) -> Optional[str]:
        """Id of a registered dataset; None otherwise."""
        return None if self._record is None else str(self._record["id"])

    @property
    def description(self) -> Optional[str]:
        """What it is."""
        return None if self._record is None else self._record.get("description")

    @property
    def tags(self) -> Dict[str, str]:
        """Tags of a registered dataset."""
        return {} if self._record is None else dict(self._record.get("tags") or {})

    @property
    def data_changed_time(self) -> Optional[Any]:
        """When the newest local file was changed (UTC); None where all of it is remote."""
        from ml_jupyter.sdk.dataset_sources import changed

        return changed(self._sources, self._workspace)

    def __repr__(self) -> str:
        where = ", ".join(source.value for source in self._sources[:3])
        named = f"{self.name}:{self.version}, " if self.name else ""
        more = "…" if len(self._sources) > 3 else ""
        return f"{type(self).__name__}({named}{where}{more})"

    # -- columns

    def __getitem__(self, key: Any) -> Any:
        """A column in conditions, ``ds["age"]``; with a list of names, those columns only."""
        if isinstance(key, (list, tuple)):
            return self._columns_only([str(item) for item in key])
        return expressions.column(key)

    def filter(self: Self, expression: Expression) -> Self:
        """What the condition is true of: ``ds.filter((ds["age"] > 30) & (ds["sex"] == "f"))``.

        Raises
        ------
        UserErrorException
            It is no condition.
        """
        return self._with("filter", expressions.condition(expression))

    @property
    def partition_keys(self) -> List[str]:
        """Columns whose values stand in the paths of files."""
        from ml_jupyter.datasets.tables.partitions import PartitionFormat

        return [] if not self._partition_format else PartitionFormat(self._partition_format).columns

    # -- in jobs

    def as_mount(self, path_on_compute: Optional[str] = None) -> DatasetConsumptionConfig:
        """For the arguments of a job: read-only files."""
        return DatasetConsumptionConfig(None, self, "mount", path_on_compute)

    def as_download(self, path_on_compute: Optional[str] = None) -> DatasetConsumptionConfig:
        """For the arguments of a job: copies."""
        return DatasetConsumptionConfig(None, self, "download", path_on_compute)

    def as_named_input(self, name: str) -> DatasetConsumptionConfig:
        """For the arguments of a job, by name: ``run.input_datasets[name]`` and the variable."""
        return DatasetConsumptionConfig(name, self, "direct")

    # -- registered ones

    def register(
        self: Self,
        workspace: Workspace,
        name: str,
        description: Optional[str] = None,
        tags: Optional[Mapping[str, str]] = None,
        create_new_version: bool = False,
    ) -> Self:
        """Keep it in the workspace under a name.

        Returns
        -------
        AbstractDataset
            The registered one; the one with the same content when it is the newest version.

        Raises
        ------
        UserErrorException
            The name is taken and ``create_new_version`` is False.
        """
        from ml_jupyter.sdk import dataset_store

        made: Self = dataset_store.register(
            self, workspace, name, description, tags, create_new_version=create_new_version
        )
        return made

    def get_runs(self) -> List[Dict[str, Any]]:
        """Which runs read or wrote this version, newest first: ``run`` (its id) and ``role``.

        Not in the Azure ML SDK.

        Raises
        ------
        UserErrorException
            The dataset is not registered.
        """
        from ml_jupyter.sdk import dataset_store

        return dataset_store.runs_of(self)

    def unregister_all_versions(self) -> None:
        """Forget its name in the workspace; the files stay."""
        from ml_jupyter.sdk import dataset_store

        if self.name is not None and self._workspace is not None:
            dataset_store.forget(self._workspace, self.name)

    def update(
        self: Self, description: Optional[str] = None, tags: Optional[Mapping[str, str]] = None
    ) -> Self:
        """Change description or tags of this version."""
        from ml_jupyter.sdk import dataset_store

        made: Self = dataset_store.update(self, description, tags)
        return made

    def add_tags(self: Self, tags: Optional[Mapping[str, str]] = None) -> Self:
        """Add tags to this version."""
        return self.update(tags={**self.tags, **(tags or {})})

    def remove_tags(self: Self, tags: Optional[Sequence[str]] = None) -> Self:
        """Remove tags of this version."""
        return self.update(tags={k: v for k, v in self.tags.items() if k not in (tags or ())})

    @staticmethod
    def get_by_name(
        workspace: Workspace, name: str, version: Any = "latest", **_ignored: Any
    ) -> Any:
        """A registered dataset; see ``Dataset.get_by_name``."""
        from ml_jupyter.sdk import dataset_store

        return dataset_store.get(workspace, name, version)

    @staticmethod
    def get_by_id(workspace: Workspace, id: str, **_ignored: Any) -> Any:
        """A registered dataset; see ``Dataset.get_by_id``."""
        from ml_jupyter.sdk import dataset_store

        return dataset_store.get_by_id(workspace, id)

    @staticmethod
    def get_all(workspace: Workspace) -> Dict[str, Any]:
        """The newest version of each registered dataset."""
        from ml_jupyter.sdk import dataset_store

        return dataset_store.all_of(workspace)

    # -- parts

    def take(self: Self, count: int) -> Self:
        """The first ``count`` files or rows."""
        return self._with("take", dataset_steps.natural(count, "count"))

    def skip(self: Self, count: int) -> Self:
        """All but the first ``count`` files or rows."""
        return self._with("skip", dataset_steps.natural(count, "count"))

    def take_sample(self: Self, probability: float, seed: Optional[int] = None) -> Self:
        """Each file or row with a probability."""
        return self._with(
            "sample", 0.0, dataset_steps.ratio(probability, "probability"), dataset_steps.seed(seed)
        )

    def random_split(
        self: Self, percentage: float, seed: Optional[int] = None
    ) -> Tuple[Self, Self]:
        """Two parts that together have everything; the first about ``percentage`` (0 to 1)."""
        part, chosen = dataset_steps.ratio(percentage, "percentage"), dataset_steps.seed(seed)
        return self._with("sample", 0.0, part, chosen), self._with("sample", part, 1.0, chosen)

    def _with(self: Self, *step: Any) -> Self:
        made = copy.copy(self)
        made._steps, made._record = [*self._steps, list(step)], None
        return made

    def _columns_only(self, names: Sequence[str]) -> Any:
        raise NotImplementedError

    def _files(self) -> List[DataFile]:
        raise NotImplementedError

    def _for_job(self, files: Sequence[DataFile]) -> Optional[Dict[str, Any]]:
        """What a job has to know beside the files; None: they are enough."""
        return None

    def _content(self) -> Dict[str, Any]:
        """The definition, as it is stored."""
        value = {
            "kind": self._kind,
            "sources": [source.to_json() for source in self._sources],
            "steps": self._steps,
        }
        if self._partition_format is not None:
            value["partition_format"] = self._partition_format
        return value

    @classmethod
    def _from(cls, content: Mapping[str, Any], workspace: Any) -> Any:
        """The dataset of a stored definition."""
        made = cls()
        made._sources = [Source.from_json(item) for item in content["sources"]]
        made._steps = [list(step) for step in content.get("steps", ())]
        made._partition_format = content.get("partition_format")
        made._workspace = workspace
        return made
