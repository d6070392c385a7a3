"""The compute targets of a workspace: one file each, found by every process and in every copy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ContextManager, List, Mapping, NamedTuple, Optional, Tuple

from ml_jupyter import _ids, _time
from ml_jupyter._files import read_json, storage_failed, write_json
from ml_jupyter.compute.record import (
    LOCAL,
    TargetConfiguration,
    TargetRecord,
    check_name,
    local_record,
)
from ml_jupyter.exceptions import (
    ComputeTargetException,
    FolderCorrupt,
    FormatTooNew,
    TargetNotFound,
)
from ml_jupyter.history import lock
from ml_jupyter.history.layout import WorkspaceLayout


class Listing(NamedTuple):
    """Targets by name, and what is wrong with files that cannot be read, one sentence each."""

    records: Tuple[TargetRecord, ...]
    problems: Tuple[str, ...]


class TargetStore:
    """The stored targets of one workspace. Any number of processes may use it at once.

    Parameters
    ----------
    layout : WorkspaceLayout
        The workspace.
    """

    def __init__(self, layout: WorkspaceLayout) -> None:
        self._root = layout.root
        self._folder = layout.targets

    def get(self, name: str) -> TargetRecord:
        """The target of this name; ``local`` is always there.

        Raises
        ------
        TargetNotFound
            There is none.
        FolderCorrupt, FormatTooNew
            Its file cannot be read; names it.
        """
        if name == LOCAL:
            return local_record(self._root)
        found = self._find(name)
        if found is None:
            known = ", ".join([repr(LOCAL), *(repr(item) for item in self.names())])
            raise TargetNotFound(
                f"ComputeTargetNotFound: there is no compute target {name!r} in this workspace.",
                hint=f"Known: {known}.",
            )
        return found

    def names(self) -> List[str]:
        """Names of the stored targets, in the order of the alphabet."""
        return sorted(path.stem for path in self._folder.glob("[A-Za-z]*.json"))

    def list(self) -> Listing:
        """All stored targets that can be read, and what is wrong with the others."""
        records: List[TargetRecord] = []
        problems: List[str] = []
        for name in self.names():
            try:
                found = self._find(name)
            except (FolderCorrupt, FormatTooNew) as error:
                problems.append(str(error))
                continue
            if found is not None:
                records.append(found)
        return Listing(tuple(records), tuple(problems))

    def create(self, name: str, configuration: TargetConfiguration) -> Tuple[TargetRecord, bool]:
        """Store a target, or take the one of this name when it is the same (surface 7.1).

        Returns
        -------
        tuple of TargetRecord and bool
            The target, and whether this call made it.

        Raises
        ------
        UserErrorException
            Not a valid name.
        ComputeTargetException
            There is one of this name that is different.
        StorageFailed
            The system refused to write.
        """
        check_name(name)
        with self._locked():
            present = self._same_name(name)
            if present is not None:
                _check_same(present, name, configuration)
                return present, False
            now = _time.now_ns()
            record = TargetRecord(
                _ids.new_uuid(), name, configuration.kind, now, now, root=self._root,
                settings=dict(configuration.settings), tags=dict(configuration.tags),
                description=configuration.description,
            )  # fmt: skip
            self._write(record)
        return record, True

    def update(
        self,
        name: str,
        settings: Mapping[str, Any],
        tags: Optional[Mapping[str, Optional[str]]] = None,
    ) -> TargetRecord:
        """Change some settings, or the tags, of a target; its new record.

        Raises
        ------
        TargetNotFound
            There is none of this name.
        """
        with self._locked():
            old = self.get(name)
            new = replace(
                old,
                settings={**old.settings, **settings},
                tags=dict(old.tags if tags is None else tags),
                modified=_time.now_ns(),
            )
            self._write(new)
        return new

    def delete(self, name: str) -> None:
        """Forget a target; runs that were submitted to it go on.

        Raises
        ------
        TargetNotFound
            There is none of this name.
        """
        with self._locked():
            self.get(name)
            try:
                self._path(name).unlink()
            except OSError as error:
                raise storage_failed(error, self._path(name)) from error

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _find(self, name: str) -> Optional[TargetRecord]:
        if name not in self.names():  # the name may come from outside: it is never part of a path
            return None
        path = self._path(name)
        try:
            return TargetRecord.from_json(read_json(path), path)
        except FileNotFoundError:  # deleted just now
            return None

    def _same_name(self, name: str) -> Optional[TargetRecord]:
        near = [item for item in self.names() if item.lower() == name.lower()]
        return self._find(near[0]) if near else None

    def _write(self, record: TargetRecord) -> None:
        path = self._path(record.name)
        old = read_json(path) if path.exists() else {}
        write_json(path, {**old, **record.to_json()})

    def _locked(self) -> ContextManager[None]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_failed(error, self._folder) from error
        return lock.exclusive(self._folder / ".lock")


def _check_same(present: TargetRecord, name: str, wanted: TargetConfiguration) -> None:
    if present.name != name:
        raise ComputeTargetException(
            f"There is a compute target {present.name!r}, which differs from {name!r} only in case."
        )
    if present.kind != wanted.kind:
        raise ComputeTargetException(
            f"There is a compute target {name!r} of kind {present.kind!r}.",
            hint="Choose another name, or delete it first.",
        )
    keys = [key for key in wanted.settings if wanted.settings[key] != present.settings.get(key)]
    if keys:
        told = ", ".join(
            f"{key} is {present.settings.get(key)!r}, not {wanted.settings[key]!r}" for key in keys
        )
        raise ComputeTargetException(
            f"There is a compute target {name!r} with another configuration: {told}.",
            hint="Choose another name, call update() on it, or delete it first.",
        )
