"""The source of a run: the files of its snapshot, for a client that is not trusted."""

from __future__ import annotations

from typing import Any

from ml_jupyter.exceptions import ArtifactNotFound
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import snapshot
from ml_jupyter.server.run_files import RunFile, offered


def listing(layout: WorkspaceLayout, run: RunFolder, limit: int) -> dict[str, Any]:
    """Files of a run's snapshot by path, at most ``limit``; none for a run without a snapshot.

    Equal digests tell equal contents, within a workspace and across.
    """
    snapshot_id = run.record.snapshot_id
    files = snapshot.read_tree(layout, snapshot_id)["files"] if snapshot_id else []
    return {
        "snapshot_id": snapshot_id,
        "files": [
            {"path": path, "size": size, "digest": digest}
            for path, _, size, digest in files[:limit]
        ],
        "truncated": len(files) > limit,
    }


def open_file(layout: WorkspaceLayout, run: RunFolder, path: str) -> RunFile:
    """Open a file of a run's snapshot.

    The path is only ever compared with the names in the snapshot's list; it is no path of a file
    system.

    Raises
    ------
    ArtifactNotFound
        The run has no snapshot, the snapshot no such file, or its content is lost.
    """
    missing = ArtifactNotFound(f"The snapshot of run {run.id} has no file {path!r}.")
    if not run.record.snapshot_id:
        raise missing
    try:
        return offered(snapshot.read_file(layout, run.record.snapshot_id, path), path)
    except OSError as error:
        raise missing from error
