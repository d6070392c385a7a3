"""``FileDataset``: references to files, by name and version (surface 7.2)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence

from ml_jupyter._files import PathLike, confine
from ml_jupyter.datasets.fetching import give
from ml_jupyter.datasets.tables import expressions
from ml_jupyter.datasets.tables.expressions import Expression
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import dataset_steps, session
from ml_jupyter.sdk.dataset_base import AbstractDataset
from ml_jupyter.sdk.dataset_consumption import DatasetConsumptionConfig
from ml_jupyter.sdk.dataset_sources import DataFile, Source

if TYPE_CHECKING:
    from ml_jupyter.sdk.dataset_mount import MountContext

FILE = "file"


class FileDataset(AbstractDataset):
    """Files at addresses, in folders and in datastores. Made by ``Dataset.File.from_files``."""

    _kind = FILE

    @classmethod
    def _of(
        cls,
        sources: Sequence[Source],
        steps: Sequence[Sequence[Any]],
        workspace: Any,
        partition_format: Optional[str] = None,
    ) -> FileDataset:
        made = cls()
        made._sources, made._steps = list(sources), [list(step) for step in steps]
        made._workspace, made._partition_format = workspace, partition_format
        return made

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

    def as_hdfs(self) -> DatasetConsumptionConfig:
        """For the arguments of a job; as ``as_mount``, there is no HDFS here."""
        return self.as_mount()

    # -- parts

    def file_metadata(self, col: str) -> Expression:
        """A fact of the files in conditions: ``ds.filter(ds.file_metadata("Size") > 10_000)``.

        Parameters
        ----------
        col : str
            ``Size`` (bytes), ``LastModifiedTime`` or ``CreatedTime`` (UTC) or ``CanSeek``; of files
            on this machine.
        """
        if col not in dataset_steps.METADATA:
            known = ", ".join(dataset_steps.METADATA)
            raise UserErrorException(
                f"There is no fact {col!r} of files.", hint=f"Ask for {known}."
            )
        return expressions.column(dataset_steps.PREFIX + col)

    def get_partition_key_values(
        self, partition_keys: Optional[Sequence[str]] = None
    ) -> List[Dict[str, Any]]:
        """The combinations of values that stand in the files' paths, each once.

        Parameters
        ----------
        partition_keys : sequence of str, optional
            Which columns; default: all of ``partition_format``.
        """
        from ml_jupyter.sdk.dataset_partitions import combinations

        return combinations(self._files(), self._partition_format, partition_keys)

    def _files(self) -> List[DataFile]:
        files = dataset_steps.files_of(self._sources, self._workspace)
        for step in self._steps:
            files = dataset_steps.apply(files, step, self._partition_format)
        return files

    def _columns_only(self, names: Sequence[str]) -> Any:
        raise UserErrorException("A dataset of files has no columns to choose from.")


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
