"""The target ``local``: this machine, through the user's queue."""

from __future__ import annotations

from pathlib import Path
from typing import List, Sequence

from ml_jupyter.compute.base import Handle, Location, Submission
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import RunConfigurationException, RunNotFound, UserErrorException
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.submit import cancel, settle_if_lost, submit


class LocalTarget:
    """Runs jobs on this machine, as many at a time as there are slots.

    Parameters
    ----------
    settings : Settings
        Names the queue and its slots.
    """

    name = "local"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def validate(self, submission: Submission) -> None:
        """Refuse what can never run here; writes nothing.

        Raises
        ------
        RunConfigurationException
            The specification contradicts itself, or needs more slots than there are.
        UserErrorException
            There is no such source folder or script.
        """
        spec, source = submission.spec, submission.source
        spec.check()
        slots = self._settings.slot_count
        if spec.slots > slots:
            raise RunConfigurationException(f"slots is {spec.slots}, and this machine has {slots}.")
        if source is not None and not source.is_dir():
            raise UserErrorException(f"source_directory: there is no folder {str(source)!r}.")
        if spec.script is not None and (source is None or not (source / spec.script).is_file()):
            raise UserErrorException(f"script: {spec.script!r} is not in {source}.")

    def start(self, submission: Submission) -> Handle:
        """Put the job into the queue; its handle."""
        self.validate(submission)
        run = submit(
            submission.workspace, self._settings, submission.experiment, submission.spec,
            source=submission.source, definition=submission.definition,
            run_id=submission.run_id, type_=submission.type,
            display_name=submission.display_name, parent=submission.parent,
            tags=submission.tags, properties=submission.properties,
        )  # fmt: skip
        return self.handle_of(submission.workspace, run)

    def handle_of(self, workspace: WorkspaceFolder, run: RunFolder) -> Handle:
        """The handle of a run that was started here."""
        return {
            "target": self.name,
            "workspace": str(workspace.layout.root),
            "experiment_id": run.record.experiment_id,
            "run_id": run.id,
        }

    def poll(self, handles: Sequence[Handle]) -> List[str]:
        """The state of each job, in order; lost ones are settled."""
        states = []
        for handle in handles:
            run = _run(handle)
            settle_if_lost(run, self._settings)
            states.append(run.state().status)
        return states

    def stop(self, handle: Handle) -> None:
        """Ask for a job's end without waiting for it."""
        cancel(_run(handle), self._settings)

    def locate(self, handle: Handle) -> Location:
        """Where a job's streams are."""
        layout = _run(handle).layout
        return Location(layout.path, layout.files / STD_LOG, layout.files)


def _run(handle: Handle) -> RunFolder:
    try:
        workspace = WorkspaceFolder(Path(handle["workspace"]))
        return workspace.run(handle["run_id"], handle["experiment_id"])
    except KeyError as error:
        raise RunNotFound(f"The handle of a job lacks {error}.") from error
