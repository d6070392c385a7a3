"""What a run's folder tells of its end: the first failing rank, the last lines, the last step."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from ml_jupyter import _ids
from ml_jupyter._files import confine
from ml_jupyter.exceptions import MlJupyterError, PathOutside
from ml_jupyter.history import metrics, stream
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import ending, snapshot

_TAIL_LINES = 20
_LINE_CHARACTERS = 400


def label(rank: Mapping[str, Any]) -> str:
    """``Rank 1``; a process that has a name of its own is called by it: ``ps-0``."""
    name = str(rank.get("name") or rank.get("rank"))
    return f"Rank {name}" if name.isdigit() else name


def first_failed(run: RunFolder) -> Optional[Dict[str, Any]]:
    """The rank that failed first, of a distributed job; None: none, or one process only."""
    ranks = run.state().facts.get("ranks")
    if not isinstance(ranks, list):
        return None
    return next((dict(item) for item in ranks if item.get("failed_first")), None)


def snapshot_files(workspace: WorkspaceLayout, run: RunFolder) -> List[str]:
    """Names of the files in the run's snapshot; none where there is none any more."""
    if run.record.snapshot_id is None:
        return []
    try:
        return [name for name, _ in snapshot.entries(workspace, run.record.snapshot_id)]
    except (MlJupyterError, OSError):  # it was removed
        return []


def log_end(run: RunFolder, name: str) -> bytes:
    """The last bytes of a log; none of a file outside, to which a run that was copied may point."""
    try:
        return stream.read(confine(run.layout.files, name), -ending.TAIL_BYTES)
    except (PathOutside, OSError):
        return b""


def last_lines(tail: bytes) -> List[str]:
    """The end of a log as a terminal would show it, without empty lines and colours."""
    text = ending.plain(tail)
    lines = [line.rsplit("\r", 1)[-1].rstrip() for line in text.split("\n")]
    return [line[:_LINE_CHARACTERS] for line in lines if line][-_TAIL_LINES:]


def furthest_step(run: RunFolder) -> Optional[Dict[str, Any]]:
    """The furthest step that a metric was logged with, and how many there were to be."""
    furthest: Optional[int] = None
    for name, item in run.metric_names().items():
        if item.shape == "scalar":
            step = _last_step(run, name)
            if step is not None:
                furthest = step if furthest is None else max(furthest, step)
    total = run.state().tags.get("total_steps") or ""
    if furthest is None:
        return None
    return {"step": furthest, "total": int(total) if total.isdigit() else None}


def _last_step(run: RunFolder, name: str) -> Optional[int]:
    data = stream.read(run.layout.metrics / _ids.metric_file(name), -metrics.RECORD_BYTES)
    if len(data) != metrics.RECORD_BYTES or data[28:] != metrics.MARK:
        return None
    step, kind = int.from_bytes(data[:8], "little", signed=True), data[24] | data[25] << 8
    return None if kind & metrics.NO_STEP else step
