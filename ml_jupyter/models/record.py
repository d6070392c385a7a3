"""A version of a model as it is stored: ``models/<name>/<version>.json``."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ml_jupyter.exceptions import FolderCorrupt, UserErrorException
from ml_jupyter.history.records import check_format, current_format

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}\Z")


@dataclass(frozen=True)
class ModelFile:
    """One file: its path below the model's folder, size in bytes, and SHA-256."""

    path: str
    size: int
    digest: str


@dataclass(frozen=True)
class ModelRecord:
    """What is known of a version.

    Attributes
    ----------
    version : int
        1, 2, … of the name; never used twice.
    created, modified : int
        Nanoseconds since the Unix epoch, UTC.
    path : str
        Name of the file or folder that was registered, the first part of each file's path.
    folder : bool
        ``path`` is a folder.
    framework, framework_version : str, optional
        What made it.
    run_id, experiment_id, experiment : str, optional
        The run that made it.
    datasets : list
        ``[purpose, {"id", "name", "version"}]`` of the data that it was made from.
    sample_input, sample_output : object, optional
        Example, as JSON; or ``{"dataset": {…}}``.
    resources : mapping, optional
        What it asks for when it is deployed (``ResourceConfiguration.serialize``).
    extra : mapping
        What other tools keep with it.
    """

    id: str
    name: str
    version: int
    created: int
    modified: int
    path: str
    folder: bool
    files: Tuple[ModelFile, ...]
    user: str = ""
    format: str = field(default_factory=current_format)
    description: Optional[str] = None
    tags: Mapping[str, Optional[str]] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    framework: Optional[str] = None
    framework_version: Optional[str] = None
    run_id: Optional[str] = None
    experiment_id: Optional[str] = None
    experiment: Optional[str] = None
    datasets: Tuple[Any, ...] = ()
    sample_input: Any = None
    sample_output: Any = None
    resources: Optional[Mapping[str, Any]] = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """``name:version``, the id of the Azure ML SDK."""
        return f"{self.name}:{self.version}"

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(item.size for item in self.files)

    def to_json(self) -> Dict[str, Any]:
        """As it stands in its file."""
        files = [[item.path, item.size, item.digest] for item in self.files]
        return {**asdict(self), "files": files, "datasets": list(self.datasets)}

    @classmethod
    def from_json(cls, value: Any, where: str) -> ModelRecord:
        """The version that ``to_json`` described; unknown keys are passed over.

        Raises
        ------
        FolderCorrupt, FormatTooNew
            Not a record of a model; names the file.
        """
        if not isinstance(value, dict):
            raise FolderCorrupt(f"{where} does not hold a JSON object.")
        check_format(value.get("format", current_format()), where)
        names = {item.name for item in fields(cls)}
        known = {key: item for key, item in value.items() if key in names}
        try:
            known["files"] = _files(known["files"])
            known["datasets"] = tuple(known.get("datasets", ()))
            return cls(**known)
        except (KeyError, TypeError, ValueError) as error:
            raise FolderCorrupt(f"{where} is no record of a model: {error}") from error


def check_name(name: Any) -> str:
    """``name`` when a model may be called so.

    Raises
    ------
    UserErrorException
        Not 1-255 letters, digits, ``-``, ``_`` and ``.`` beginning with a letter or digit.
    """
    if not isinstance(name, str) or not _NAME.match(name):
        raise UserErrorException(
            f"Model name {name!r} is not valid.",
            hint="Use 1-255 letters, digits, '-', '_' and '.', beginning with a letter or a digit.",
        )
    return name


def _files(value: List[Any]) -> Tuple[ModelFile, ...]:
    files = tuple(ModelFile(str(path), int(size), str(digest)) for path, size, digest in value)
    for item in files:
        if item.path.startswith("/") or ".." in item.path.split("/"):
            raise ValueError(f"{item.path!r} leads out of the folder")
    return files
