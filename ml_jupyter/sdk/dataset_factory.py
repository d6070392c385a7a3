"""``Dataset``: makes datasets, and finds registered ones (surface 7.2)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Optional

from ml_jupyter._files import PathLike
from ml_jupyter.datasets.tables.partitions import PartitionFormat
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.dataset import FileDataset
from ml_jupyter.sdk.dataset_sources import check, sources_of, workspace_of
from ml_jupyter.sdk.tabular_factory import TabularDatasetFactory

if TYPE_CHECKING:
    from ml_jupyter.sdk.workspace import Workspace


class FileDatasetFactory:
    """``Dataset.File``."""

    @staticmethod
    def from_files(
        path: Any,
        validate: bool = True,
        partition_format: Optional[str] = None,
        is_file: bool = False,
    ) -> FileDataset:
        """A dataset of files.

        Parameters
        ----------
        path : str, path, DataPath, (Datastore, str), or list of these
            Files, folders, globs, addresses.
        validate : bool
            Refuse local paths without a file. Addresses are looked at when they are fetched.
        partition_format : str, optional
            Columns whose values stand in the paths: ``/{country}/{day:yyyy/MM/dd}/*.csv``. They are
            for ``filter`` and ``get_partition_key_values``.
        is_file : bool
            Accepted: what a path leads to is seen when it is looked at.

        Raises
        ------
        UserErrorException
            ``path`` is empty or of another kind, or a local path has no file.
        """
        sources, workspace = sources_of(path), workspace_of(path)
        if validate:
            check(sources, workspace)
        if partition_format is not None:
            PartitionFormat(partition_format)
        return FileDataset._of(sources, [], workspace, partition_format)

    @staticmethod
    def upload_directory(
        src_dir: PathLike,
        target: Any,
        pattern: Optional[str] = None,
        overwrite: bool = False,
        show_progress: bool = True,
    ) -> FileDataset:
        """Copy a folder into a datastore; the dataset of what is there then.

        Parameters
        ----------
        target : Datastore, DataPath or (Datastore, str)
            Where to.
        pattern : str, optional
            Glob below the folder; default: everything.
        """
        from ml_jupyter.sdk.datastore import DataPath, Datastore

        if isinstance(target, DataPath):
            target = (target.datastore, target.path_on_datastore or "")
        store, folder = (target, "") if isinstance(target, Datastore) else target
        found = sorted(Path(src_dir).glob(pattern or "**/*"))
        files = [path for path in found if path.is_file()]
        if not files:
            raise UserErrorException(f"src_dir: there is no file in {str(src_dir)!r}.")
        store.upload_files(files, src_dir, folder, overwrite, show_progress)
        end = "/" if store.is_remote else ""
        return FileDatasetFactory.from_files((store, f"{folder.rstrip('/')}{end}"))


class Dataset:
    """Entry to datasets: ``Dataset.File.from_files(…)``, ``Dataset.get_by_name(…)``."""

    File = FileDatasetFactory
    Tabular = TabularDatasetFactory

    @staticmethod
    def get_by_name(
        workspace: Workspace, name: str, version: Any = "latest", **_ignored: Any
    ) -> Any:
        """A registered dataset.

        Parameters
        ----------
        version : int or str
            ``latest``, or a number.

        Raises
        ------
        UserErrorException
            There is none of this name and version.
        """
        from ml_jupyter.sdk import dataset_store

        return dataset_store.get(workspace, name, version)

    @staticmethod
    def get_by_id(workspace: Workspace, id: str, **_ignored: Any) -> Any:
        """The registered dataset of this id.

        Inside a job also the table that the job got, by the value that stands in its arguments.

        Raises
        ------
        UserErrorException
            There is none.
        """
        from ml_jupyter.sdk import dataset_store

        return dataset_store.get_by_id(workspace, id)

    @staticmethod
    def get_all(workspace: Workspace) -> Dict[str, Any]:
        """The newest version of each registered dataset, by name."""
        from ml_jupyter.sdk import dataset_store

        return dataset_store.all_of(workspace)
