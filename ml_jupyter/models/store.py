"""The registered models of a workspace.

``models/<name>/<version>.json`` describes a version, ``models/.blobs`` holds the contents of files
under their SHA-256. A version is there when its description is: contents come first, so a process
that is killed meanwhile leaves nothing that anybody sees. What a dead process left among the
contents goes with the next deletion.
"""

from __future__ import annotations

import contextlib
import getpass
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, ContextManager, Iterator, List, Mapping, Optional, Protocol, Set, Tuple

from ml_jupyter import _ids, _time
from ml_jupyter._files import read_json, storage_failed, write_json
from ml_jupyter.exceptions import (
    ModelNotFoundException,
    ModelPathNotFoundException,
    SnapshotException,
    UserErrorException,
)
from ml_jupyter.history import lock
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.jobs.blobs import BlobStore
from ml_jupyter.models.content import Content
from ml_jupyter.models.record import ModelFile, ModelRecord, check_name

_BLOBS = ".blobs"
_DELETED = ".deleted"
#: A content that was begun so long ago is nobody's any more.
_ABANDONED_NS = 24 * 3600 * 10**9
_FIXED = frozenset({"id", "name", "version", "created", "files", "path", "folder", "format"})


class ModelStore:
    """The models of one workspace. Any number of processes may use it at once.

    Parameters
    ----------
    layout : WorkspaceLayout
        The workspace.
    """

    def __init__(self, layout: WorkspaceLayout) -> None:
        self._folder = layout.models
        self._blobs = BlobStore(layout.models / _BLOBS)

    # -- finding

    def names(self) -> List[str]:
        """Names with at least one version, in the order of the alphabet."""
        if not self._folder.is_dir():
            return []
        found = (path.name for path in self._folder.iterdir() if path.is_dir())
        return sorted(name for name in found if name != _BLOBS and self.versions(name))

    def versions(self, name: str) -> List[int]:
        """Versions of a name, oldest first; empty when there is none."""
        return sorted(self._numbers(name, ".json"))

    def get(self, name: str, version: Optional[int] = None) -> ModelRecord:
        """A version of a model, the latest by default.

        Raises
        ------
        ModelNotFoundException
            There is none.
        """
        check_name(name)
        found = self.versions(name)
        wanted = version if version is not None else (found[-1] if found else 0)
        with contextlib.suppress(FileNotFoundError):
            if wanted in found:
                return self._read(name, wanted)
        raise _unknown(name, version, found, self.names())

    def list(self, name: Optional[str] = None, *, latest: bool = False) -> Iterator[ModelRecord]:
        """Versions, newest registration first.

        Parameters
        ----------
        name : str, optional
            Only this name.
        latest : bool
            Only the newest version of each name.
        """
        found: List[ModelRecord] = []
        for item in self.names() if name is None else [check_name(name)]:
            for version in self.versions(item)[-1 if latest else 0 :]:
                with contextlib.suppress(FileNotFoundError):  # deleted just now
                    found.append(self._read(item, version))
        return iter(sorted(found, key=lambda record: record.created, reverse=True))

    # -- changing

    def register(self, name: str, content: Content, **facts: Any) -> ModelRecord:
        """Store files as the next version of a name: all of it, or nothing.

        Parameters
        ----------
        name : str
            1-255 letters, digits, ``-``, ``_`` and ``.``.
        content : Content
            The files.
        **facts
            Further fields of ModelRecord.

        Raises
        ------
        UserErrorException
            Not a valid name.
        ModelPathNotFoundException
            A file has gone, or cannot be read.
        StorageFailed
            The system refused to write.
        """
        check_name(name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            files = self._store(content)
            with self._locked():
                self._store_again(content, files)
                folder = self._folder / name
                folder.mkdir(exist_ok=True)
                taken = [*self._numbers(name, ".json"), *self._numbers(name, _DELETED)]
                now = _time.now_ns()
                record = ModelRecord(
                    _ids.new_uuid(), name, max(taken, default=0) + 1, now, now,
                    content.path, content.folder, files, user=_user(), **facts,
                )  # fmt: skip
                write_json(self._path(name, record.version), record.to_json())
        except OSError as error:
            raise storage_failed(error, self._folder) from error
        return record

    def update(self, name: str, version: int, **changes: Any) -> ModelRecord:
        """Change what may change of a version: tags, description, framework and the like.

        A change may be a function of the present value, which then sees the latest one.

        Raises
        ------
        ModelNotFoundException
            There is no such version.
        UserErrorException
            A field that never changes.
        """
        fixed = _FIXED.intersection(changes)
        if fixed:
            raise UserErrorException(f"{sorted(fixed)[0]} of a model never changes.")
        with self._locked():
            old = self.get(name, version)
            values = {
                key: value(getattr(old, key)) if callable(value) else value
                for key, value in changes.items()
            }
            new = replace(old, **values, modified=_time.now_ns())
            path = self._path(name, version)
            write_json(path, {**read_json(path), **new.to_json()})
        return new

    def delete(self, name: str, version: int) -> None:
        """Delete a version, and the contents that no other one has. Its number is not used again.

        Raises
        ------
        ModelNotFoundException
            There is no such version.
        """
        with self._locked():
            self.get(name, version)
            path = self._path(name, version)
            try:
                os.replace(str(path), str(path.with_suffix(_DELETED)))
            except OSError as error:
                raise storage_failed(error, path) from error
            path.with_suffix(_DELETED).write_bytes(b"")
            self._sweep()

    # -- contents

    def lay_out(self, record: ModelRecord, target: Path) -> Path:
        """Write the files of a version below a folder; the path of the file or folder registered.

        Raises
        ------
        SnapshotException
            The workspace has lost a file of it.
        StorageFailed
            The system refused to write.
        """
        try:
            for item in record.files:
                path = target / item.path
                path.parent.mkdir(parents=True, exist_ok=True)
                self._lay_out_file(record, item, path)
        except OSError as error:
            raise storage_failed(error, target) from error
        return target / record.path

    def source(self, item: ModelFile) -> Path:
        """Where the content of a file lies; not to be written to."""
        return Path(self._blobs.path(item.digest))

    def _lay_out_file(self, record: ModelRecord, item: ModelFile, path: Path) -> None:
        if not self._blobs.has(item.digest):
            raise SnapshotException(f"Model {record.key} has lost the content of {item.path}.")
        self._blobs.lay_out(item.digest, str(path), 0o644)

    def _store(self, content: Content) -> Tuple[ModelFile, ...]:
        files = []
        for path, source in content.files:
            try:
                digest = self._blobs.add(str(source))
            except OSError as error:
                if error.filename != str(source):
                    raise
                raise ModelPathNotFoundException(
                    f"model_path: {source} cannot be read: {error.strerror}."
                ) from error
            size = os.path.getsize(self._blobs.path(digest))
            files.append(ModelFile(path, size, digest))
        return tuple(files)

    def _store_again(self, content: Content, files: Tuple[ModelFile, ...]) -> None:
        """Contents that a deletion took away before their version was there."""
        for (_, source), item in zip(content.files, files):
            if not self._blobs.has(item.digest) and self._blobs.add(str(source)) != item.digest:
                raise ModelPathNotFoundException(
                    f"model_path: {source} was changed while it was being registered."
                )

    def _sweep(self) -> None:
        used: Set[str] = set()
        for name in self.names():
            for version in self.versions(name):
                used.update(item.digest for item in self._read(name, version).files)
        for path in (self._folder / _BLOBS).glob("[0-9a-f][0-9a-f]/*"):
            if path.name not in used:
                with contextlib.suppress(OSError):
                    path.unlink()
        for path in (self._folder / _BLOBS).glob(".new-*"):
            with contextlib.suppress(OSError):
                if _time.now_ns() - path.stat().st_mtime_ns > _ABANDONED_NS:
                    path.unlink()

    # -- files

    def _path(self, name: str, version: int) -> Path:
        return self._folder / name / f"{version}.json"

    def _numbers(self, name: str, ending: str) -> List[int]:
        folder = self._folder / check_name(name)
        found = (path.stem for path in folder.glob(f"*{ending}"))
        return [int(stem) for stem in found if stem.isdigit()]

    def _read(self, name: str, version: int) -> ModelRecord:
        path = self._path(name, version)
        record = ModelRecord.from_json(read_json(path), str(path))
        return replace(record, name=name, version=version)  # the file's place tells these

    def _locked(self) -> ContextManager[None]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_failed(error, self._folder) from error
        return lock.exclusive(self._folder / ".lock")


class Labelled(Protocol):
    """What has tags and properties."""

    @property
    def tags(self) -> Mapping[str, Optional[str]]:
        """The tags."""

    @property
    def properties(self) -> Mapping[str, str]:
        """The properties."""


def matches(record: Labelled, tags: Any, properties: Any) -> bool:
    """Whether a model or a service has all labels asked for.

    Parameters
    ----------
    tags, properties : list or mapping or str, optional
        A key, ``[key, value]`` pairs and keys in a list, or a mapping of exact values; the Azure ML
        SDK takes the list.
    """
    return _has(record.tags, tags) and _has(record.properties, properties)


def _has(present: Mapping[str, Any], wanted: Any) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, str):
        return wanted in present
    if isinstance(wanted, Mapping):
        return all(key in present and present[key] == value for key, value in wanted.items())
    for item in wanted:
        if isinstance(item, str):
            if item not in present:
                return False
        elif item[0] not in present or present[item[0]] != item[1]:
            return False
    return True


def _unknown(
    name: str, version: Optional[int], versions: List[int], names: List[str]
) -> ModelNotFoundException:
    what = name if version is None else f"{name}:{version}"
    if versions:
        hint = f"Its versions: {', '.join(map(str, versions))}."
    else:
        hint = f"Known: {', '.join(map(repr, names[:10]))}." if names else "There is none at all."
    return ModelNotFoundException(
        f"ModelNotFound: there is no model {what!r} in this workspace.", hint=hint
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except Exception:  # no entry for this user id and no variable that names it
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
