"""Folders and workspaces: writable, not full, with locks that lock, and of a known format."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ml_jupyter.cli.doctor.finding import OK, PROBLEM, WARNING, Finding
from ml_jupyter.config import PREFIX, Settings
from ml_jupyter.exceptions import FormatTooNew, MlJupyterError
from ml_jupyter.history import records
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import registry
from ml_jupyter.sdk import session

_FOLDERS = ("home", "cache", "state", "runtime", "slot_dir")
_FEW_BYTES, _NO_BYTES = 1 << 30, 100 << 20
_FEW_FILES = 1000
_SKEW_S = 2.0
_LOCK_S = 5.0
#: Two openings of one file exclude each other where locks work (flock(2)); 3: they do not.
_LOCKS = """
import fcntl, os, sys
one, two = (os.open(sys.argv[1], os.O_RDWR) for _ in range(2))
try:
    fcntl.flock(one, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    sys.exit(4)
try:
    fcntl.flock(two, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    sys.exit(0)
sys.exit(3)
"""


def check(settings: Settings) -> Iterator[Finding]:
    """Look at the product's folders and at all workspaces that it knows."""
    places = {name: Path(getattr(settings, name)) for name in _FOLDERS}
    bad = [item for name, path in places.items() if (item := _folder(name, path)) is not None]
    yield from bad
    if not bad:
        yield Finding("folders", OK, f"All folders can be written to; data is in {settings.home}.")
    found = session.known_workspaces(settings)
    yield from _unreadable(settings, found)
    roots = [item.layout.root for item in found]
    yield from _room([*places.values(), *roots])
    for workspace in found:
        yield from _workspace(workspace)


def _folder(name: str, path: Path) -> Finding | None:
    """What is wrong with one of the product's folders."""
    there = path
    while not there.exists() and there != there.parent:
        there = there.parent
    setting = f"or set {PREFIX}{name.upper()} to another folder"
    if there == path and not path.is_dir():
        return Finding("folders", PROBLEM, f"{path} is no folder.", f"Remove it, {setting}.")
    if not os.access(there, os.W_OK | os.X_OK):
        mend = f"Mend its rights: sudo chown -R $USER {there}; {setting}."
        return Finding("folders", PROBLEM, f"{there} cannot be written to.", mend)
    return None


def _room(folders: list[Path]) -> Iterator[Finding]:
    """Room on each disk that is used, once."""
    seen: set[int] = set()
    good = True
    for folder in folders:
        if not folder.is_dir() or folder.stat().st_dev in seen:
            continue
        seen.add(folder.stat().st_dev)
        free = shutil.disk_usage(folder).free
        files = os.statvfs(folder).f_favail if hasattr(os, "statvfs") else _FEW_FILES
        total = os.statvfs(folder).f_files if hasattr(os, "statvfs") else 0
        mend = "Make room: mlj gc --days 0 --environment-days 0 removes what is no longer used."
        if free < _FEW_BYTES:
            state, good = (PROBLEM if free < _NO_BYTES else WARNING), False
            said = f"The disk of {folder} has {free / 1e6:,.0f} MB left."
            yield Finding("disk", state, said, mend)
        elif total and files < _FEW_FILES:
            good = False
            said = f"The disk of {folder} can take {files} more files only."
            yield Finding("disk", PROBLEM, said, mend)
    if good:
        yield Finding("disk", OK, "There is room on the disks that are used.")


def _unreadable(settings: Settings, found: list[WorkspaceFolder]) -> Iterator[Finding]:
    """Workspaces that were opened once and cannot be read now."""
    known = {item.layout.root for item in found}
    for root in registry.paths(settings):
        if root in known or not root.exists():
            continue
        try:
            WorkspaceFolder(root)
        except FormatTooNew as error:
            yield Finding("workspace", PROBLEM, error.message, error.hint)
        except MlJupyterError as error:
            yield Finding("workspace", PROBLEM, error.message, error.hint or "Look at its rights.")


def _workspace(workspace: WorkspaceFolder) -> Iterator[Finding]:
    root, name = workspace.layout.root, workspace.record.name
    before = workspace.record.format
    if not os.access(root, os.W_OK):
        message = f"The workspace {name!r} in {root} can be read only."
        yield Finding("workspace", WARNING, message, "Runs can be looked at, but not made there.")
        return
    try:
        with tempfile.NamedTemporaryFile(dir=root, prefix=".doctor-") as file:
            file.write(b"x")
            file.flush()
            wrong = [*_locks(name, file.name), *_clock(name, os.stat(file.name).st_mtime)]
    except OSError as error:
        said = f"The workspace {name!r} in {root} cannot be written to: {error.strerror}."
        yield Finding("workspace", PROBLEM, said, "Free space or mend the rights.")
        return
    if before != records.current_format():
        message = f"The workspace {name!r} has format {before}, not {records.current_format()}."
        wrong.append(Finding("workspace", WARNING, message, f"mlj workspace upgrade -w {name}"))
    yield from wrong
    if not wrong:
        yield Finding("workspace", OK, f"The workspace {name!r} in {root} is in order.")


def _locks(name: str, path: str) -> Iterator[Finding]:
    """Locks tell who is alive; in a process of its own, as a dead lock server would hold us."""
    try:
        done = subprocess.run(
            [sys.executable, "-S", "-E", "-c", _LOCKS, path], timeout=_LOCK_S, check=False
        )
        code: int | None = done.returncode
    except subprocess.TimeoutExpired:
        code = None
    if code == 0:
        return
    said = {3: "are not kept apart", 4: "are refused", None: "hang"}.get(code, "fail")
    yield Finding(
        "locks", PROBLEM, f"Locks {said} on the file system of the workspace {name!r}: runs that "
        "are alive would be taken for dead.",
        "Move the workspace to a local disk, or mount the share with locks (NFS 4, no nolock).",
    )  # fmt: skip


def _clock(name: str, written: float) -> Iterator[Finding]:
    """A file server with another time mixes up the order of events."""
    away = written - time.time()
    if abs(away) <= _SKEW_S:
        return
    word = "ahead" if away > 0 else "behind"
    yield Finding(
        "clock", WARNING, f"The file server of the workspace {name!r} is {abs(away):,.0f} s {word} "
        "of this machine's clock.", "Set both by NTP: timedatectl set-ntp true",
    )  # fmt: skip
