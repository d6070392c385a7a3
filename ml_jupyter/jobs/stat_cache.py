"""Remembers the digests of files that have not changed since the last snapshot of the same folder.

Lies in the user's cache folder and may be deleted at any time. A file counts as unchanged when its
size, times and inode are the same. A file that was changed within ``RACY_NS`` of being looked at is
not remembered: it might change again within the clock's grain (the same trap as in Git's index:
"racy git").
"""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from pathlib import Path
from typing import Dict, List, Optional

from ml_jupyter import _time
from ml_jupyter._files import write_atomic
from ml_jupyter.exceptions import StorageFailed

RACY_NS = 2_000_000_000
_VERSION = 1


class StatCache:
    """Digests of one source folder in one workspace.

    Parameters
    ----------
    cache : Path
        The user's cache folder.
    workspace, source : Path
        What it is about.
    """

    def __init__(self, cache: Path, workspace: Path, source: Path) -> None:
        key = f"{os.path.realpath(str(workspace))}\0{os.path.realpath(str(source))}"
        name = blake2b(key.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
        self._path = cache / "snapshots" / f"{name}.json"
        self._old = self._load()
        self._new: Dict[str, List[object]] = {}
        self._begun = _time.now_ns()

    def digest(self, path: str, facts: os.stat_result) -> Optional[str]:
        """SHA-256 of the file as it was last time, when it is unchanged."""
        known = self._old.get(path)
        if known is None or known[:4] != _signature(facts):
            return None
        self._new[path] = known
        return str(known[4])

    def remember(self, path: str, facts: os.stat_result, digest: str) -> None:
        """Keep a digest for the next time."""
        if self._begun - max(facts.st_mtime_ns, facts.st_ctime_ns) > RACY_NS:
            self._new[path] = [*_signature(facts), digest]

    def save(self) -> None:
        """Write what changed; a full or read-only cache folder only costs time the next time."""
        if self._new == self._old:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            data = json.dumps([_VERSION, self._new], separators=(",", ":")).encode("ascii")
            write_atomic(self._path, data, mode=0o600, sync=False)
        except (OSError, StorageFailed):
            return

    def _load(self) -> Dict[str, List[object]]:
        try:
            version, entries = json.loads(self._path.read_bytes())
        except (OSError, ValueError, TypeError):
            return {}
        return entries if version == _VERSION and isinstance(entries, dict) else {}


def _signature(facts: os.stat_result) -> List[object]:
    return [facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino]
