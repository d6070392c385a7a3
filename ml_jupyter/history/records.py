"""The facts of a workspace, an experiment and a run that are written once, as frozen objects."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Dict, Mapping, Optional, Type, TypeVar

from ml_jupyter.exceptions import FolderCorrupt, FormatTooNew
from ml_jupyter.history.layout import FORMAT_MAJOR, FORMAT_MINOR

INTERACTIVE = "azureml.interactiverun"
SCRIPT = "azureml.scriptrun"
SWEEP = "hyperdrive"
#: Property of a run: the folder that it was submitted from, absolute, on the machine that it names.
SOURCE_PROPERTY = "ml_jupyter.source"
#: A model that answers over HTTP.
WEBSERVICE = "webservice"

Record = TypeVar("Record", "WorkspaceRecord", "ExperimentRecord", "RunRecord")


def current_format() -> str:
    """The version that this software writes, ``major.minor``."""
    return f"{FORMAT_MAJOR}.{FORMAT_MINOR}"


@dataclass(frozen=True)
class WorkspaceRecord:
    """``workspace.json``. ``created`` is in nanoseconds since the Unix epoch."""

    id: str
    name: str
    created: int
    format: str = field(default_factory=current_format)
    subscription_id: str = ""
    resource_group: str = ""
    tags: Mapping[str, Optional[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ExperimentRecord:
    """``experiments/<id>.json``. ``created`` is in nanoseconds since the Unix epoch."""

    id: str
    name: str
    created: int
    archived: bool = False
    description: Optional[str] = None
    tags: Mapping[str, Optional[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class RunRecord:
    """``run.json``: what is known when a run is made.

    Attributes
    ----------
    number : int
        1, 2, … within the experiment.
    type : str
        ``azureml.scriptrun``, ``azureml.interactiverun`` …
    created : int
        Nanoseconds since the Unix epoch, UTC.
    status : str
        The first state; later ones are in ``events``.
    lock : str, optional
        Whose lock says that this run is alive: ``<experiment id>/<run id>`` of the run in whose
        process it was made; None: its own.
    definition : mapping
        How it is run: script, command, arguments, target, environment, limits … Empty for
        interactive runs.
    git : mapping
        repository, branch, commit, dirty; empty outside a repository.
    """

    id: str
    number: int
    experiment_id: str
    experiment: str
    type: str
    created: int
    status: str
    user: str
    host: str
    format: str = field(default_factory=current_format)
    display_name: Optional[str] = None
    parent_id: Optional[str] = None
    root_id: Optional[str] = None
    lock: Optional[str] = None
    target: str = "local"
    definition: Mapping[str, Any] = field(default_factory=dict)
    snapshot_id: Optional[str] = None
    git: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, Optional[str]] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)


def to_json(record: Record) -> Dict[str, Any]:
    """The JSON object of a record."""
    return asdict(record)


def from_json(kind: Type[Record], value: Any, where: str) -> Record:
    """The record that a JSON object holds; unknown keys (a newer minor version) are passed over.

    Raises
    ------
    FormatTooNew
        Written by a newer major version.
    FolderCorrupt
        A needed key is missing; the message names the file and the key.
    """
    if not isinstance(value, dict):
        raise FolderCorrupt(f"{where} does not hold a JSON object.")
    check_format(value.get("format", current_format()), where)
    names = {item.name for item in fields(kind)}
    try:
        return kind(**{key: item for key, item in value.items() if key in names})
    except TypeError as error:
        raise FolderCorrupt(f"{where} is incomplete: {error}") from error


def check_format(version: Any, where: str) -> None:
    """Accept the versions that this software reads.

    Raises
    ------
    FormatTooNew
        The major version is above ours.
    FolderCorrupt
        Not a version at all.
    """
    try:
        major = int(str(version).split(".")[0])
    except ValueError as error:
        raise FolderCorrupt(f"{where}: {version!r} is not a format version.") from error
    if major > FORMAT_MAJOR:
        raise FormatTooNew(
            f"{where} has format {version}; this ml_jupyter reads up to {FORMAT_MAJOR}.x.",
            hint="Update ml-jupyter, or open the workspace with the version that wrote it.",
        )
