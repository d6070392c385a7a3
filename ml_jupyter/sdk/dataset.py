"""``FileDataset``: references to files, by name and version (surface 7.2)."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ml_jupyter._files import PathLike, confine
from ml_jupyter.datasets.fetching import give
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import dataset_steps, session
from ml_jupyter.sdk.dataset_consumption import DatasetConsumptionConfig
from ml_jupyter.sdk.dataset_sources import DataFile, Source

if TYPE_CHECKING:
    from ml_jupyter.sdk.dataset_mount import MountContext
    from ml_jupyter.sdk.workspace import Workspace

FILE = "file"


class FileDataset:
    """Files at addresses, in folders and in datastores. Made by ``Dataset.File.from_files``."""

    def __init__(self) -> None:
        self._sources: List[Source] = []
        self._steps: List[List[Any]] = []
        self._workspace: Optional[Workspace] = None
        self._record: Optional[Dict[str, Any]] = None

    @classmethod
    def _of(
        cls, sources: Sequence[Source], steps: Sequence[Sequence[Any]], workspace: Any
    ) -> FileDataset:
        made = cls()
        made._sources, made._steps = list(sources), [list(step) for step in steps]
        made._workspace = workspace
        return made

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

    def __repr__(self) -> str:
        where = ", ".join(source.value for source in self._sources[:3])
        named = f"{self.name}:{self.version}, " if self.name else ""
        return f"FileDataset({named}{where}{'…' if len(self._sources) > 3 else ''})"

    # -- files

    def to_path(self) -> List[str]:
        """Paths of the files below the dataset's root, each with a leading ``/``."""
        return [f"/{item.path}" for item in self._files()]

    def download(
        self,
        target_path: Optional[PathLike] = None,
        overwrite: bool = False,
        ignore_not_found: bool = False,
    ) -> List[str]:
        """Copy the files to a folder.

        Parameters
        ----------
        target_path : path, optional
            The folder; default: a new temporary one.
        overwrite : bool
            Replace files that are there.

        Returns
        -------
        list of str
            The local paths.

        Raises
        ------
        UserErrorException
            A file is there already, or data cannot be had.
        """
        import tempfile

        root = Path(target_path) if target_path is not None else Path(tempfile.mkdtemp())
        files = self._files()
        targets = [confine(root, item.path) for item in files]
        for target in targets:
            if target.exists() and not overwrite:
                raise UserErrorException(f"{target} exists.", hint="Pass overwrite=True.")
        _bring(files, root)
        return [str(target) for target in targets if target.exists() or not ignore_not_found]

    def mount(self, mount_point: Optional[PathLike] = None, **_ignored: Any) -> MountContext:
        """The files in a folder for a while: ``with dataset.mount() as mounted:``."""
        from ml_jupyter.sdk.dataset_mount import MountContext

        return MountContext(self._files(), mount_point)

    # -- in jobs

    def as_mount(self, path_on_compute: Optional[str] = None) -> DatasetConsumptionConfig:
        """For the arguments of a job: read-only files."""
        return self._consumed("mount", path_on_compute)

    def as_download(self, path_on_compute: Optional[str] = None) -> DatasetConsumptionConfig:
        """For the arguments of a job: copies."""
        return self._consumed("download", path_on_compute)

    def as_hdfs(self) -> DatasetConsumptionConfig:
        """For the arguments of a job; as ``as_mount``, there is no HDFS here."""
        return self._consumed("mount", None)

    def as_named_input(self, name: str) -> DatasetConsumptionConfig:
        """For the arguments of a job, by name: ``run.input_datasets[name]`` and the variable."""
        return DatasetConsumptionConfig(name, self, "direct")

    # -- registered ones

    def register(
        self,
        workspace: Workspace,
        name: str,
        description: Optional[str] = None,
        tags: Optional[Mapping[str, str]] = None,
        create_new_version: bool = False,
    ) -> FileDataset:
        """Keep it in the workspace under a name.

        Returns
        -------
        FileDataset
            The registered one; the one with the same content when it is the newest version.

        Raises
        ------
        UserErrorException
            The name is taken and ``create_new_version`` is False.
        """
        from ml_jupyter.sdk import dataset_store

        return dataset_store.register(
            self, workspace, name, description, tags, create_new_version=create_new_version
        )

    def unregister_all_versions(self) -> None:
        """Forget its name in the workspace; the files stay."""
        from ml_jupyter.sdk import dataset_store

        if self.name is not None and self._workspace is not None:
            dataset_store.forget(self._workspace, self.name)

    def update(
        self, description: Optional[str] = None, tags: Optional[Mapping[str, str]] = None
    ) -> FileDataset:
        """Change description or tags of this version."""
        from ml_jupyter.sdk import dataset_store

        return dataset_store.update(self, description, tags)

    def add_tags(self, tags: Optional[Mapping[str, str]] = None) -> FileDataset:
        """Add tags to this version."""
        return self.update(tags={**self.tags, **(tags or {})})

    def remove_tags(self, tags: Optional[Sequence[str]] = None) -> FileDataset:
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

    def take(self, count: int) -> FileDataset:
        """The first ``count`` files."""
        return self._with("take", dataset_steps.natural(count, "count"))

    def skip(self, count: int) -> FileDataset:
        """All but the first ``count`` files."""
        return self._with("skip", dataset_steps.natural(count, "count"))

    def take_sample(self, probability: float, seed: Optional[int] = None) -> FileDataset:
        """Each file with a probability."""
        return self._with(
            "sample", 0.0, dataset_steps.ratio(probability, "probability"), dataset_steps.seed(seed)
        )

    def random_split(
        self, percentage: float, seed: Optional[int] = None
    ) -> Tuple[FileDataset, FileDataset]:
        """Two parts that together have all files; the first about ``percentage`` (0 to 1)."""
        part, chosen = dataset_steps.ratio(percentage, "percentage"), dataset_steps.seed(seed)
        return self._with("sample", 0.0, part, chosen), self._with("sample", part, 1.0, chosen)

    def _files(self) -> List[DataFile]:
        found: Dict[str, DataFile] = {}
        for source in self._sources:
            for item in source.files(self._workspace):
                found.setdefault(item.path, item)
        files = list(found.values())
        for step in self._steps:
            files = dataset_steps.apply(files, step)
        return files

    def _with(self, *step: Any) -> FileDataset:
        made = copy.copy(self)
        made._steps, made._record = [*self._steps, list(step)], None
        return made

    def _consumed(self, mode: str, path_on_compute: Optional[str]) -> DatasetConsumptionConfig:
        return DatasetConsumptionConfig(None, self, mode, path_on_compute)

    def _content(self) -> Dict[str, Any]:
        sources = [source.to_json() for source in self._sources]
        return {"kind": FILE, "sources": sources, "steps": self._steps}


def _bring(files: Sequence[DataFile], root: Path) -> None:
    """Put the files into a folder, as copies."""
    from ml_jupyter.sdk.dataset_fetch import fetch_here

    settings = session.settings()
    remote = [(item.url, item.path) for item in files if item.url is not None]
    fetch_here([url for url, _ in remote], settings)
    root.mkdir(parents=True, exist_ok=True)
    give(remote, root, settings, copy=True)
    for item in files:
        if item.local is not None:
            target = confine(root, item.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(item.local, str(target))
