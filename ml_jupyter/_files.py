"""Writing files so that a reader never sees half of one, and keeping paths inside their folder."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, Union

from ml_jupyter.exceptions import FolderCorrupt, PathOutside, StorageFailed

PathLike = Union[str, "os.PathLike[str]"]


def write_atomic(path: PathLike, data: bytes, *, mode: int = 0o666, sync: bool = True) -> None:
    """Replace ``path`` by ``data`` in one step: readers see the old content or the new.

    Raises
    ------
    StorageFailed
        The folder is missing, read-only or full; the old content is untouched.
    """
    target = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=str(target.parent))
    except OSError as error:
        raise storage_failed(error, target) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            if sync:
                os.fsync(stream.fileno())
        os.chmod(temporary, mode & ~current_umask())
        os.replace(temporary, target)
    except OSError as error:
        _unlink(temporary)
        raise storage_failed(error, target) from error
    except BaseException:
        _unlink(temporary)
        raise


def write_json(path: PathLike, value: Any, *, mode: int = 0o666) -> None:
    """Write ``value`` as indented JSON, atomically."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False)
    write_atomic(path, (text + "\n").encode("utf-8"), mode=mode)


def read_json(path: PathLike) -> Any:
    """Read a JSON file.

    Raises
    ------
    FileNotFoundError
        There is none.
    FolderCorrupt
        The file is not JSON; the message names it.
    """
    data = Path(path).read_bytes()
    try:
        return json.loads(data)
    except ValueError as error:
        raise FolderCorrupt(f"{path} is not readable as JSON: {error}") from error


def confine(root: PathLike, relative: str) -> Path:
    """Path of ``relative`` inside ``root``, symbolic links resolved.

    Raises
    ------
    PathOutside
        ``relative`` is absolute, holds ``..`` or a NUL, or a link leads out of ``root``.
    """
    parts = relative.replace("\\", "/").split("/")
    if (
        not relative
        or "\0" in relative
        or ".." in parts
        or relative.startswith("/")
        or _drive(parts[0])
    ):
        raise PathOutside(f"{relative!r} is not a relative path inside the folder.")
    base = Path(root).resolve()
    resolved = Path(os.path.realpath(str(base / relative)))  # resolve() raises at a circle of links
    if resolved != base and base not in resolved.parents:
        raise PathOutside(f"{relative!r} leads out of its folder.")
    return resolved


def storage_failed(error: OSError, path: PathLike) -> StorageFailed:
    """The error to raise when the operating system refused to write ``path``."""
    reason = error.strerror or str(error)
    return StorageFailed(
        f"Cannot write {path}: {reason}.",
        hint="What was already written is intact. Free space or mend the rights, then try again.",
        details={"errno": error.errno, "path": str(path)},
    )


def current_umask() -> int:
    """The process's umask, read without changing it for longer than two system calls."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _drive(part: str) -> bool:
    return len(part) >= 2 and part[1] == ":" and part[0].isalpha()


def _unlink(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
