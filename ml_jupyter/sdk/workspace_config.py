"""``config.json``: which workspace a folder of notebooks belongs to (surface 2.1)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, NamedTuple, Optional

from ml_jupyter._files import write_json
from ml_jupyter.exceptions import UserErrorException

#: Kinds of place in the order in which they are looked for, each in all folders up to the root.
PLACES = (".azureml", ".ml_jupyter", "aml_config", "")
FILE_NAME = "config.json"
_KEYS = ("workspace_name", "subscription_id", "resource_group", "Scope")
_SCOPE_PARTS = 8


class WorkspaceConfig(NamedTuple):
    """What the file says; ``location``: the workspace's folder when it is not the usual one."""

    name: str
    subscription_id: str
    resource_group: str
    location: Optional[Path]
    source: Path


def find(start: Path, file_name: Optional[str] = None) -> Optional[Path]:
    """The configuration file for a folder, or None.

    Parameters
    ----------
    start : Path
        A file, which is taken as it is, or the folder to start from.
    file_name : str, optional
        Another name than ``config.json``.

    Raises
    ------
    UserErrorException
        A plain ``config.json`` on the way is not JSON; one that is, without our keys, is passed
        over.
    """
    if start.is_file():
        return start
    absolute = Path(os.path.abspath(str(start)))
    for place in PLACES:
        for folder in (absolute, *absolute.parents):
            path = folder / place / (file_name or FILE_NAME)
            if path.is_file() and _is_ours(path, named=bool(place)):
                return path
    return None


def read(path: Path) -> WorkspaceConfig:
    """The content of a configuration file.

    Raises
    ------
    UserErrorException
        Not JSON, or without a name; the message names the file and the key.
    """
    value = _load(path)
    if not isinstance(value, dict):
        raise UserErrorException(f"{path} does not hold a JSON object.")
    scope = _scope(value.get("Scope"))
    name = value.get("workspace_name") or scope.get("workspaces")
    if not name:
        raise UserErrorException(f"{path} lacks the key 'workspace_name'.")
    location = value.get("workspace_location")
    return WorkspaceConfig(
        name=str(name),
        subscription_id=str(value.get("subscription_id") or scope.get("subscriptions") or ""),
        resource_group=str(value.get("resource_group") or scope.get("resourceGroups") or ""),
        location=None if not location else (path.parent / str(location)),
        source=path,
    )


def write(folder: Path, file_name: Optional[str], values: Dict[str, Any]) -> Path:
    """Write ``.azureml/config.json`` below ``folder``, which may be ``.azureml`` itself."""
    target = folder if folder.name == ".azureml" else folder / ".azureml"
    target.mkdir(parents=True, exist_ok=True)
    path = target / (file_name or FILE_NAME)
    write_json(path, values)
    return path


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UserErrorException(f"{path} is not readable as JSON: {error}") from error


def _is_ours(path: Path, *, named: bool) -> bool:
    """Whether a file is meant for us: any program may have a ``config.json`` of its own."""
    if named:
        return True
    value = _load(path)
    return isinstance(value, dict) and any(key in value for key in _KEYS)


def _scope(scope: Any) -> Dict[str, str]:
    """Parts of ``/subscriptions/S/resourceGroups/G/providers/P/workspaces/W`` by their names."""
    parts = str(scope or "").strip("/").split("/")
    if len(parts) != _SCOPE_PARTS:
        return {}
    return dict(zip(parts[::2], parts[1::2]))
