"""Data at addresses of ``fsspec``: listing, and copying to and from there."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any, List, Sequence, Tuple
from urllib.parse import urlsplit

from ml_jupyter._files import confine
from ml_jupyter.datasets import addresses
from ml_jupyter.exceptions import DataUnavailable, MissingDependency, UserErrorException

_MAGIC = "*?["


def joined(base: str, path: str) -> str:
    """An address below another.

    Raises
    ------
    UserErrorException
        The path leads out of it.
    """
    if ".." in path.split("/"):
        raise UserErrorException(f"{path!r} leads out of its datastore.")
    return f"{base.rstrip('/')}/{path.lstrip('/')}" if path else base


def is_many(url: str) -> bool:
    """Whether an address means several files that can be listed: a glob, or a folder."""
    parts = urlsplit(url)
    if parts.scheme in addresses.HTTP:
        return False
    return any(sign in parts.path for sign in _MAGIC) or parts.path.endswith("/")


def listed(url: str) -> List[Tuple[str, str]]:
    """Addresses of the files, and their paths below the folder before the first wildcard.

    Raises
    ------
    DataUnavailable
        They cannot be listed.
    """
    system, path = _open(url)
    magic = any(sign in path for sign in _MAGIC)
    root = path.rstrip("/")
    while any(sign in root for sign in _MAGIC):
        root = posixpath.dirname(root)
    try:
        found = system.glob(path, detail=True) if magic else system.find(path, detail=True)
    except Exception as error:  # each store has errors of its own
        raise DataUnavailable(f"{addresses.shown(url)} cannot be listed: {error}.") from error
    files = sorted(name for name, facts in found.items() if facts.get("type") == "file")
    below = [name[len(root) :].lstrip("/") for name in files]
    return [(system.unstrip_protocol(name), path) for name, path in zip(files, below)]


def put(url: str, files: Sequence[Tuple[Path, str]], *, overwrite: bool) -> List[str]:
    """Copy local files below an address; those that were there and stayed.

    Raises
    ------
    DataUnavailable
        A file cannot be written there.
    """
    system, root = _open(url)
    stayed = []
    for file, name in files:
        target = f"{root.rstrip('/')}/{name}"
        try:
            if not overwrite and system.exists(target):
                stayed.append(name)
                continue
            system.makedirs(posixpath.dirname(target), exist_ok=True)
            system.put_file(str(file), target)
        except Exception as error:  # each store has errors of its own
            raise DataUnavailable(
                f"{name} cannot be written to {addresses.shown(url)}: {error}."
            ) from error
    return stayed


def get(url: str, folder: Path, *, overwrite: bool) -> List[str]:
    """Copy all files below an address into a folder; their paths."""
    system, root = _open(url)
    found = listed(url if system.isfile(root) else url.rstrip("/") + "/")
    copied = []
    for _, path in found:
        name = path or posixpath.basename(root)
        target = confine(folder, name)
        if target.exists() and not overwrite:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        system.get_file(f"{root.rstrip('/')}/{path}".rstrip("/"), str(target))
        copied.append(name)
    return copied


def _open(url: str) -> Tuple[Any, str]:
    try:
        import fsspec
    except ImportError as error:
        raise MissingDependency("fsspec", "data", f"Using {addresses.shown(url)}") from error
    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ValueError, ImportError) as error:
        raise DataUnavailable(f"{addresses.shown(url)}: {error}.") from error
    return system, str(path)
