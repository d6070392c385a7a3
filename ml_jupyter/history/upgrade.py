"""Raising the format version of a workspace, when its user asks for it."""

from __future__ import annotations

from typing import Tuple

from ml_jupyter._files import read_json, write_json
from ml_jupyter.exceptions import WorkspaceException
from ml_jupyter.history import lock, records
from ml_jupyter.history.workspace import WorkspaceFolder


def raise_format(workspace: WorkspaceFolder) -> Tuple[str, str]:
    """Write this software's format version into a workspace of an older minor version.

    Minor versions only add (docs/run-folder.md), so that nothing else has to change, and runs may
    go on meanwhile. A newer minor version stays.

    Returns
    -------
    tuple of str
        The version before and after.

    Raises
    ------
    WorkspaceException
        It is of an older major version, which this software cannot bring up.
    StorageFailed
        The folder cannot be written to.
    """
    layout = workspace.layout
    current = records.current_format()
    with lock.exclusive(layout.root / ".create"):
        value = read_json(layout.record)
        before = str(value.get("format", current))
        ours, theirs = _parts(current), _parts(before)
        if theirs[0] < ours[0]:
            raise WorkspaceException(
                f"{layout.root} has format {before}, from which there is no way to {current}.",
                hint="Open it with the version of ml-jupyter that wrote it.",
            )
        if theirs >= ours:
            return before, before
        write_json(layout.record, {**value, "format": current})
    return before, current


def _parts(version: str) -> Tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor.partition(".")[0] or 0)
