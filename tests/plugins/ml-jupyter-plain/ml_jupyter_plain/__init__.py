"""A compute target that starts each job at once, by nothing but the operating system.

It stands for any target with a scheduler of its own: the run is recorded, and the agent is started
by other means than the queue of ml_jupyter.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from ml_jupyter.compute import handles
from ml_jupyter.compute.base import Handle, Location, Submission
from ml_jupyter.compute.record import TargetRecord
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import cancel, check, submit

__all__ = ["PlainTarget"]


class PlainTarget:
    """Starts jobs at once, ``nice`` steps below the usual priority of the system."""

    def __init__(self, settings: Settings, record: TargetRecord) -> None:
        self._settings = settings
        self._record = record

    @property
    def name(self) -> str:
        """Name by which users choose it."""
        return self._record.name

    @staticmethod
    def check(record_settings: Mapping[str, Any], settings: Settings) -> Sequence[str]:
        """Refuse a step that nice(1) does not take; warn of the highest."""
        nice = record_settings.get("nice", 0)
        if type(nice) is not int or not 0 <= nice <= 19:
            raise UserErrorException(f"nice must be a whole number from 0 to 19, not {nice!r}.")
        return ["Jobs run only when nothing else does."] if nice == 19 else []

    def launch_changes(self, spec: LaunchSpec) -> LaunchSpec:
        """The job as it is."""
        return spec

    def validate(self, submission: Submission) -> None:
        """Refuse what can never run."""
        check(submission.spec, self._settings)
        submission.check_source()

    def start(self, submission: Submission) -> Handle:
        """Record the run and start its agent."""
        self.validate(submission)
        run = submit(
            submission.workspace,
            self._settings,
            submission.experiment,
            self.launch_changes(submission.spec),
            source=submission.source,
            definition=submission.definition,
            run_id=submission.run_id,
            type_=submission.type,
            target=self.name,
            queued=False,
            display_name=submission.display_name,
            parent=submission.parent,
            tags=submission.tags,
            properties=submission.properties,
        )
        handle = handles.handle_of(self.name, self._record.kind, submission.workspace, run)
        self._start_agent(handle)
        return handle

    def poll(self, several: Sequence[Handle]) -> Sequence[str]:
        """The state of each job, in order."""
        return handles.states(several, self._settings)

    def stop(self, handle: Handle) -> None:
        """Ask for a job's end."""
        cancel(handles.run_of(handle), self._settings)

    def locate(self, handle: Handle) -> Location:
        """Where a job's streams are."""
        return handles.locate(handle)

    def _start_agent(self, handle: Handle) -> None:
        nice = str(self._record.settings.get("nice", 0))
        agent = [sys.executable, "-m", "ml_jupyter.compute.agent", json.dumps(handle)]
        # The shell ends at once, so that nobody here has to wait for the agent's end.
        command = ["sh", "-c", 'nice -n "$0" "$@" </dev/null >/dev/null 2>&1 &', nice, *agent]
        subprocess.run(command, check=True, start_new_session=True)
