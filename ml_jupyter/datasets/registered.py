"""Registered datasets as files: ``data/<name>/<version>.json`` of a workspace, and who used them.

A version is one file that appears as a whole; ``uses.jsonl`` beside has a line for each run that
read or wrote a version.
"""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from ml_jupyter import _ids, _time
from ml_jupyter._files import read_json, write_json
from ml_jupyter.exceptions import FolderCorrupt, UserErrorException
from ml_jupyter.history import lock

READ, WRITTEN = "read", "written"
_USES = "uses.jsonl"


def folder_of(workspace: Path) -> Path:
    """Where the datasets of a workspace (its folder) are."""
    return workspace / "data"


def add(
    workspace: Path,
    name: str,
    content: Mapping[str, Any],
    *,
    description: Optional[str] = None,
    tags: Optional[Mapping[str, str]] = None,
    create_new_version: bool = False,
    run: Optional[str] = None,
) -> Dict[str, Any]:
    """Keep a definition under a name.

    Parameters
    ----------
    workspace : Path
        Folder of the workspace.
    content : mapping
        The definition, JSON.
    run : str, optional
        The run that made it.

    Returns
    -------
    dict
        The record of the version; that of the newest when its content is the same.

    Raises
    ------
    UserErrorException
        The name is taken and ``create_new_version`` is False, or it is no name.
    """
    _ids.check_name(name, "Dataset")
    folder = folder_of(workspace) / name
    folder.mkdir(parents=True, exist_ok=True)
    plain = json.loads(json.dumps(content))
    with lock.exclusive(folder / ".lock"):
        known = versions(folder)
        if known:
            newest: Dict[str, Any] = read_json(folder / f"{known[-1]}.json")
            if newest["content"] == plain:
                return newest
            if not create_new_version:
                raise UserErrorException(
                    f"There is a dataset {name!r} already.",
                    hint="Pass create_new_version=True to make a new version of it.",
                )
        record: Dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "name": name,
            "version": (known[-1] if known else 0) + 1,
            "description": description,
            "tags": dict(tags or {}),
            "created": _time.now_ns(),
            "run": run,
            "content": plain,
        }
        write_json(folder / f"{record['version']}.json", record)
    return record


def versions(folder: Path) -> List[int]:
    """The versions in a dataset's folder, oldest first."""
    try:
        names = [path.stem for path in folder.glob("*.json")]
    except OSError as error:
        raise FolderCorrupt(f"{folder} cannot be read: {error}") from error
    return sorted(int(name) for name in names if name.isdigit())


def note_use(workspace: Path, dataset: str, run: str, role: str, run_name: str = "") -> None:
    """Remember that a run read or wrote a dataset.

    Parameters
    ----------
    dataset : str
        ``name:version``.
    role : str
        ``read`` or ``written``.
    run_name : str
        What people call the run.
    """
    name, _, version = dataset.rpartition(":")
    folder = folder_of(workspace) / name
    if not folder.is_dir():  # of another workspace
        return
    line = json.dumps({"run": run, "name": run_name, "version": int(version), "role": role})
    handle = os.open(str(folder / _USES), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        # One call, so that lines of several processes stay whole; a line before may be torn.
        os.write(handle, f"\n{line}\n".encode())
    finally:
        os.close(handle)


def uses(workspace: Path, name: str, version: Optional[int] = None) -> List[Dict[str, Any]]:
    """Runs that read or wrote a dataset, newest first, each once by version and role."""
    found: Dict[Any, Dict[str, Any]] = {}
    try:
        lines = (folder_of(workspace) / name / _USES).read_text("utf-8").splitlines()
    except OSError:
        return []
    for line in reversed(lines):
        try:
            item = json.loads(line)
            key = (item["run"], item["version"], item["role"])
        except (ValueError, TypeError, KeyError):  # torn by a crash of the machine
            continue
        if version is None or item["version"] == version:
            found.setdefault(key, item)
    return list(found.values())
