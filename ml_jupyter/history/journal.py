"""The workspace's journal: one append-only file a host that says which run changed.

An index reads on from its last offset instead of looking at every run. A line is ``<experiment
id>/<run id>``; one line a change. The content of the change is in the run's folder.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Dict, Iterable, Set, Tuple

from ml_jupyter._files import storage_failed
from ml_jupyter.history import stream
from ml_jupyter.history.append import Appender


def host_name() -> str:
    """Name of this machine, as a file name."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", _node_name()) or "localhost"


def _node_name() -> str:
    # The name that socket.gethostname() gives, without the cost of importing socket.
    if sys.platform == "win32":
        return os.environ.get("COMPUTERNAME", "")
    return os.uname().nodename


class Journal:
    """Appends to this host's file.

    Parameters
    ----------
    folder : Path
        ``journal`` of a workspace; made when missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = Appender(folder / host_name())

    def note(self, runs: Iterable[Tuple[str, str]]) -> None:
        """Say that these runs, as (experiment id, run id), have changed."""
        lines = "".join(f"{experiment}/{run}\n" for experiment, run in runs)
        if not self.folder.is_dir():
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise storage_failed(error, self.folder) from error
        self._file.append(lines.encode("ascii"))

    def close(self) -> None:
        """Close the descriptor; a later call opens the file again."""
        self._file.close()


def read_changes(
    folder: Path, offsets: Dict[str, int]
) -> Tuple[Set[Tuple[str, str]], Dict[str, int]]:
    """Runs changed since ``offsets`` as (experiment id, run id), and the offsets to go on from.

    Parameters
    ----------
    folder : Path
        ``journal`` of a workspace.
    offsets : dict of str to int
        File name to bytes already read; a file that shrank (the workspace was replaced) is read
        from its start.
    """
    changed: Set[Tuple[str, str]] = set()
    new = dict(offsets)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        offset = offsets.get(path.name, 0)
        if stream.size(path) < offset:
            offset = 0
        data = stream.read(path, offset)
        end = data.rfind(b"\n") + 1
        for line in data[:end].decode("ascii", "replace").splitlines():
            experiment, slash, run = line.partition("/")
            if slash and run:
                changed.add((experiment, run))
        new[path.name] = offset + end
    return changed, new
