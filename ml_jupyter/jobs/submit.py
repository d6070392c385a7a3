"""Submitting, cancelling and repeating runs: what the layers above call.

Longer than most: the three share how a run is made, and nothing else may make one.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from ml_jupyter import _ids
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import (
    NameTaken,
    RunNotFound,
    TargetUnavailable,
    UserErrorException,
)
from ml_jupyter.history import records, status
from ml_jupyter.history.records import ExperimentRecord, RunRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import inputs, markers, masking, queue_limits, registry, snapshot
from ml_jupyter.jobs.election import DispatcherPaths, ensure_dispatcher
from ml_jupyter.jobs.git import GitFacts, GitQuery
from ml_jupyter.jobs.queue_view import QueueEntry, queue_entries
from ml_jupyter.jobs.settle import settle_if_lost
from ml_jupyter.jobs.spec import LaunchSpec

__all__ = [
    "QueueEntry",
    "cancel",
    "check",
    "ensure_dispatcher",
    "queue_entries",
    "rerun",
    "settle_if_lost",
    "submit",
]


def submit(
    workspace: WorkspaceFolder,
    settings: Settings,
    experiment: ExperimentRecord,
    spec: LaunchSpec,
    *,
    source: Optional[Path],
    snapshot_id: Optional[str] = None,
    definition: Mapping[str, Any],
    run_id: Optional[str] = None,
    type_: str = records.SCRIPT,
    target: str = "local",
    queued: bool = True,
    display_name: Optional[str] = None,
    parent: Optional[RunRecord] = None,
    tags: Optional[Mapping[str, Optional[str]]] = None,
    properties: Optional[Mapping[str, str]] = None,
) -> RunFolder:
    """Put a job into the queue of this machine; its run, which can be used at once.

    Parameters
    ----------
    workspace, experiment
        Where the run is recorded.
    settings : Settings
        Names the dispatcher and the limits.
    spec : LaunchSpec
        How to run it.
    source : Path, optional
        Folder of which a snapshot becomes the job's working folder; None: an empty one.
    snapshot_id : str, optional
        A snapshot of this workspace to use instead of ``source``.
    definition : mapping
        Stored with the run and shown; secrets in it are masked. ``launch`` is added to it.
    run_id : str, optional
        Default: ``<experiment>_<unix seconds>_<8 hex digits>``.
    target : str
        Name of the compute target, recorded with the run.
    queued : bool
        Put it into the queue of this machine. False: the caller has it started by a scheduler of
        its own (``compute.agent``).
    parent : RunRecord, optional
        Run below which this one stands.

    Raises
    ------
    RunConfigurationException, UserErrorException, SnapshotException, NameTaken, StorageFailed
        Nothing was submitted and no run is left behind.
    """
    check(spec, settings)
    taken, facts = _look(workspace, settings, spec, source)
    run = _create(
        workspace,
        settings,
        experiment,
        spec,
        run_id=run_id or _ids.script_run_id(experiment.name),
        type_=type_,
        queued=queued,
        target=target,
        display_name=display_name,
        definition=masking.definition(definition),
        snapshot_id=snapshot_id if taken is None else taken.id,
        git=facts.as_record(),
        tags=dict(tags or {}),
        properties={
            **facts.as_properties(),
            **_source_properties(taken, source),
            **(properties or {}),
        },
        **_family(parent),
    )
    for text in () if taken is None else taken.warnings:
        run.warn(text)
    return run


def cancel(run: RunFolder, settings: Settings) -> bool:
    """Ask for a run's end without waiting for it (surface 4.2).

    A run that waits is Canceled at once; a running job becomes CancelRequested, and its supervisor
    sees to the rest within 0.1 s; an interactive run is Canceled directly.

    Returns
    -------
    bool
        False: it had ended, was ending, or had been cancelled before; nothing has changed.
    """
    if run.move_if(
        (status.QUEUED, status.NOT_STARTED), status.CANCELED, reason="Canceled before it started."
    ):
        discard(run)
        ensure_dispatcher(settings)
        return True
    if run.record.type == records.INTERACTIVE:
        return run.move_if(_LIVE, status.CANCELED, reason="Canceled by the user.")
    changed = run.move_if(_LIVE, status.CANCEL_REQUESTED, reason="Stopping at the user's request.")
    settle_if_lost(run, settings)
    return changed


def rerun(workspace: WorkspaceFolder, settings: Settings, run: RunFolder) -> RunFolder:
    """Submit a run's definition and snapshot again, with the environment of this process.

    The new run stands where the old one does: below the same parent, while there is one.

    Raises
    ------
    UserErrorException
        It is not a submitted run, or it is a sweep, one of its arguments or variables was a secret
        and so was not stored, or another scheduler than the queue of this machine has started it.
    RunConfigurationException
        It needs more than this machine has.
    """
    record = run.record
    stored = record.definition.get("launch")
    if not isinstance(stored, dict):
        raise UserErrorException(
            f"Run {run.id} was not submitted as a job and cannot be run again."
        )
    if record.type == records.SWEEP:
        raise UserErrorException(
            f"Run {run.id} is a sweep, whose private plan was not kept.",
            hint="Submit its HyperDriveConfig or its job file again; a trial can be run again.",
        )
    if masking.MASK in json.dumps(stored):
        raise UserErrorException(
            f"Run {run.id} had a secret among its arguments or variables, which was not stored.",
            hint="Submit it anew from where it came.",
        )
    if not stored.get("queued", True):
        raise UserErrorException(
            f"Run {run.id} was started by the compute target {record.target!r}, not by the queue "
            "of this machine.",
            hint="Submit it anew from where it came.",
        )
    spec = LaunchSpec.from_json(stored, str(run.layout.record)).with_environment(os.environ)
    check(spec, settings)
    experiment = workspace.experiment(record.experiment_id)
    state = run.state()
    return _create(
        workspace,
        settings,
        experiment,
        spec,
        run_id=_ids.script_run_id(experiment.name),
        type_=record.type,
        target=record.target,
        display_name=state.display_name,
        definition=dict(record.definition),
        snapshot_id=record.snapshot_id,
        git=dict(record.git),
        tags=dict(state.tags),
        properties={**record.properties, "ml_jupyter.rerun_of": run.id},
        **_family(_parent_of(workspace, record)),
    )


def discard(run: RunFolder) -> None:
    """Remove what only a run that waits or runs needs: its marker and its private files."""
    markers.remove(run)
    discard_private(run)


def discard_private(run: RunFolder) -> None:
    """Remove the private files and the inputs of a run that will not need them again."""
    inputs.remove(run.layout)
    for path in (run.layout.launch, run.layout.payload):
        with contextlib.suppress(OSError):
            path.unlink()


def _create(
    workspace: WorkspaceFolder,
    settings: Settings,
    experiment: ExperimentRecord,
    spec: LaunchSpec,
    *,
    run_id: str,
    type_: str,
    definition: Dict[str, Any],
    queued: bool = True,
    **facts: Any,
) -> RunFolder:
    DispatcherPaths(settings).prepare()
    registry.register(settings, workspace)
    if workspace.has_run(run_id):
        raise NameTaken(f"Run id {run_id!r} is in use.")
    if queued:
        markers.add(workspace.layout, experiment.id, run_id)
    launch = {
        **spec.to_json(),
        "machine": markers.machine(),
        "workspace": str(workspace.layout.root),
    }
    try:
        run = workspace.create_run(
            experiment,
            run_id,
            type_,
            status.QUEUED,
            launch=launch,
            definition={**definition, "launch": {**spec.public(), "queued": queued}},
            **facts,
        )
    except BaseException:
        markers.remove_at(workspace.layout, run_id)
        raise
    _note_child(workspace, run.record)
    if queued:
        ensure_dispatcher(settings)
    return run


def check(spec: LaunchSpec, settings: Settings) -> None:
    """Refuse what can never run on this machine; ``submit`` asks it before anything is written.

    Raises
    ------
    TargetUnavailable
        Jobs cannot run on this system.
    RunConfigurationException
        The job contradicts itself, or needs more than there is.
    """
    if sys.platform == "win32":
        raise TargetUnavailable(
            "Jobs cannot be run on Windows.",
            hint="Interactive runs and all views work; submit from Linux, WSL or macOS.",
        )
    spec.check()
    queue_limits.check(spec, settings)


def _look(
    workspace: WorkspaceFolder, settings: Settings, spec: LaunchSpec, source: Optional[Path]
) -> Tuple[Optional[snapshot.Snapshot], GitFacts]:
    """Snapshot and Git facts of the source folder; Git works while the snapshot is taken."""
    if source is None:
        return None, GitFacts()
    git = GitQuery(source)
    try:
        return _snapshot(workspace, settings, spec, source), git.facts()
    finally:
        git.close()


def _snapshot(
    workspace: WorkspaceFolder, settings: Settings, spec: LaunchSpec, source: Path
) -> snapshot.Snapshot:
    bounds = snapshot.Bounds(bytes=settings.snapshot_limit)
    taken = snapshot.take(workspace.layout, settings.cache, source, bounds)
    names = (
        {path for path, _ in snapshot.entries(workspace.layout, taken.id)} if spec.script else set()
    )
    if spec.script and os.path.normpath(spec.script).replace(os.sep, "/") not in names:
        there = (source / spec.script).exists()
        what = "is left out of the snapshot of" if there else "is not in"
        raise UserErrorException(
            f"script: {spec.script!r} {what} {source}.",
            hint="An ignore file names it." if there else None,
        )
    return taken


def _source_properties(
    taken: Optional[snapshot.Snapshot], source: Optional[Path]
) -> Dict[str, str]:
    """Which snapshot was taken, and of which folder."""
    if taken is None:
        return {}
    return {"ContentSnapshotId": taken.id, records.SOURCE_PROPERTY: os.path.abspath(str(source))}


def _family(parent: Optional[RunRecord]) -> Dict[str, Any]:
    if parent is None:
        return {}
    return {"parent_id": parent.id, "root_id": parent.root_id or parent.id}


def _parent_of(workspace: WorkspaceFolder, record: RunRecord) -> Optional[RunRecord]:
    """The record of the run above, when there is one and it was not deleted."""
    with contextlib.suppress(RunNotFound):
        return None if record.parent_id is None else workspace.run(record.parent_id).record
    return None


def _note_child(workspace: WorkspaceFolder, record: RunRecord) -> None:
    if record.parent_id is None:
        return
    with contextlib.suppress(RunNotFound):  # the parent was deleted meanwhile
        workspace.run(record.parent_id).add_children([record.id])


_LIVE: Tuple[str, ...] = (
    status.PREPARING,
    status.PROVISIONING,
    status.STARTING,
    status.RUNNING,
    status.NOT_RESPONDING,
)
