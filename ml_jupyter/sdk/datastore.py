"""``Datastore``: a folder or an address for data, by name (surface 2.5, 7.4)."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, List, Optional, Sequence, Set, Tuple

from ml_jupyter._files import PathLike, confine
from ml_jupyter._parts import appearing, is_part
from ml_jupyter.datasets import addresses
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import datastore_registry, datastore_remote
from ml_jupyter.sdk.datastore_cloud import CloudDatastores

if TYPE_CHECKING:
    from ml_jupyter.sdk.data_reference import DataReference
    from ml_jupyter.sdk.workspace import Workspace


class Datastore(CloudDatastores):
    """A place for data that belongs to the workspace.

    Parameters
    ----------
    workspace : Workspace
        Its workspace.
    name : str, optional
        ``workspaceblobstore`` and ``workspacefilestore`` are folders of the workspace; others were
        registered by ``register_folder`` and ``register_url``. Default: the default datastore.

    Raises
    ------
    UserErrorException
        There is no datastore of this name.
    """

    def __init__(self, workspace: Workspace, name: Optional[str] = None) -> None:
        chosen = name or datastore_registry.default(workspace)
        self._facts = datastore_registry.find(workspace, chosen)
        self.workspace = workspace
        self.name = chosen

    def __repr__(self) -> str:
        return f"Datastore({self.name!r}, {addresses.shown(self.place)!r})"

    @property
    def datastore_type(self) -> str:
        """``Local``: a folder; ``Remote``: an address."""
        return "Remote" if self.is_remote else "Local"

    @property
    def is_remote(self) -> bool:
        """Whether it is an address and not a folder of this machine."""
        return self._facts["kind"] == datastore_registry.URL

    @property
    def place(self) -> str:
        """Its folder or its address."""
        return str(self._facts["place"])

    @property
    def folder(self) -> Path:
        """The folder; made when it is not there.

        Raises
        ------
        UserErrorException
            It is an address.
        """
        if self.is_remote:
            raise UserErrorException(
                f"The datastore {self.name!r} is no folder: {addresses.shown(self.place)}.",
                hint="Read it with Dataset.File.from_files((store, path)); jobs write to folders.",
            )
        path = Path(self.place)
        path.mkdir(parents=True, exist_ok=True)
        return path

    @staticmethod
    def register_folder(
        workspace: Workspace, datastore_name: str, path: PathLike, overwrite: bool = False
    ) -> Datastore:
        """Make a folder of this machine, or of the network, a datastore. Not in the Azure ML SDK.

        Raises
        ------
        UserErrorException
            There is no such folder, or the name is taken.
        """
        place = Path(os.path.abspath(os.path.expanduser(os.fspath(path))))
        if not place.is_dir():
            raise UserErrorException(f"path: there is no folder {str(path)!r}.")
        kind = datastore_registry.FOLDER
        datastore_registry.add(workspace, datastore_name, kind, str(place), overwrite=overwrite)
        return Datastore(workspace, datastore_name)

    @staticmethod
    def register_url(
        workspace: Workspace, datastore_name: str, url: str, overwrite: bool = False
    ) -> Datastore:
        """Make an address a datastore: ``s3://bucket/folder``, ``https://example.org/data`` ….

        Not in the Azure ML SDK. What ``fsspec`` can open is read through it, with the credentials
        of this user's environment; put none into the address.

        Raises
        ------
        UserErrorException
            It is no address, or the name is taken.
        """
        addresses.check(url)
        kind = datastore_registry.URL
        datastore_registry.add(workspace, datastore_name, kind, url, overwrite=overwrite)
        return Datastore(workspace, datastore_name)

    def unregister(self) -> None:
        """Forget the name; the data stays."""
        datastore_registry.remove(self.workspace, self.name)

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
        named = [(path, _relative(path, root)) for path in paths]
        if self.is_remote:
            place = datastore_remote.joined(self.place, target_path or "")
            stayed = set(datastore_remote.put(place, named, overwrite=overwrite))
        else:
            stayed = self._put(named, target_path or "", overwrite=overwrite)
        for _, name in named:
            if name in stayed:
                print(f"Target already exists. Skipping upload for {name}")
            elif show_progress:
                print(f"Uploaded {name}")
        return self.path(target_path)

    def _put(self, files: Sequence[Tuple[Path, str]], folder: str, *, overwrite: bool) -> Set[str]:
        stayed = set()
        for path, name in files:
            target = confine(self.folder, str(PurePosixPath(folder) / name))
            if target.exists() and not overwrite:
                stayed.add(name)
                continue
            with appearing(target) as part:
                shutil.copyfile(str(path), str(part))
        return stayed

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
        if self.is_remote:
            place = datastore_remote.joined(self.place, prefix or "")
            root = Path(target_path) / (prefix or "")
            return len(datastore_remote.get(place, root, overwrite=overwrite))
        root, count = self.folder, 0
        start = confine(root, prefix or ".")
        found = [start] if start.is_file() else sorted(start.rglob("*"))
        for path in found:
            target = Path(target_path) / path.relative_to(root)
            if not path.is_file() or is_part(path.name) or (target.exists() and not overwrite):
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
        """Make it the workspace's default datastore."""
        datastore_registry.set_default(self.workspace, self.name)


@dataclass(frozen=True)
class DataPath:
    """A path in a datastore: ``Dataset.File.from_files(DataPath(store, "folder/*.csv"))``."""

    datastore: Any = None
    path_on_datastore: Optional[str] = None
    name: Optional[str] = None

    @property
    def datastore_name(self) -> Optional[str]:
        """Name of the datastore."""
        return None if self.datastore is None else str(self.datastore.name)

    def create_data_reference(
        self,
        data_reference_name: Optional[str] = None,
        datapath_compute_binding: Optional[DataPathComputeBinding] = None,
    ) -> DataReference:
        """A reference to the path, for the arguments of a job."""
        binding = datapath_compute_binding or DataPathComputeBinding()
        return binding.create_data_reference(data_reference_name or self.name, self)

    @staticmethod
    def create_from_data_reference(data_reference: DataReference) -> DataPath:
        """The path that a reference is about."""
        found = data_reference
        return DataPath(found.datastore, found.path_on_datastore, found.data_reference_name)


@dataclass(frozen=True)
class DataPathComputeBinding:
    """How a job gets a ``DataPath``: ``mount``, ``download`` or ``upload``, and where."""

    mode: str = "mount"
    path_on_compute: Optional[str] = None
    overwrite: bool = False

    def create_data_reference(
        self, data_reference_name: Optional[str] = None, datapath: Optional[DataPath] = None
    ) -> DataReference:
        """A reference to a path, for the arguments of a job.

        Raises
        ------
        UserErrorException
            There is no path, or it is of no datastore.
        """
        from ml_jupyter.sdk.data_reference import DataReference

        if datapath is None or datapath.datastore is None:
            raise UserErrorException("datapath: a DataPath with a datastore is needed.")
        return DataReference(
            datapath.datastore,
            data_reference_name,
            datapath.path_on_datastore,
            self.mode,
            self.path_on_compute,
            self.overwrite,
        )

    @staticmethod
    def create_from_data_reference(data_reference: DataReference) -> DataPathComputeBinding:
        """How a reference gives its data."""
        found = data_reference
        return DataPathComputeBinding(found.mode, found.path_on_compute, found.overwrite)


def _common(paths: List[Path]) -> Path:
    if not paths:
        return Path.cwd()
    return Path(os.path.commonpath([str(path.parent) for path in paths]))


def _relative(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError as error:
        raise UserErrorException(f"files: {path} is not below relative_root {root}.") from error
