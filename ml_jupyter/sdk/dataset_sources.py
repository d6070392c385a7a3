"""Where the files of a dataset come from: local paths and globs, addresses, datastores."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Sequence

from ml_jupyter._parts import is_part
from ml_jupyter.datasets import addresses
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import datastore_remote
from ml_jupyter.sdk.datastore import DataPath, Datastore

if TYPE_CHECKING:
    from ml_jupyter.sdk.workspace import Workspace

_MAGIC = "*?["


@dataclass(frozen=True)
class DataFile:
    """One file of a dataset.

    Attributes
    ----------
    path : str
        Where it lies below the dataset's root, with ``/``.
    url : str, optional
        Its address, of a remote one.
    local : str, optional
        Its absolute path, of a local one.
    """

    path: str
    url: Optional[str] = None
    local: Optional[str] = None


@dataclass(frozen=True)
class Source:
    """A place that files come from, as it is stored with a dataset.

    Attributes
    ----------
    kind : str
        ``url``, ``local`` or ``datastore``.
    value : str
        The address, an absolute path or glob, or a path or glob within the datastore.
    datastore : str, optional
        Name of the datastore.
    """

    kind: str
    value: str
    datastore: Optional[str] = None

    def to_json(self) -> Dict[str, Any]:
        """As it is stored."""
        value = {"kind": self.kind, "value": self.value}
        return {**value, "datastore": self.datastore} if self.datastore else value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Source:
        """The source that ``to_json`` described."""
        return cls(str(value["kind"]), str(value["value"]), value.get("datastore"))

    def files(self, workspace: Optional[Workspace]) -> List[DataFile]:
        """The files that are there now, sorted by path.

        Raises
        ------
        UserErrorException
            The datastore is not known, as the dataset was not registered.
        """
        if self.kind == "url":
            return _remote_files(self.value)
        if self.kind == "local":
            return _local_files(self.value)
        if workspace is None:
            raise UserErrorException(f"The datastore {self.datastore!r} is of no workspace.")
        store = Datastore.get(workspace, str(self.datastore))
        if store.is_remote:
            return _remote_files(datastore_remote.joined(store.place, self.value))
        folder = store.folder
        return _local_files(str(folder / self.value.lstrip("/")))


def sources_of(path: Any) -> List[Source]:
    """What ``from_files`` was given: a path, an address, a datastore's path, or a list of these.

    Raises
    ------
    UserErrorException
        Something else, or nothing.
    """
    items = list(path) if isinstance(path, list) else [path]
    if not items:
        raise UserErrorException("path: the list is empty.")
    return [_source(item) for item in items]


def workspace_of(path: Any) -> Optional[Workspace]:
    """The workspace of the datastores among the paths."""
    for item in path if isinstance(path, list) else [path]:
        store = item.datastore if isinstance(item, DataPath) else None
        if isinstance(item, tuple) and item:
            store = item[0]
        if isinstance(store, Datastore):
            return store.workspace
    return None


def check(sources: Sequence[Source], workspace: Optional[Workspace]) -> None:
    """Refuse local sources without a file.

    Raises
    ------
    UserErrorException
        Names the first of them.
    """
    for source in sources:
        if not source.files(workspace):
            raise UserErrorException(f"path: there is no file {source.value!r}.")


def _source(item: Any) -> Source:
    if isinstance(item, DataPath):
        item = (item.datastore, item.path_on_datastore)
    if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], Datastore):
        return Source("datastore", str(item[1] or ""), item[0].name)
    if not isinstance(item, (str, os.PathLike)) or not str(item):
        raise UserErrorException(
            f"path: {item!r} is no path, no address and no (datastore, path) pair."
        )
    text = os.fspath(item)
    if "://" in text:
        addresses.check(text)
        return Source("url", text)
    return Source("local", os.path.abspath(os.path.expanduser(text)))


def _remote_files(url: str) -> List[DataFile]:
    if not datastore_remote.is_many(url):
        return [DataFile(addresses.tree_path(url), url=url)]
    return [DataFile(path, url=found) for found, path in datastore_remote.listed(url)]


def _local_files(pattern: str) -> List[DataFile]:
    """Files of a path, a folder or a glob; relative to the folder before the first wildcard."""
    parts = Path(pattern).parts
    magic = next((i for i, part in enumerate(parts) if any(c in part for c in _MAGIC)), None)
    if magic is None:
        path = Path(pattern)
        if path.is_file():
            return [DataFile(path.name, local=str(path))]
        root, found = path, sorted(path.rglob("*")) if path.is_dir() else []
    else:
        root = Path(*parts[:magic])
        found = [Path(item) for item in sorted(glob.glob(pattern, recursive=True))]
    files: List[DataFile] = []
    for item in found:
        inner = sorted(item.rglob("*")) if magic is not None and item.is_dir() else [item]
        files += [
            DataFile(one.relative_to(root).as_posix(), local=str(one))
            for one in inner
            if one.is_file() and not is_part(one.name)
        ]
    return list(dict.fromkeys(files))


def changed(sources: Sequence[Source], workspace: Optional[Workspace]) -> Optional[datetime]:
    """When the newest local file was changed (UTC); None: there is none."""
    files = [item for source in sources for item in source.files(workspace)]
    times = [os.stat(item.local).st_mtime for item in files if item.local is not None]
    return datetime.fromtimestamp(max(times), timezone.utc) if times else None
