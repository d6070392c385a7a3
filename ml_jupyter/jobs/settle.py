"""Ending runs whose owner is gone: what it left is ended, what it wrote is kept."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Dict, Optional, Set

from ml_jupyter import _time
from ml_jupyter._files import read_json, write_json
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError, RunLocked, RunNotFound, WorkspaceException
from ml_jupyter.history import lock, records, status
from ml_jupyter.history.journal import Journal, host_name
from ml_jupyter.history.layout import RunLayout, WorkspaceLayout
from ml_jupyter.history.run_folder import RunFolder, open_run
from ml_jupyter.jobs import contained, election, markers, outputs, processes
from ml_jupyter.jobs.cgroup import MemoryGroup, group_name

#: Seconds between SIGTERM and SIGKILL for what a dead supervisor left.
LEFT_GRACE_S = 1.0
#: So often a run is prepared: a preparation that was killed begins again.
PREPARE_TRIES = 3
#: So often a job that can go on from its run folder loses its supervisor before it fails.
RESUME_TRIES = 5
_NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "lustre",
        "gpfs",
        "beegfs",
        "ceph",
        "9p",
        "afs",
        "fuse.sshfs",
    }
)


def settle_if_lost(run: RunFolder, settings: Settings) -> bool:
    """End a run that is in a live state while nobody holds its lock; whether it was ended now.

    Its processes are ended, ``outputs/`` and ``logs/`` collected, and it becomes Failed (Canceled,
    when it was about to be) with the reason; runs made in the same process too. Any process may
    call this at any time. May take some seconds when processes were left.
    """
    if run.state().status == status.QUEUED:
        if markers.exists(run) and not election.is_running(settings):
            election.ensure_dispatcher(settings)
        return False
    if not run.is_lost() or not may_judge(run):
        return False
    owner = run if run.record.lock is None else _owner(run)
    if not (_is_plain(run.layout.path) and _is_plain(owner.layout.path)):
        return False
    try:
        held = lock.acquire(owner.lock_path, 0)
    except (RunLocked, WorkspaceException):
        return False
    try:
        changed = _end(owner, settings)
        if owner.state().status == status.QUEUED and not election.is_running(settings):
            election.ensure_dispatcher(settings)
        return changed if run is owner else _fail(run, reason_for_loss(run)) or changed
    finally:
        held.release()


def may_judge(run: RunFolder) -> bool:
    """A free lock proves nothing about another host; a renamed one is told by the disk."""
    return run.record.host == host_name() or not _on_network_share(run.layout.path)


def _is_plain(folder: Path) -> bool:
    """Whether a run's folder is as it was made: a link in a copied one may lead to any file."""
    with os.scandir(str(folder)) as entries:
        return not any(entry.is_symlink() for entry in entries)


def settle_children(
    owner: RunFolder, ended: str, reason: Optional[str], failed_reason: str
) -> None:
    """End the runs that were made in a job and are still live, now that it has ended.

    Parameters
    ----------
    owner : RunFolder
        The run whose lock they share.
    ended : str
        Final state of the job: Completed, Failed or Canceled.
    reason : str, optional
        Why, for Completed ones a warning.
    failed_reason : str
        Reason for the others.
    """
    for child in _sharing(owner):
        if ended == status.COMPLETED and child.move_if(
            (status.RUNNING,), status.COMPLETED, reason=reason
        ):
            child.warn(reason or "")
        elif ended == status.CANCELED:
            child.move_if(status.OWNED, status.CANCELED, reason=failed_reason)
        else:
            _fail(child, failed_reason)


def job_processes(run: RunFolder) -> Set[int]:
    """Living processes that carry the run, not a copy of its folder, in their environment."""
    found = contained.processes_of(run)
    return found if contained.container_of(run) is None else contained.outside(found)


def reason_for_loss(run: RunFolder) -> str:
    """One sentence on why a lost run has no owner."""
    if 0 < run.state().changed < processes.boot_ns():
        return "The machine was restarted while the run was going on."
    if run.state().status == status.PREPARING and run.layout.launch.exists():
        return f"The preparation of the job was killed {PREPARE_TRIES} times."
    if run.record.type == records.INTERACTIVE:
        return "The process that it belonged to was killed before it had completed the run."
    return "The supervisor of the job was killed; what was left of the job was ended."


def _end(owner: RunFolder, settings: Settings) -> bool:
    before = owner.state().status
    if before not in status.OWNED:
        return False
    reason = reason_for_loss(owner)
    if _requeue(owner, before) or _resume(owner, before):
        return False
    if owner.record.type != records.INTERACTIVE:
        left = job_processes(owner)
        processes.end(lambda: job_processes(owner), LEFT_GRACE_S)
        MemoryGroup.end(group_name(owner.layout.path), left)
        contained.remove(owner, settings)
        for text in outputs.collect(owner.layout):
            owner.warn(text)
    final = status.CANCELED if before == status.CANCEL_REQUESTED else status.FAILED
    changed = owner.move_if((status.CANCEL_REQUESTED,), final, reason=reason) or _fail(
        owner, reason
    )
    settle_children(owner, status.FAILED, None, reason)
    if owner.record.type == records.SWEEP:
        _end_trials(owner, settings)
    markers.remove(owner)
    _unlink(owner.layout.launch)
    _unlink(owner.layout.payload)
    shutil.rmtree(str(owner.layout.inputs), ignore_errors=True)
    return changed


def _requeue(owner: RunFolder, before: str) -> bool:
    """Put a run back whose job had not begun, such as one whose environment was being built."""
    if before != status.PREPARING or not owner.layout.launch.exists():
        return False
    tries = sum(1 for _, name, _ in owner.state().history if name == status.PREPARING)
    if tries >= PREPARE_TRIES:
        return False
    processes.end(lambda: job_processes(owner), LEFT_GRACE_S)
    return owner.move_if((status.PREPARING,), status.QUEUED)


def _resume(owner: RunFolder, before: str) -> bool:
    """Put a job back that keeps all it knows in its run folder, for the time that it has left."""
    if before not in (status.STARTING, status.RUNNING, status.NOT_RESPONDING):
        return False
    try:
        launch = read_json(owner.layout.launch)
    except (OSError, MlJupyterError):
        return False
    tries = sum(1 for _, name, _ in owner.state().history if name == status.NOT_RESPONDING)
    if not launch.get("resumes") or tries >= RESUME_TRIES:
        return False
    # With SIGTERM it would do what it does when it is cancelled.
    processes.kill(lambda: job_processes(owner))
    reason = "The supervisor of the job was killed; it goes on with a new one."
    owner.move_if((status.STARTING,), status.RUNNING)
    owner.move_if((status.RUNNING,), status.NOT_RESPONDING, reason=reason)
    left = _seconds_left(owner)
    if left is not None:
        write_json(owner.layout.launch, {**launch, "max_run_duration_s": left}, mode=0o600)
    return owner.move_if((status.NOT_RESPONDING,), status.QUEUED, reason=reason)


def _seconds_left(owner: RunFolder) -> Optional[float]:
    """Of the time that a job may take in all, at least one second; None: it has no limit."""
    limit = (owner.record.definition.get("launch") or {}).get("max_run_duration_s")
    if not limit:
        return None
    spent = (_time.now_ns() - (owner.state().started or owner.record.created)) / 1e9
    return float(max(1.0, limit - spent))


def _end_trials(sweep: RunFolder, settings: Settings) -> None:
    """Cancel the trials of a sweep that is not going on: nobody looks after them any more."""
    from ml_jupyter.jobs.submit import cancel

    layout = markers.workspace_of(sweep)
    journal = Journal(layout.journal)
    for name in sweep.state().children:
        trial = _open(layout, journal, name, sweep.record.experiment_id)
        if trial is not None and trial.state().status not in status.TERMINAL:
            cancel(trial, settings)


def _fail(run: RunFolder, reason: str) -> bool:
    return run.move_if(
        status.OWNED, status.FAILED, reason=reason, error={"code": "JobLost", "message": reason}
    )


def _sharing(owner: RunFolder) -> list[RunFolder]:
    mark = f"{owner.record.experiment_id}/{owner.id}"
    found: Dict[str, RunFolder] = {}
    rest = list(owner.state().children)
    layout = markers.workspace_of(owner)
    journal = Journal(layout.journal)
    while rest:
        child = _open(layout, journal, rest.pop(), owner.record.experiment_id)
        if child is None or child.id in found:
            continue
        rest.extend(child.state().children)
        if child.record.lock == mark:
            found[child.id] = child
    return list(found.values())


def _open(
    layout: WorkspaceLayout, journal: Journal, run_id: str, experiment_id: str
) -> Optional[RunFolder]:
    try:
        return open_run(layout, journal, run_id, experiment_id)
    except RunNotFound:
        pass
    try:
        return open_run(layout, journal, run_id)
    except RunNotFound:
        return None


def _owner(run: RunFolder) -> RunFolder:
    layout = RunLayout(run.lock_path.parent)
    try:
        return RunFolder(layout, Journal(markers.workspace_of(run).journal))
    except RunNotFound:
        return run


def _on_network_share(path: Path) -> bool:
    best, kind = "", ""
    try:
        lines = Path("/proc/self/mounts").read_text().splitlines()
    except OSError:
        return False
    resolved = os.path.realpath(str(path))
    for line in lines:
        _, mount, name = line.split()[:3]
        inside = resolved == mount or resolved.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, name
    return kind in _NETWORK


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
