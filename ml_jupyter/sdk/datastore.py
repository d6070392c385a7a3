"""``Datastore``: a folder of the workspace for data (surface 2.5, 7.4)."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, List, Optional, Sequence

from ml_jupyter._files import PathLike, confine
from ml_jupyter.exceptions import UserErrorException

if TYPE_CHECKING:
    from ml_jupyter.sdk.data_reference import DataReference
    from ml_jupyter.sdk.workspace import Workspace

DEFAULT = "workspaceblobstore"
_NAMES = (DEFAULT, "workspacefilestore")


class Datastore:
    """A place for data that belongs to the workspace.

    Parameters
    ----------
    workspace : Workspace
        Its workspace.
    name : str, optional
        ``workspaceblobstore`` (default) or ``workspacefilestore``; folders of the workspace.

    Raises
    ------
    UserErrorException
        There is no datastore of this name.
    """

    def __init__(self, workspace: Workspace, name: Optional[str] = None) -> None:
        chosen = name or DEFAULT
        if chosen not in _NAMES:
            raise UserErrorException(
                f"There is no datastore {chosen!r}.", hint=f"There are: {', '.join(_NAMES)}."
            )
        self.workspace = workspace
        self.name = chosen

    def __repr__(self) -> str:
        return f"Datastore({self.name!r})"

    @property
    def datastore_type(self) -> str:
        """Always ``Local``: a folder."""
        return "Local"

    @property
    def folder(self) -> Path:
        """The folder; made when it is not there."""
        path = self.workspace._folder.layout.root / "datastores" / self.name
        path.mkdir(parents=True, exist_ok=True)
        return path

    @staticmethod
    def get(workspace: Workspace, datastore_name: str) -> Datastore:
        """The datastore of this name.

        Raises
        ------
        UserErrorException
            There is none.
        """
        return Datastore(workspace, datastore_name)

    @staticmethod
    def get_default(workspace: Workspace) -> Datastore:
        """The workspace's default datastore."""
        return Datastore(workspace)

    def upload(
        self,
        src_dir: PathLike,
        target_path: Optional[str] = None,
        overwrite: bool = False,
        show_progress: bool = True,
    ) -> DataReference:
        """Copy a folder into the datastore; see ``upload_files``."""
        root = Path(src_dir)
        if not root.is_dir():
            raise UserErrorException(f"src_dir: there is no folder {str(src_dir)!r}.")
        files = [str(path) for path in sorted(root.rglob("*")) if path.is_file()]
        return self.upload_files(files, str(root), target_path, overwrite, show_progress)

    def upload_files(
        self,
        files: Sequence[PathLike],
        relative_root: Optional[PathLike] = None,
        target_path: Optional[str] = None,
        overwrite: bool = False,
        show_progress: bool = True,
    ) -> DataReference:
        """Copy files into the datastore.

        Parameters
        ----------
        files : sequence of path
            Local files.
        relative_root : path, optional
            Their paths below it are kept; default: the folder that they have in common.
        target_path : str, optional
            Folder in the datastore.
        overwrite : bool
            Replace files that are there; otherwise they stay, and are named.
        show_progress : bool
            Print each file.

        Returns
        -------
        DataReference
            The target folder.

        Raises
        ------
        UserErrorException
            A file is missing, or the target is outside of the datastore.
        """
        paths = [Path(os.path.abspath(os.fspath(item))) for item in files]
        for path in paths:
            if not path.is_file():
                raise UserErrorException(f"files: there is no file {str(path)!r}.")
        root = Path(os.path.abspath(os.fspath(relative_root))) if relative_root else _common(paths)
        for path in paths:
            name = _relative(path, root)
            target = confine(self.folder, str(PurePosixPath(target_path or "") / name))
            if target.exists() and not overwrite:
                print(f"Target already exists. Skipping upload for {name}")
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.{os.getpid()}")
            shutil.copyfile(str(path), str(temporary))
            os.replace(str(temporary), str(target))
            if show_progress:
                print(f"Uploaded {name}")
        return self.path(target_path)

    def download(
        self,
        target_path: PathLike,
        prefix: Optional[str] = None,
        overwrite: bool = False,
        show_progress: bool = True,
    ) -> int:
        """Copy files out of the datastore; how many.

        Parameters
        ----------
        prefix : str, optional
            Folder or file in the datastore; default: everything.
        """
        root, count = self.folder, 0
        start = confine(root, prefix or ".")
        found = [start] if start.is_file() else sorted(start.rglob("*"))
        for path in found:
            target = Path(target_path) / path.relative_to(root)
            if not path.is_file() or (target.exists() and not overwrite):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(path), str(target))
            count += 1
            if show_progress:
                print(f"Downloaded {path.relative_to(root).as_posix()}")
        return count

    def path(
        self, path: Optional[str] = None, data_reference_name: Optional[str] = None
    ) -> DataReference:
        """A folder of the datastore, for the arguments of a job."""
        from ml_jupyter.sdk.data_reference import DataReference

        return DataReference(self, data_reference_name, path)

    def as_mount(self) -> DataReference:
        """The whole datastore, for the arguments of a job."""
        return self.path().as_mount()

    def as_download(self, path_on_compute: Optional[str] = None) -> DataReference:
        """A copy of the whole datastore, for the arguments of a job."""
        return self.path().as_download(path_on_compute)

    def set_as_default(self) -> None:
        """Accept the default datastore; another cannot be one.

        Raises
        ------
        UserErrorException
            It is another.
        """
        if self.name != DEFAULT:
            raise UserErrorException(f"The default datastore is always {DEFAULT!r}.")


@dataclass(frozen=True)
class DataPath:
    """A path in a datastore: ``Dataset.File.from_files(DataPath(store, "folder/*.csv"))``."""

    datastore: Any = None
    path_on_datastore: Optional[str] = None
    name: Optional[str] = None


def _common(paths: List[Path]) -> Path:
    if not paths:
        return Path.cwd()
    return Path(os.path.commonpath([str(path.parent) for path in paths]))


def _relative(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError as error:
        raise UserErrorException(f"files: {path} is not below relative_root {root}.") from error
