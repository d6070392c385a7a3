"""Deployed models: ``services/<name>.json`` describes one, ``<name>.keys`` holds its keys.

What a service does now stands in the facts of its run (``service``), which its own process notes.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, ContextManager, Dict, List, Mapping, Optional, Tuple

from ml_jupyter import _time
from ml_jupyter._files import read_json, storage_failed, write_json
from ml_jupyter.exceptions import FolderCorrupt, UserErrorException, WebserviceException
from ml_jupyter.history import lock
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.records import check_format, current_format

PRIMARY, SECONDARY = "primary", "secondary"
_VARIABLES = "variables"
_NAME = re.compile(r"[a-z][a-z0-9-]{1,30}[a-z0-9]\Z")


@dataclass(frozen=True)
class ServiceRecord:
    """What is known of a service.

    Attributes
    ----------
    created, modified : int
        Nanoseconds since the Unix epoch, UTC.
    models : tuple of str
        ``name:version`` of each.
    plan : mapping
        How it is served (``ServingPlan.to_json``); it is started from this again.
    definition : mapping
        What of the deployment is needed to start it again: resources, environment, source.
    run_id, experiment_id : str
        The run that serves it now, or did last.
    """

    id: str
    name: str
    created: int
    modified: int
    models: Tuple[str, ...]
    plan: Mapping[str, Any]
    run_id: str
    experiment_id: str
    definition: Mapping[str, Any] = field(default_factory=dict)
    description: Optional[str] = None
    tags: Mapping[str, Optional[str]] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    format: str = field(default_factory=current_format)

    @classmethod
    def from_json(cls, value: Any, where: str) -> ServiceRecord:
        """The service that its file describes; unknown keys are passed over.

        Raises
        ------
        FolderCorrupt, FormatTooNew
            Not a record of a service; names the file.
        """
        if not isinstance(value, dict):
            raise FolderCorrupt(f"{where} does not hold a JSON object.")
        check_format(value.get("format", current_format()), where)
        names = {item.name for item in fields(cls)}
        known = {key: item for key, item in value.items() if key in names}
        known["models"] = tuple(known.get("models", ()))
        try:
            return cls(**known)
        except TypeError as error:
            raise FolderCorrupt(f"{where} is no record of a service: {error}") from error


class ServiceStore:
    """The services of one workspace. Any number of processes may use it at once.

    Parameters
    ----------
    layout : WorkspaceLayout
        The workspace.
    """

    def __init__(self, layout: WorkspaceLayout) -> None:
        self._folder = layout.services

    def names(self) -> List[str]:
        """Names of all services, in the order of the alphabet."""
        return sorted(path.stem for path in self._folder.glob("[a-z]*.json"))

    def get(self, name: str) -> ServiceRecord:
        """The service of this name.

        Raises
        ------
        WebserviceException
            There is none.
        """
        path = self._path(name)
        if name in self.names():
            with contextlib.suppress(FileNotFoundError):  # deleted just now
                record = ServiceRecord.from_json(read_json(path), str(path))
                return replace(record, name=name)  # the file's name tells it
        known = ", ".join(map(repr, self.names()))
        raise WebserviceException(
            f"WebserviceNotFound: there is no service {name!r} in this workspace.",
            hint=f"Known: {known}." if known else None,
        )

    def list(self) -> List[ServiceRecord]:
        """All services by name."""
        found = []
        for name in self.names():
            with contextlib.suppress(WebserviceException):
                found.append(self.get(name))
        return found

    def users_of(self, model: str) -> List[str]:
        """Names of the services that answer with a model (``name:version``)."""
        return [record.name for record in self.list() if model in record.models]

    def save(self, record: ServiceRecord, variables: Optional[Mapping[str, str]] = None) -> None:
        """Store a service; its keys are made when it has none.

        Parameters
        ----------
        variables : mapping, optional
            Variables of its environment, which may hold secrets: kept beside the keys.
        """
        with self.locked():
            self._write(record)
            private = self._private(record.name)
            made = {key: private.get(key) or _key() for key in (PRIMARY, SECONDARY)}
            self._write_private(record.name, {**made, _VARIABLES: dict(variables or {})})

    def change(self, name: str, **changes: Any) -> ServiceRecord:
        """Change fields of a service; its new record."""
        with self.locked():
            new = replace(self.get(name), **changes, modified=_time.now_ns())
            self._write(new)
        return new

    def delete(self, name: str) -> None:
        """Forget a service and its keys; nothing when there is none."""
        with self.locked():
            for path in (self._path(name), self.keys_path(name)):
                with contextlib.suppress(FileNotFoundError):
                    path.unlink()

    # -- keys

    def keys_path(self, name: str) -> Path:
        """The private file of a service's keys."""
        return self._folder / f"{check_name(name)}.keys"

    def keys(self, name: str) -> Dict[str, str]:
        """``primary`` and ``secondary``; either opens the service.

        Raises
        ------
        WebserviceException
            They are not there, or not for this user to read.
        """
        try:
            return keys_of(read_json(self.keys_path(name)))
        except (OSError, KeyError, TypeError) as error:
            raise WebserviceException(f"The keys of service {name!r} cannot be read.") from error

    def variables(self, name: str) -> Dict[str, str]:
        """Variables of its environment; empty when they are not for this user to read."""
        return dict(self._private(name).get(_VARIABLES) or {})

    def new_key(self, name: str, which: str, key: Optional[str] = None) -> str:
        """Replace the ``primary`` or the ``secondary`` key; the new one.

        Raises
        ------
        UserErrorException
            Another word than these two.
        """
        if which.lower() not in (PRIMARY, SECONDARY):
            raise UserErrorException(f"key must be 'Primary' or 'Secondary', not {which!r}.")
        made = key or _key()
        with self.locked():
            self._write_private(name, {**self._private(name), which.lower(): made})
        return made

    def _write(self, record: ServiceRecord) -> None:
        path = self._path(record.name)
        old = read_json(path) if path.exists() else {}  # with keys of a newer version
        write_json(path, {**old, **asdict(record)})

    def _private(self, name: str) -> Dict[str, Any]:
        try:
            return dict(read_json(self.keys_path(name)))
        except OSError:
            return {}

    def _write_private(self, name: str, value: Mapping[str, Any]) -> None:
        write_json(self.keys_path(name), dict(value), mode=0o600)

    # -- files

    def _path(self, name: str) -> Path:
        return self._folder / f"{check_name(name)}.json"

    def locked(self) -> ContextManager[None]:
        """Keep others from changing services."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_failed(error, self._folder) from error
        return lock.exclusive(self._folder / ".lock")


def check_name(name: Any) -> str:
    """``name`` when a service may be called so.

    Raises
    ------
    UserErrorException
        Not 3-32 lower-case letters, digits and ``-``, beginning with a letter and not ending with
        ``-``. Source: the Azure ML SDK's rule for names of services.
    """
    if not isinstance(name, str) or not _NAME.match(name):
        raise UserErrorException(
            f"Service name {name!r} is not valid.",
            hint="Use 3-32 lower-case letters, digits and '-', beginning with a letter.",
        )
    return name


def keys_of(private: Any) -> Dict[str, str]:
    """The two keys in the content of a service's private file."""
    return {key: str(private[key]) for key in (PRIMARY, SECONDARY)}


def _key() -> str:
    return secrets.token_urlsafe(32)
