"""Finding the workspace that a notebook was saved with, when it lies near the notebook. Blocking.

A notebook and its workspace may be copied together to another machine, where nobody has opened the
workspace. Its folder is then looked for from the notebook's folder upwards, never outside the
server's root folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from ml_jupyter import _files
from ml_jupyter.exceptions import MlJupyterError, UserErrorException, WorkspaceNotFound
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk import workspace_config

_RECORD_BYTES = 64 * 1024
_ENTRIES = 2000
#: Below a folder that workspaces were made in by name (the setting ``home``).
_NAMED = "workspaces"


def find(root_dir: Path, folder: str, workspace_id: str) -> WorkspaceFolder:
    """The workspace of this id in ``folder``, in a folder above it, or one level below those.

    Parameters
    ----------
    root_dir : Path
        The server's root folder; nothing outside it is looked at.
    folder : str
        The notebook's folder, relative to ``root_dir``; empty for ``root_dir`` itself.
    workspace_id : str
        Which workspace.

    Raises
    ------
    PathOutside
        ``folder`` is not below ``root_dir``.
    UserErrorException
        There is no such folder.
    WorkspaceNotFound
        There is no such workspace near it.
    """
    root = root_dir.resolve()
    start = _folder(root, folder)
    for place in (start, *start.parents):
        if place != root and root not in place.parents:
            break
        for candidate in _candidates(place):
            found = _opened(root, candidate)
            if found is not None and found.id == workspace_id:
                return found
    raise WorkspaceNotFound(
        f"There is no workspace {workspace_id!r} near {folder or 'the root folder'!r}.",
        hint="Put the workspace's folder, which holds workspace.json, beside the notebook.",
    )


def _folder(root: Path, relative: str) -> Path:
    if not relative:
        return root
    try:
        found = _files.confine(root, relative)
        is_folder = found.is_dir()
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links, half a character
        raise UserErrorException(
            f"folder: {relative!r} cannot be read.", details={"field": "folder"}
        ) from error
    if not is_folder:
        raise UserErrorException(
            f"folder: there is no folder {relative!r} below the server's root folder.",
            details={"field": "folder"},
        )
    return found


def _candidates(place: Path) -> Iterator[Path]:
    yield place
    yield from _configured(place)
    yield from _folders_in(place)
    yield from _folders_in(place / _NAMED)


def _configured(place: Path) -> Iterator[Path]:
    """The folder that a ``config.json`` right here names, if it names one."""
    for kind in workspace_config.PLACES:
        path = place / kind / workspace_config.FILE_NAME
        with suppress(MlJupyterError, OSError):
            if path.is_file() and path.stat().st_size <= _RECORD_BYTES:
                location = workspace_config.read(path).location
                if location is not None:
                    yield location


def _folders_in(place: Path) -> list[Path]:
    try:
        with os.scandir(place) as entries:
            seen = islice(entries, _ENTRIES)
            return sorted(
                Path(item.path) for item in seen if not item.name.startswith(".") and item.is_dir()
            )
    except OSError:
        return []


def _opened(root: Path, folder: Path) -> WorkspaceFolder | None:
    """The workspace in a folder; None when there is none, or a link leads out of the root."""
    try:
        layout = WorkspaceLayout(folder.resolve())
        record = layout.record.resolve()
        if not record.is_file() or record.stat().st_size > _RECORD_BYTES:
            return None
        parts = (layout.record, layout.journal, layout.experiments, layout.runs, layout.queue)
        if all(path.resolve().is_relative_to(root) for path in parts):
            return WorkspaceFolder(layout.root)
    except (MlJupyterError, OSError, RuntimeError, ValueError):  # another's, too new, a circle
        return None
    return None
