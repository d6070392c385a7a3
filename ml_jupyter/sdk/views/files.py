"""The files of a run, under the names that users see."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple

from ml_jupyter._parts import is_part
from ml_jupyter.history.run_folder import RunFolder

#: So many files are listed at most in one answer.
MOST_FILES = 20_000
_LOG_FOLDERS = ("user_logs/", "system_logs/")
_LOG_ENDINGS = (".txt", ".log")


class FileEntry(NamedTuple):
    """One file: name below ``files/``, size in bytes, time of the last change in nanoseconds."""

    path: str
    size: int
    modified: int


def list_files(run: RunFolder) -> Iterator[FileEntry]:
    """All files of a run, by name.

    While a job runs, ``files/outputs`` and ``files/logs`` are links into its working folder; they
    are followed, and any link that leads out of the run's folder is not.
    """
    inside = os.path.realpath(str(run.layout.path))
    return _below(str(run.layout.files), "", inside, 0)


def files_json(run: RunFolder, limit: int = MOST_FILES) -> Dict[str, Any]:
    """``{"files": [{"path", "size", "modified_ms"}], "truncated"}`` of ``docs/http-api.md``."""
    found: List[Dict[str, Any]] = []
    for item in list_files(run):
        if len(found) == limit:
            return {"files": found, "truncated": True}
        found.append({"path": item.path, "size": item.size, "modified_ms": item.modified / 1e6})
    return {"files": found, "truncated": False}


def log_files(run: RunFolder) -> List[str]:
    """Names of the run's logs: the terminal, then the system's, then texts below ``logs/``."""
    names = [item.path for item in list_files(run)]
    found = [name for folder in _LOG_FOLDERS for name in names if name.startswith(folder)]
    texts = [n for n in names if n.startswith("logs/") and n.endswith(_LOG_ENDINGS)]
    return found + texts


def _below(folder: str, prefix: str, inside: str, depth: int) -> Iterator[FileEntry]:
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    for entry in entries:
        if entry.is_symlink() and not _leads_inside(entry.path, inside):
            continue
        try:
            if entry.is_dir():
                # A link to a folder is followed at the top only, so that no circle can arise.
                if depth == 0 or not entry.is_symlink():
                    yield from _below(entry.path, f"{prefix}{entry.name}/", inside, depth + 1)
            elif entry.is_file() and not is_part(entry.name):
                facts = entry.stat()
                yield FileEntry(prefix + entry.name, facts.st_size, facts.st_mtime_ns)
        except OSError:  # removed while we looked
            continue


def _leads_inside(path: str, inside: str) -> bool:
    resolved = os.path.realpath(path)
    return resolved == inside or Path(inside) in Path(resolved).parents
