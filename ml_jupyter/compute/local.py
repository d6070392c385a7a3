"""The target ``local``: this machine, through the user's queue."""

from __future__ import annotations

from typing import List, Mapping, Optional, Sequence, Tuple

from ml_jupyter.compute import handles
from ml_jupyter.compute.base import Handle, Location, Submission
from ml_jupyter.compute.record import TargetRecord, local_record
from ml_jupyter.config import Settings
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import cancel, submit
from ml_jupyter.jobs.submit import check as check_machine


class LocalTarget:
    """Runs jobs on this machine, as many at a time as there are slots.

    Parameters
    ----------
    settings : Settings
        Names the queue and its slots.
    record : TargetRecord, optional
        The target; ``local`` by default.
    """

    def __init__(self, settings: Settings, record: Optional[TargetRecord] = None) -> None:
        self._settings = settings
        self.record = local_record() if record is None else record

    @property
    def name(self) -> str:
        """Name by which users choose it."""
        return self.record.name

    @staticmethod
    def check(record_settings: Mapping[str, object], settings: Settings) -> Tuple[str, ...]:
        """Nothing can be wrong with this machine."""
        return ()

    def launch_changes(self, spec: LaunchSpec) -> LaunchSpec:
        """The job as it is."""
        return spec

    def validate(self, submission: Submission) -> None:
        """Refuse what can never run here; writes nothing.

        Raises
        ------
        RunConfigurationException
            The specification contradicts itself, or asks for more than there is.
        UserErrorException
            There is no such source folder or script.
        """
        check_machine(self.launch_changes(submission.spec), self._settings)
        submission.check_source()

    def start(self, submission: Submission) -> Handle:
        """Put the job into the queue; its handle."""
        self.validate(submission)
        run = submit(
            submission.workspace, self._settings, submission.experiment,
            self.launch_changes(submission.spec),
            source=submission.source, snapshot_id=submission.snapshot_id,
            definition=submission.definition,
            run_id=submission.run_id, type_=submission.type, target=self.name,
            display_name=submission.display_name, parent=submission.parent,
            tags=submission.tags, properties=submission.properties,
        )  # fmt: skip
        self.started(run)
        return handles.handle_of(self.name, self.record.kind, submission.workspace, run)

    def started(self, run: RunFolder) -> None:
        """Say with the run what the user should know of this target."""

    def poll(self, several: Sequence[Handle]) -> List[str]:
        """The state of each job, in order; lost ones are settled."""
        return handles.states(several, self._settings)

    def stop(self, handle: Handle) -> None:
        """Ask for a job's end without waiting for it."""
        cancel(handles.run_of(handle), self._settings)

    def locate(self, handle: Handle) -> Location:
        """Where a job's streams are."""
        return handles.locate(handle)
