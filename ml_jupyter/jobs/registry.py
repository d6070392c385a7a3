"""The workspaces that the user has opened here: where the dispatcher looks for queued runs.

``workspaces/<digest of the path>`` in the state folder holds the path of one. Those that were only
looked at, beside a notebook that somebody copied here, are in ``viewed``. No dispatcher looks
there, so that what waits in a copied workspace does not begin to run because it is shown.
"""

from __future__ import annotations

import os
from contextlib import suppress
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
    _note(_folder(settings), workspace)


def register_viewed(settings: Settings, workspace: WorkspaceFolder) -> None:
    """Note that a workspace is looked at, and no more; again does nothing.

    Raises
    ------
    StorageFailed
        The state folder cannot be written to.
    """
    _note(_viewed(settings), workspace)


def _note(folder: Path, workspace: WorkspaceFolder) -> None:
    root = os.fsencode(str(workspace.layout.root))
    path = folder / blake2b(root, digest_size=12).hexdigest()
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_failed(error, path.parent) from error
    write_atomic(path, root, mode=0o600, sync=False)


def paths(settings: Settings) -> List[Path]:
    """Folders of the registered workspaces, there or not, in no order."""
    return _noted(_folder(settings))


def _noted(folder: Path) -> List[Path]:
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if not path.name.startswith("."):
            with suppress(OSError):
                found.append(Path(os.fsdecode(path.read_bytes())))
    return found


def known(settings: Settings) -> List[WorkspaceFolder]:
    """The registered workspaces that are still there and can be read, in no order."""
    return _readable(paths(settings))


def viewed(settings: Settings) -> List[WorkspaceFolder]:
    """The workspaces that are only looked at, still there and readable, in no order."""
    return _readable(_noted(_viewed(settings)))


def _readable(roots: List[Path]) -> List[WorkspaceFolder]:
    found = []
    for path in roots:
        with suppress(WorkspaceException):  # moved, on a disk that is away now, too new for us
            found.append(WorkspaceFolder(path))
    return found


def _folder(settings: Settings) -> Path:
    return settings.state / "workspaces"


def _viewed(settings: Settings) -> Path:
    return settings.state / "viewed"
