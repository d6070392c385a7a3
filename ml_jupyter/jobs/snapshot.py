"""Snapshots of source folders: what is unchanged is neither hashed nor stored again.

``snapshots/trees/<id>.json`` lists one tree: files as [path, mode, size, digest], links as [path,
target], empty folders. Its id is made from that list: equal trees have equal ids.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

from ml_jupyter._files import storage_failed, write_atomic
from ml_jupyter.exceptions import ArtifactNotFound, FolderCorrupt, PathOutside, SnapshotException
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.jobs.blobs import BlobStore
from ml_jupyter.jobs.bounds import UNLIMITED, BoundsWatch
from ml_jupyter.jobs.bounds import Bounds as Bounds
from ml_jupyter.jobs.source import DataWalk, Listing, SourceWalk
from ml_jupyter.jobs.stat_cache import StatCache

_FORMAT = "1.0"


@dataclass(frozen=True)
class Snapshot:
    """A stored source tree.

    Attributes
    ----------
    id : str
        32 hex digits, made from the content.
    files : int
        Number of files.
    bytes : int
        Their sizes, added up.
    warnings : tuple of str
        What was left out, and a size above 100 MB, for the user to read.
    """

    id: str
    files: int
    bytes: int
    warnings: Tuple[str, ...] = ()


def take(
    workspace: WorkspaceLayout, cache: Path, source: Path, bounds: Bounds = UNLIMITED
) -> Snapshot:
    """Store a source folder as it is now.

    Parameters
    ----------
    workspace : WorkspaceLayout
        Where it is stored.
    cache : Path
        The user's cache folder.
    source : Path
        The folder. Links are not followed out of it; ignore files are honoured (``ignore``).
    bounds : Bounds
        Limits that the user or an interactive run sets.

    Raises
    ------
    SnapshotException
        No such folder, something in it cannot be read, or it is past ``bounds``; names what.
    StorageFailed
        The workspace cannot be written to.
    """
    if not source.is_dir():
        raise SnapshotException(f"There is no source folder {str(source)!r}.")
    watch = BoundsWatch(source, bounds)
    found = SourceWalk(source, [workspace.root], watch.check).list()
    watch.check_size(found)
    try:
        return _store(workspace, StatCache(cache, workspace.root, source), source, found, watch)
    except OSError as error:
        raise storage_failed(error, workspace.snapshots) from error


def take_all(workspace: WorkspaceLayout, cache: Path, source: Path) -> Snapshot:
    """Store a folder of data: as ``take``, but nothing in it is left out.

    Raises
    ------
    SnapshotException, StorageFailed
        As for ``take``.
    """
    return _take_listing(workspace, cache, source, DataWalk(source).list())


def take_file(workspace: WorkspaceLayout, cache: Path, source: Path) -> Snapshot:
    """Store a single file.

    Raises
    ------
    SnapshotException, StorageFailed
        As for ``take``.
    """
    try:
        facts = source.stat()
    except OSError as error:
        raise SnapshotException(f"{source} cannot be read: {error.strerror}.") from error
    listing = Listing(files=[(source.name, facts)], bytes=facts.st_size)
    return _take_listing(workspace, cache, source.parent, listing)


def _take_listing(
    workspace: WorkspaceLayout, cache: Path, source: Path, found: Listing
) -> Snapshot:
    watch = BoundsWatch(source, UNLIMITED)
    try:
        return _store(workspace, StatCache(cache, workspace.root, source), source, found, watch)
    except OSError as error:
        raise storage_failed(error, workspace.snapshots) from error


def lay_out(workspace: WorkspaceLayout, snapshot_id: str, target: Path) -> None:
    """Write a snapshot's tree into an existing folder, as private copies.

    Raises
    ------
    SnapshotException
        There is no such snapshot, or it is not whole.
    """
    tree, blobs, root = read_tree(workspace, snapshot_id), BlobStore(_blobs(workspace)), str(target)
    made = {""}
    for path, mode, _, digest in tree["files"]:
        _make_parents(root, path, made)
        try:
            blobs.lay_out(digest, f"{root}/{path}", mode)
        except FileNotFoundError as error:
            raise SnapshotException(
                f"Snapshot {snapshot_id} has lost the content of {path}."
            ) from error
    for path in tree["empty"]:
        os.makedirs(f"{root}/{path}", exist_ok=True)
    for path, link in tree["links"]:
        _make_parents(root, path, made)
        os.symlink(link, f"{root}/{path}")


def restore(workspace: WorkspaceLayout, snapshot_id: str, target: Path) -> Path:
    """Write a snapshot as ``target/<id>.zip`` (surface 4.8); the path of the zip.

    Raises
    ------
    SnapshotException
        There is no such snapshot.
    """
    tree, blobs = read_tree(workspace, snapshot_id), BlobStore(_blobs(workspace))
    target.mkdir(parents=True, exist_ok=True)
    path = target / f"{snapshot_id}.zip"
    with zipfile.ZipFile(str(path), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, mode, _, digest in tree["files"]:
            _zip_file(archive, blobs.path(digest), name, mode)
        for name in tree["empty"]:
            archive.writestr(zipfile.ZipInfo(name + "/"), b"")
        for name, link in tree["links"]:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o120777 << 16
            archive.writestr(entry, link)
    return path


def entries(workspace: WorkspaceLayout, snapshot_id: str) -> List[Tuple[str, int]]:
    """Files of a snapshot as (path, bytes), sorted by path."""
    return [(path, size) for path, _, size, _ in read_tree(workspace, snapshot_id)["files"]]


def read_file(workspace: WorkspaceLayout, snapshot_id: str, path: str) -> Path:
    """Where the content of one of a snapshot's files lies; not to be written to.

    Raises
    ------
    ArtifactNotFound
        The snapshot has no such file.
    """
    for name, _, _, digest in read_tree(workspace, snapshot_id)["files"]:
        if name == path:
            return Path(BlobStore(_blobs(workspace)).path(digest))
    raise ArtifactNotFound(f"Snapshot {snapshot_id} has no file {path!r}.")


def read_tree(workspace: WorkspaceLayout, snapshot_id: str) -> Dict[str, Any]:
    """The list of a snapshot: ``files``, ``links``, ``empty``.

    Raises
    ------
    SnapshotException
        There is no such snapshot.
    FolderCorrupt
        Its list cannot be understood, or names a path outside.
    """
    path = _tree_path(workspace, snapshot_id)
    try:
        tree = json.loads(path.read_bytes())
        names = [item[0] for kind in ("files", "links") for item in tree[kind]] + tree["empty"]
    except FileNotFoundError as error:
        raise SnapshotException(
            f"There is no snapshot {snapshot_id!r} in this workspace."
        ) from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise FolderCorrupt(f"{path} is not a list of files: {error}") from error
    for name in names:
        if name.startswith("/") or ".." in name.split("/"):
            raise FolderCorrupt(f"{path} names {name!r}, which leads out of the folder.")
    return dict(tree)


def _store(
    workspace: WorkspaceLayout, cache: StatCache, source: Path, found: Listing, watch: BoundsWatch
) -> Snapshot:
    blobs, root = BlobStore(_blobs(workspace)), os.path.realpath(str(source))
    files, reused = [], []
    for path, facts in found.files:
        digest = cache.digest(path, facts)
        if digest is None:
            digest = _add(blobs, root, path)
            cache.remember(path, facts, digest)
            watch.check(found)
        else:
            reused.append((path, digest))
        files.append([path, 0o755 if facts.st_mode & 0o100 else 0o644, facts.st_size, digest])
    data, snapshot_id = _encode(files, found)
    if not _tree_path(workspace, snapshot_id).exists():  # a listed tree has all its blobs
        for path, digest in reused:
            if not blobs.has(digest):
                _add(blobs, root, path)
        _tree_path(workspace, snapshot_id).parent.mkdir(parents=True, exist_ok=True)
        write_atomic(_tree_path(workspace, snapshot_id), data)
    cache.save()
    return Snapshot(snapshot_id, len(files), found.bytes, tuple(found.warnings))


def _add(blobs: BlobStore, root: str, path: str) -> str:
    try:
        return blobs.add(f"{root}/{path}")
    except OSError as error:
        if error.filename != f"{root}/{path}":
            raise
        raise SnapshotException(
            f"{path} cannot be read: {error.strerror}.",
            hint="Mend its rights, or name it in .amlignore.",
        ) from error


def _encode(files: Sequence[Sequence[Any]], found: Listing) -> Tuple[bytes, str]:
    tree = {"format": _FORMAT, "files": files, "links": found.links, "empty": found.empty}
    data = json.dumps(tree, separators=(",", ":")).encode("ascii")
    return data, hashlib.sha256(data).hexdigest()[:32]


def _zip_file(archive: zipfile.ZipFile, source: str, name: str, mode: int) -> None:
    entry = zipfile.ZipInfo.from_file(source, name, strict_timestamps=False)
    entry.external_attr = (0o100000 | mode) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with open(source, "rb") as stream, archive.open(entry, "w") as target:
        while True:
            data = stream.read(1024 * 1024)
            if not data:
                return
            target.write(data)


def _make_parents(root: str, path: str, made: set[str]) -> None:
    parent = path.rpartition("/")[0]
    if parent not in made:
        os.makedirs(f"{root}/{parent}", exist_ok=True)
        made.add(parent)


def _blobs(workspace: WorkspaceLayout) -> Path:
    return workspace.snapshots / "blobs"


def _tree_path(workspace: WorkspaceLayout, snapshot_id: str) -> Path:
    if not snapshot_id.isalnum():
        raise PathOutside(f"{snapshot_id!r} is not the id of a snapshot.")
    return workspace.snapshots / "trees" / f"{snapshot_id}.json"
