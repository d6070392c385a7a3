"""The contract of a compute target: six verbs, and handles that any process can use.

A target starts runs that are recorded in a workspace. What becomes of a run stands in its folder,
whoever started it; a target keeps nothing in memory that another process could not do without.
Whatever runs the job holds the run's lock while it lives, follows the run's state, and ends the job
when that becomes ``CancelRequested``: so every front end can stop every run.
``ml_jupyter.testing.compute`` holds every target to what is said here, and docs/compute.md tells
how a plugin brings one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Mapping, Optional, Protocol, Sequence

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.records import SCRIPT, ExperimentRecord, RunRecord
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec

#: A reference to a started job as a JSON object. Every handle has ``target`` (its name), ``kind``,
#: ``workspace`` (folder), ``experiment_id`` and ``run_id``; a kind may add what it needs.
Handle = Mapping[str, Any]


@dataclass(frozen=True)
class Submission:
    """A job and the record that it is to have.

    Attributes
    ----------
    workspace, experiment
        Where the run is recorded.
    spec : LaunchSpec
        How to run it.
    source : Path, optional
        Folder of which a snapshot becomes the working folder; None: an empty one.
    snapshot_id : str, optional
        A snapshot of the workspace to use instead.
    definition : mapping
        Stored with the run and shown.
    run_id : str, optional
        None: a new one is made.
    type : str
        Type of the run.
    parent : RunRecord, optional
        Run below which it stands.
    """

    workspace: WorkspaceFolder
    experiment: ExperimentRecord
    spec: LaunchSpec
    source: Optional[Path] = None
    snapshot_id: Optional[str] = None
    definition: Mapping[str, Any] = field(default_factory=dict)
    run_id: Optional[str] = None
    type: str = SCRIPT
    display_name: Optional[str] = None
    parent: Optional[RunRecord] = None
    tags: Mapping[str, Optional[str]] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)

    def check_source(self) -> None:
        """Refuse a source folder or a script that is not there.

        Raises
        ------
        UserErrorException
            Names it.
        """
        source, script = self.source, self.spec.script
        if source is None and self.snapshot_id is not None:
            return
        if source is not None and not source.is_dir():
            raise UserErrorException(f"source_directory: there is no folder {str(source)!r}.")
        if script is not None and (source is None or not (source / script).is_file()):
            raise UserErrorException(f"script: {script!r} is not in {source}.")


@dataclass(frozen=True)
class Location:
    """Where the streams of a job are, for readers of *bytes of PATH from OFFSET*.

    Attributes
    ----------
    folder : Path
        The run's folder.
    log : Path
        What the job wrote to its terminal; may not be there yet.
    files : Path
        Folder of the run's files, ``logs/`` and ``outputs/`` also while the job runs.
    """

    folder: Path
    log: Path
    files: Path


@dataclass(frozen=True)
class Node:
    """One slot set of a target.

    Attributes
    ----------
    index : int
        From 0 on.
    state : str
        ``idle``, ``preparing`` or ``running``.
    run_id : str
        Run that uses it; empty when none does, or one of another user.
    """

    index: int
    state: str
    run_id: str = ""


class ComputeTarget(Protocol):
    """A place where jobs run. Thread-safe; every call may block on files, none on a job.

    A class that is registered for a kind is made with ``(settings, record)``: the ``Settings`` of
    the process, and the ``TargetRecord`` of the target. It may also have a static method
    ``check(record_settings, settings)``, which is asked before a target of its kind is stored: it
    raises UserErrorException for what is wrong and returns warnings, one sentence each.
    """

    @property
    def name(self) -> str:
        """Name by which users choose it."""
        ...

    def launch_changes(self, spec: LaunchSpec) -> LaunchSpec:
        """The job as this target runs it; a second call changes nothing more."""
        ...

    def validate(self, submission: Submission) -> None:
        """Refuse what can never run here; writes nothing.

        Raises
        ------
        MlJupyterError
            Which names the parameter.
        """
        ...

    def start(self, submission: Submission) -> Handle:
        """Record a run and see to its start, as ``launch_changes`` says; does not wait for it.

        Raises
        ------
        MlJupyterError
            Nothing was started and no run is left behind.
        """
        ...

    def poll(self, handles: Sequence[Handle]) -> Sequence[str]:
        """The state of each job, in order, from one question to whatever schedules them.

        A job whose owner died without a word is given its final state here at the latest.

        Raises
        ------
        RunNotFound
            A handle of which there is no run (any more).
        """
        ...

    def stop(self, handle: Handle) -> None:
        """Ask for a job's end without waiting for it; on one that has ended nothing happens.

        Raises
        ------
        RunNotFound
            There is no such run.
        """
        ...

    def locate(self, handle: Handle) -> Location:
        """Where a job's streams are.

        Raises
        ------
        RunNotFound
            There is no such run.
        """
        ...
