"""Datastores of a workspace that the user registered: ``datastores.json`` in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional

from ml_jupyter import _ids
from ml_jupyter._files import read_json, write_json
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history import lock

if TYPE_CHECKING:
    from ml_jupyter.sdk.workspace import Workspace

#: Folders that every workspace has.
DEFAULT = "workspaceblobstore"
BUILT_IN = (DEFAULT, "workspacefilestore")
FOLDER, URL = "folder", "url"


def names(workspace: Workspace) -> list[str]:
    """All datastores of a workspace."""
    return [*BUILT_IN, *sorted(_read(workspace)["stores"])]


def find(workspace: Workspace, name: str) -> Mapping[str, str]:
    """Where a datastore is: ``{"kind": "folder" | "url", "place": …}``.

    Raises
    ------
    UserErrorException
        There is none of this name; names those that there are.
    """
    if name in BUILT_IN:
        root = workspace._folder.layout.root
        return {"kind": FOLDER, "place": str(root / "datastores" / name)}
    known = _read(workspace)["stores"]
    if name not in known:
        raise UserErrorException(
            f"There is no datastore {name!r}.", hint=f"There are: {', '.join(names(workspace))}."
        )
    found: Mapping[str, str] = known[name]
    return found


def default(workspace: Workspace) -> str:
    """Name of the default datastore."""
    return str(_read(workspace).get("default") or DEFAULT)


def add(workspace: Workspace, name: str, kind: str, place: str, *, overwrite: bool) -> None:
    """Remember a datastore.

    Raises
    ------
    UserErrorException
        The name is taken and ``overwrite`` is False, or it is no name.
    """
    _ids.check_name(name, "Datastore")
    if name in BUILT_IN:
        raise UserErrorException(f"The datastore {name!r} is the workspace's own.")
    with _changing(workspace):
        value = _read(workspace)
        before, wanted = value["stores"].get(name), {"kind": kind, "place": place}
        if before not in (None, wanted) and not overwrite:
            raise UserErrorException(
                f"There is a datastore {name!r} already: {before['place']}.",
                hint="Pass overwrite=True to replace it.",
            )
        value["stores"][name] = wanted
        write_json(_path(workspace), value, mode=0o600)


def remove(workspace: Workspace, name: str) -> None:
    """Forget a datastore; its data stays.

    Raises
    ------
    UserErrorException
        It is one that every workspace has, or there is none.
    """
    if name in BUILT_IN:
        raise UserErrorException(f"The datastore {name!r} cannot be unregistered.")
    with _changing(workspace):
        value = _read(workspace)
        find(workspace, name)
        del value["stores"][name]
        if value.get("default") == name:
            del value["default"]
        write_json(_path(workspace), value, mode=0o600)


def set_default(workspace: Workspace, name: str) -> None:
    """Make a datastore the default one."""
    find(workspace, name)
    with _changing(workspace):
        write_json(_path(workspace), {**_read(workspace), "default": name}, mode=0o600)


def _path(workspace: Workspace) -> Path:
    return workspace._folder.layout.root / "datastores.json"


def _changing(workspace: Workspace) -> Any:
    return lock.exclusive(_path(workspace).with_name(".datastores.lock"))


def _read(workspace: Workspace) -> Dict[str, Any]:
    value: Optional[Dict[str, Any]] = None
    path = _path(workspace)
    if path.exists():
        value = read_json(path)
    return {**(value or {}), "stores": dict((value or {}).get("stores") or {})}
