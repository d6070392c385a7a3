"""Lock files in a folder that all users share: opening, locking, and what stands in them."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Dict, Iterator, Mapping, Optional, Sequence

from ml_jupyter import _time
from ml_jupyter._files import storage_failed
from ml_jupyter.history import lock

#: Held by whoever takes slots, for a moment.
TAKING = "taking"
#: Seconds to wait for that moment's end. A process that was stopped in it must not stop others.
_PATIENCE_S = 0.2
_POLL_S = 0.002
_FACTS_BYTES = 4096


def prepare(folder: Path) -> None:
    """Make the folder for everybody, as ``/tmp`` is.

    Raises
    ------
    StorageFailed
        It cannot be made.
    """
    if folder.is_dir():
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.chmod(str(folder), 0o1777)
    except OSError as error:
        raise storage_failed(error, folder) from error


def names(folder: Path) -> Sequence[str]:
    """Files of the folder, in no order."""
    try:
        return os.listdir(str(folder))
    except OSError:
        return ()


def try_lock(folder: Path, name: str) -> Optional[int]:
    """Lock a file, made when missing, without waiting; None: it is held.

    Raises
    ------
    StorageFailed
        It cannot be made.
    """
    prepare(folder)
    path = folder / name
    try:
        fd = _open_shared(str(path))
    except OSError as error:
        raise storage_failed(error, path) from error
    if lock.try_descriptor(fd):
        return fd
    os.close(fd)
    return None


@contextmanager
def taking(folder: Path) -> Iterator[bool]:
    """Be the only one who takes slots; false: another process is at it for too long."""
    deadline = _time.monotonic() + _PATIENCE_S
    fd = try_lock(folder, TAKING)
    while fd is None and _time.monotonic() < deadline:
        time.sleep(_POLL_S)
        fd = try_lock(folder, TAKING)
    try:
        yield fd is not None
    finally:
        if fd is not None:
            os.close(fd)


def write(fd: int, facts: Mapping[str, Any]) -> None:
    """Say who holds a slot."""
    os.ftruncate(fd, 0)
    os.pwrite(fd, json.dumps(dict(facts)).encode("ascii"), 0)


def read(folder: Path, name: str) -> Dict[str, Any]:
    """What stands in a slot's file, also when nobody holds it any more; rubbish is nothing."""
    try:
        with open(folder / name, "rb") as stream:
            facts = json.loads(stream.read(_FACTS_BYTES))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def changed(folder: Path, name: str) -> Optional[int]:
    """When a slot was taken last, nanoseconds since the epoch; None: never."""
    try:
        return (folder / name).stat().st_mtime_ns
    except OSError:
        return None


def forget(path: Path) -> None:
    """Remove a file, if it is ours."""
    with suppress(OSError):  # another user's: its owner removes it
        path.unlink()


def _open_shared(path: str) -> int:
    # Without O_CREAT first: in a sticky folder the system refuses O_CREAT on another user's file
    # (sysctl fs.protected_regular, proc(5)).
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        pass
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        os.fchmod(fd, 0o666)
        return fd
    except FileExistsError:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)
