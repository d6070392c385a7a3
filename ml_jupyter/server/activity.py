"""When runs that are at work last said anything: a line of a log, or a point of a metric."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ml_jupyter import _time
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import status
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.server.workspaces import OpenWorkspace

_LOGS = "user_logs"
_MOST_RUNS = 500
#: A run with more files than this has said enough in the first of them.
_MOST_FILES = 1000


def read(item: OpenWorkspace, user: str) -> dict[str, Any]:
    """The running top-level runs of a workspace with the time of their last sign of life.

    Parameters
    ----------
    user : str
        Who asks, as runs name people.
    """
    page = item.index.query(RunQuery(status=(status.RUNNING,), limit=_MOST_RUNS))
    found = []
    for row in page.rows:
        try:
            last = last_sign(item.run(row.id), row.started or row.created)
        except MlJupyterError:  # deleted just now
            continue
        found.append({"run_id": row.id, "user": row.user, "last_ms": last / 1e6})
    return {"runs": found, "now_ms": _time.now_ns() / 1e6, "user": user}


def last_sign(run: RunFolder, start: int) -> int:
    """When a run last printed or logged (ns since the epoch); ``start`` when it never did."""
    times = [_changed(path) for path in _files(run.layout.files / _LOGS)]
    times += [_changed(path) for path in _files(run.layout.metrics)]
    return max([start, *times])


def _files(folder: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            for _, entry in zip(range(_MOST_FILES), entries):
                if entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)
    except OSError:
        return


def _changed(path: Path) -> int:
    try:
        return path.lstat().st_mtime_ns
    except OSError:
        return 0
