"""The folder that a run was submitted from, as it is now: what a new snapshot of it would hold."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from ml_jupyter.config import Settings
from ml_jupyter.exceptions import ArtifactNotFound, SnapshotException
from ml_jupyter.history.journal import host_name
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.records import SOURCE_PROPERTY
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import user_name
from ml_jupyter.jobs.bounds import Bounds, BoundsWatch
from ml_jupyter.jobs.source import Listing, SourceWalk
from ml_jupyter.jobs.stat_cache import StatCache
from ml_jupyter.server.run_files import RunFile, offered

_BLOCK_BYTES = 1024 * 1024


def listing(
    layout: WorkspaceLayout, run: RunFolder, settings: Settings, limit: int
) -> dict[str, Any]:
    """Files of the folder by path, at most ``limit``, with the digests that a snapshot gives them.

    Ignore files and the limit of a snapshot's size hold as when a run is submitted; nothing is
    stored.

    Raises
    ------
    ArtifactNotFound
        The folder is not known, not there, another user's or another machine's.
    SnapshotException
        It cannot be read, or is larger than a snapshot may be.
    """
    root = _folder(run)
    found = _walk(root, layout, settings)
    known = StatCache(settings.cache, layout.root, root)
    files = [
        {"path": path, "size": facts.st_size, "digest": digest}
        for path, facts in found.files[:limit]
        if (digest := known.digest(path, facts) or _digest(root / path))
    ]
    return {"snapshot_id": None, "files": files, "truncated": len(found.files) > limit}


def open_file(layout: WorkspaceLayout, run: RunFolder, settings: Settings, path: str) -> RunFile:
    """Open a file of the folder that a snapshot would take in.

    The path is only ever compared with the names that the walk finds.

    Raises
    ------
    ArtifactNotFound, SnapshotException
        As for ``listing``; or the folder has no such file.
    """
    root = _folder(run)
    missing = ArtifactNotFound(f"The folder of run {run.id} has no file {path!r} now.")
    if path not in {name for name, _ in _walk(root, layout, settings).files}:
        raise missing
    try:
        return offered(root / path, path)
    except OSError as error:
        raise missing from error


def _folder(run: RunFolder) -> Path:
    """Where the run's source lies, for the user on the machine that submitted it."""
    record = run.record
    source = record.properties.get(SOURCE_PROPERTY)
    if not source:
        raise ArtifactNotFound(f"It is not known which folder run {run.id} was submitted from.")
    if record.user != user_name() or record.host != host_name():
        raise ArtifactNotFound(
            f"Run {run.id} was submitted by {record.user} on {record.host}; its folder is theirs."
        )
    if not os.path.isdir(source):
        raise ArtifactNotFound(f"The folder that run {run.id} was submitted from is gone.")
    return Path(source)


def _walk(root: Path, layout: WorkspaceLayout, settings: Settings) -> Listing:
    watch = BoundsWatch(root, Bounds(bytes=settings.snapshot_limit))
    found = SourceWalk(root, [layout.root], watch.check).list()
    watch.check_size(found)
    return found


def _digest(path: Path) -> str:
    total = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                total.update(block)
    except FileNotFoundError:
        return ""  # it went while it was looked at
    except OSError as error:
        raise SnapshotException(f"{path.name} cannot be read: {error.strerror}.") from error
    return total.hexdigest()
