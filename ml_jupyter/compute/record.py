"""What a workspace keeps of a compute target: one JSON file, ``targets/<name>.json``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Dict, Mapping, Optional

from ml_jupyter.exceptions import FolderCorrupt, UserErrorException
from ml_jupyter.history.records import check_format, current_format

#: The target that every workspace has without a file.
LOCAL = "local"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,23}\Z")


@dataclass(frozen=True)
class TargetConfiguration:
    """What a target is to be: the kind, and what that kind needs to know.

    Attributes
    ----------
    kind : str
        ``amlcompute``, ``computeinstance``, ``docker``, or a kind that a plugin brings.
    settings : mapping
        JSON-serialisable; no secrets, since everyone who may read the workspace may read it.
    """

    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, Optional[str]] = field(default_factory=dict)
    description: Optional[str] = None


@dataclass(frozen=True)
class TargetRecord:
    """A stored target. ``created`` and ``modified`` are in nanoseconds since the Unix epoch.

    Attributes
    ----------
    settings : mapping
        As in TargetConfiguration; keys of newer minor versions are kept.
    root : Path, optional
        Folder of the workspace that it was read from; not stored, so that a copy is found too.
    """

    id: str
    name: str
    kind: str
    created: int
    modified: int
    format: str = field(default_factory=current_format)
    settings: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, Optional[str]] = field(default_factory=dict)
    description: Optional[str] = None
    root: Optional[Path] = field(default=None, compare=False)

    def to_json(self) -> Dict[str, Any]:
        """The JSON object of the file."""
        value = {item.name: getattr(self, item.name) for item in fields(self)}
        del value["root"]
        return value

    @classmethod
    def from_json(cls, value: Any, path: Path) -> TargetRecord:
        """The target that a file holds; unknown keys (a newer minor version) are passed over.

        Raises
        ------
        FormatTooNew
            Written by a newer major version.
        FolderCorrupt
            Not such an object; names the file.
        """
        if not isinstance(value, dict):
            raise FolderCorrupt(f"{path} does not hold a JSON object.")
        check_format(value.get("format", current_format()), str(path))
        names = {item.name for item in fields(cls)} - {"root"}
        known = {key: item for key, item in value.items() if key in names}
        for key in ("settings", "tags"):
            if not isinstance(known.get(key, {}), dict):
                raise FolderCorrupt(f"{path}: {key!r} is not a JSON object.")
        try:
            record = cls(**known, root=path.parent.parent)
        except TypeError as error:
            raise FolderCorrupt(f"{path} is incomplete: {error}") from error
        if record.name != path.stem:
            raise FolderCorrupt(f"{path} holds the target {record.name!r}.")
        return record


def local_record(root: Optional[Path] = None) -> TargetRecord:
    """The record of the target ``local``, which is nowhere stored."""
    return TargetRecord(LOCAL, LOCAL, LOCAL, 0, 0, root=root)


def check_name(name: Any) -> str:
    """Return ``name`` when a new target may have it (surface 7.1).

    Raises
    ------
    UserErrorException
        Not 2-24 letters, digits and ``-`` beginning with a letter, or ``local``.
    """
    if not isinstance(name, str) or not _NAME.match(name):
        raise UserErrorException(
            f"The name of a compute target cannot be {name!r}.",
            hint="Use 2-24 letters, digits and '-', beginning with a letter.",
        )
    if name.lower() == LOCAL:
        raise UserErrorException(
            f"The compute target {name!r} is there in every workspace and cannot be made."
        )
    return name
