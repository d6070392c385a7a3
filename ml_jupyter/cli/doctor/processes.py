"""What runs: the dispatcher, runs without an owner, and processes without a run."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ml_jupyter import _time
from ml_jupyter.cli.doctor.finding import NOTE, OK, WARNING, Finding
from ml_jupyter.config import Settings
from ml_jupyter.devices import owners
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import status
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import election, markers, processes, queue_view
from ml_jupyter.sdk import session

#: So long after a run's end its processes may still be on their way out.
_LEAVING_NS = 60_000_000_000


def check(settings: Settings) -> Iterator[Finding]:
    """Look at all processes of this user, and at the runs that should have some."""
    found = session.known_workspaces(settings)
    yield from _dispatcher(settings, found)
    lost = [run_id for item in found for run_id in _lost(item, settings)]
    if lost:
        yield Finding(
            "runs", WARNING,
            f"{_count(len(lost), 'run')} without the process that owns it: {_some(lost)}.",
            "mlj run list looks after them: they become Failed, with the reason.",
        )  # fmt: skip
    orphans = _orphans()
    for run_id, pids in orphans.items():
        numbers = " ".join(map(str, sorted(pids)))
        yield Finding(
            "processes", WARNING, f"Left of run {run_id}, which has ended or is gone: "
            f"{_count(len(pids), 'process')}, {numbers}.", f"End them: kill {numbers}",
        )  # fmt: skip
    if not lost and not orphans:
        yield Finding("processes", OK, "No run without its process, no process without its run.")
    if queue_view.ends_with_server():
        yield Finding(
            "session", NOTE, "Runs end when this container or login session ends.",
            None if os.path.exists("/.dockerenv") else "To keep them: loginctl enable-linger",
        )  # fmt: skip


def _dispatcher(settings: Settings, found: list[WorkspaceFolder]) -> Iterator[Finding]:
    waiting = sum(len(queue_view.queue_entries(item, settings)) for item in found)
    running = election.is_running(settings)
    if running and election.is_outdated(election.DispatcherPaths(settings)):
        yield Finding(
            "dispatcher", WARNING, "The dispatcher that runs is of an older version.",
            "Nothing to do: it gives way at the next submission.",
        )  # fmt: skip
    elif waiting and not running:
        yield Finding(
            "dispatcher", WARNING, f"Waiting without a dispatcher: {_count(waiting, 'run')}.",
            "mlj run list starts one.",
        )  # fmt: skip
    else:
        said = "runs" if running else "is not needed now: nothing waits"
        yield Finding("dispatcher", OK, f"The dispatcher {said}.")


def _lost(workspace: WorkspaceFolder, settings: Settings) -> list[str]:
    lost = []
    for run_id in session.index_of(workspace, settings).live_ids():
        try:
            if workspace.run(run_id).is_lost():
                lost.append(run_id)
        except MlJupyterError:  # deleted while we looked
            continue
    return lost


def _orphans() -> dict[str, set[int]]:
    """Processes that carry a run in their environment which has ended, by run."""
    if not sys.platform.startswith("linux"):
        return {}
    own = {os.getpid(), *_ancestors(os.getpid())}
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for pid, facts in processes.table().items():
        if pid in own or facts.zombie:
            continue
        owner = owners.of(pid)
        if owner.mine and owner.kind == owners.RUN and owner.workspace:
            found[owner.workspace, owner.run_id].add(pid)
    return {run_id: pids for (root, run_id), pids in found.items() if _is_over(root, run_id)}


def _ancestors(pid: int) -> Iterator[int]:
    table = processes.table()
    while pid in table and pid > 1:
        pid = table[pid].parent
        yield pid


def _is_over(root: str, run_id: str) -> bool:
    try:
        run = WorkspaceFolder(Path(root)).run(run_id)
        state = run.state()
    except MlJupyterError:
        return True
    ended = state.status in status.TERMINAL
    return ended and _time.now_ns() - state.changed > _LEAVING_NS and not markers.exists(run)


def _count(number: int, what: str) -> str:
    plural = f"{what}es" if what.endswith("s") else f"{what}s"
    return f"{number} {what if number == 1 else plural}"


def _some(ids: list[str]) -> str:
    more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
    return ", ".join(ids[:3]) + more
