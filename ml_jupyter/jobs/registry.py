"""The workspaces that the user has opened on this machine: where the dispatcher looks for queued runs.

``workspaces/<digest of the path>`` in the state folder holds the path of one.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path
from typing import List

from ml_jupyter._files import storage_failed, write_atomic
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import WorkspaceException
from ml_jupyter.history.workspace import WorkspaceFolder


def register(settings: Settings, workspace: WorkspaceFolder) -> None:
    """Note that a workspace is in use; again does nothing.

    Raises
    ------
    StorageFailed
        The state folder cannot be written to.
    """
    root = os.fsencode(str(workspace.layout.root))
    path = _folder(settings) / blake2b(root, digest_size=12).hexdigest()
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_failed(error, path.parent) from error
    write_atomic(path, root, mode=0o600, sync=False)


def known(settings: Settings) -> List[WorkspaceFolder]:
    """The registered workspaces that are still there and can be read, in no order."""
    found = []
    folder = _folder(settings)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name.startswith("."):
            continue
        try:
            found.append(WorkspaceFolder(Path(os.fsdecode(path.read_bytes()))))
        except (
            OSError,
            WorkspaceException,
        ):  # moved, on a disk that is not there now, or too new for us
            continue
    return found


def _folder(settings: Settings) -> Path:
    return settings.state / "workspaces"
