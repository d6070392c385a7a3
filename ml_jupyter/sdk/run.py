"""Run: one execution, in this process or as a job; the object that notebooks hold on to.

It is made of what it stands on (``run_base``), its facts (``run_facts``), metrics (``run_metrics``)
and files (``run_files``); here it is found, has children, and ends.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Type

from ml_jupyter import _lazy
from ml_jupyter.exceptions import RunNotFound
from ml_jupyter.history import records, status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.sdk import context
from ml_jupyter.sdk.experiment import Experiment
from ml_jupyter.sdk.metric_writer import MetricWriter
from ml_jupyter.sdk.notices import warn
from ml_jupyter.sdk.run_facts import RunFacts
from ml_jupyter.sdk.run_files import RunFiles
from ml_jupyter.sdk.run_metrics import RunMetrics
from ml_jupyter.sdk.workspace import Workspace

if TYPE_CHECKING:
    from ml_jupyter.history.query import RunRow
    from ml_jupyter.sdk import ending, html, starting, waiting
    from ml_jupyter.sdk.views import summary
else:  # importing Run must stay cheap: it is imported in every job and kernel
    ending = _lazy.Module("ml_jupyter.sdk.ending")
    html = _lazy.Module("ml_jupyter.sdk.html")
    starting = _lazy.Module("ml_jupyter.sdk.starting")
    waiting = _lazy.Module("ml_jupyter.sdk.waiting")
    summary = _lazy.Module("ml_jupyter.sdk.views.summary")


class Run(RunFacts, RunMetrics, RunFiles):
    """An existing run of an experiment. Runs are made by ``start_logging`` and ``submit``.

    Parameters
    ----------
    experiment : Experiment
        The experiment that it belongs to.
    run_id : str
        Its id.

    Raises
    ------
    RunNotFound
        The experiment has no such run.
    """

    def __init__(
        self, experiment: Experiment, run_id: str, outputs: Any = None, **_ignored: Any
    ) -> None:
        folder = experiment.workspace._folder.run(run_id)
        if folder.record.experiment_id != experiment.id:
            raise RunNotFound(f"Experiment {experiment.name!r} has no run {run_id!r}.")
        self._adopt(experiment.workspace, run_id, experiment, folder)

    @classmethod
    def _of(
        cls, experiment: Experiment, folder: RunFolder, writer: Optional[MetricWriter] = None
    ) -> Run:
        run = _class_of(folder.record.type).__new__(_class_of(folder.record.type))
        run._adopt(experiment.workspace, folder.id, experiment, folder, writer)
        return run

    @classmethod
    def _of_row(cls, workspace: Workspace, row: RunRow) -> Run:
        """A run from the index; its folder is opened when it is first needed."""
        run = _class_of(row.type).__new__(_class_of(row.type))
        run._adopt(workspace, row.id, None, None)
        run._row, run._seen = row, row.status
        return run

    # -- finding

    @staticmethod
    def get(workspace: Workspace, run_id: str) -> Run:
        """The run of this id, as the right class.

        Raises
        ------
        RunNotFound
            There is none in the workspace.
        """
        folder = workspace._folder.run(run_id)
        record = workspace._folder.experiment(folder.record.experiment_id)
        return Run._of(Experiment._of(workspace, record), folder)

    @staticmethod
    def list(
        experiment: Experiment,
        type: Optional[str] = None,
        tags: Any = None,
        properties: Any = None,
        status: Any = None,
        include_children: bool = False,
    ) -> Iterator[Run]:
        """An iterator over an experiment's runs, newest first; see ``Experiment.get_runs``."""
        return experiment.get_runs(type, tags, properties, include_children, status)

    @classmethod
    def get_context(
        cls, allow_offline: bool = True, used_for_context_manager: bool = False, **_ignored: Any
    ) -> Run:
        """The run that this code is part of; asking again gives the same object.

        Parameters
        ----------
        allow_offline : bool
            Outside a submitted job: give a stand-in that only prints (True), or raise.

        Raises
        ------
        RunEnvironmentException
            Outside a job, with ``allow_offline=False``.
        """
        return context.current_run(allow_offline)

    # -- children

    def child_run(
        self, name: Optional[str] = None, run_id: Optional[str] = None, outputs: Any = None
    ) -> Run:
        """Start a run below this one, in state Running; use it with ``with``."""
        return starting.start_child(self, name, run_id, outputs)

    def create_children(
        self, count: Optional[int] = None, tag_key: Optional[str] = None, tag_values: Any = None
    ) -> List[Run]:
        """Start many runs below this one at once: ``count`` of them, or one for each tag value.

        Raises
        ------
        UserErrorException
            Both ways, or half of one.
        """
        return starting.start_children(self, count, tag_key, tag_values)

    def submit_child(
        self, config: Any, tags: Optional[Mapping[str, Any]] = None, **kwargs: Any
    ) -> Run:
        """Submit a job below this run; otherwise as ``Experiment.submit``."""
        from ml_jupyter.sdk import submission

        return submission.submit(self.experiment, config, tags, parent=self, **kwargs)

    def get_children(
        self,
        recursive: bool = False,
        tags: Any = None,
        properties: Any = None,
        type: Optional[str] = None,
        status: Any = None,
        _rehydrate_runs: bool = True,
    ) -> Iterator[Run]:
        """An iterator over the runs below this one, newest first.

        Parameters
        ----------
        recursive : bool
            All descendants, without the run itself.
        tags, properties, type, status
            As in ``Experiment.get_runs``.
        """
        from ml_jupyter.sdk import run_query

        query = run_query.of(type=type, tags=tags, properties=properties, status=status)
        return run_query.children(self._workspace, self, query, recursive)

    # -- ending and waiting

    def start(self) -> None:
        """Move a run that has not started to Running; nothing for one that runs."""
        if self.get_status() == status.NOT_STARTED:
            self._folder.set_status(status.RUNNING)

    def complete(self) -> None:
        """Mark the run as Completed. In a submitted script: only flush, its exit status decides.

        Raises
        ------
        RunFinished
            It is Failed or Canceled.
        """
        if self._is_job:
            return self.flush()
        ending.complete(self)
        self._seen = self._folder.state().status
        return None

    def fail(
        self, error_details: Any = None, error_code: Optional[str] = None, **_ignored: Any
    ) -> None:
        """Mark the run as Failed; a job that runs is stopped. In a submitted script: only flush.

        Parameters
        ----------
        error_details : str or Exception, optional
            Why.
        error_code : str, optional
            A name for the kind of error.
        """
        if self._is_job:
            return self.flush()
        ending.fail(self, error_details, error_code)
        self._seen = self._folder.state().status
        return None

    def cancel(self) -> None:
        """Stop the run: returns at once, the process and all its children are ended then."""
        if self._is_job:
            warn("cancel() does nothing inside the run itself; end the script instead.")
            return
        ending.cancel(self)
        self._seen = self._folder.state().status

    def wait_for_completion(
        self,
        show_output: bool = False,
        wait_post_processing: bool = False,
        raise_on_error: bool = True,
    ) -> Dict[str, Any]:
        """Wait until the run has ended; returns its details. Ctrl-C leaves it alive.

        Parameters
        ----------
        show_output : bool
            Print the log as it grows.
        wait_post_processing : bool
            Accepted; this always waits until all files are there.
        raise_on_error : bool
            Raise when the run failed.

        Raises
        ------
        ActivityFailedException
            It failed; the message is the error as JSON.
        ExperimentExecutionException
            Interrupted from the keyboard.
        """
        return waiting.wait(self, show_output=show_output, raise_on_error=raise_on_error)

    # -- Python

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self,
        exit_type: Optional[Type[BaseException]],
        value: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> bool:
        succeeded = value is None or (isinstance(value, SystemExit) and value.code in (None, 0))
        if not self._is_job and self._folder.state().status not in status.TERMINAL:
            if succeeded:
                self.complete()
            else:
                self.fail(value)
        self._seen = self._folder.state().status
        return succeeded and value is not None

    def __repr__(self) -> str:
        return (
            f"Run(Experiment: {self._folder.record.experiment},\nId: {self.id},\n"
            f"Type: {self.type},\nStatus: {self.status})"
        )

    def _repr_html_(self) -> str:
        row = summary.run_row(self._workspace._folder, self._folder)
        return html.run_table(row, self.get_status(), self.get_portal_url())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Run):
            return NotImplemented
        return (self._id, self._workspace) == (other._id, other._workspace)

    def __hash__(self) -> int:
        return hash(self._id)


class ScriptRun(Run):
    """A run that was submitted as a job."""


def _class_of(type_: str) -> Type[Run]:
    if type_ == records.SWEEP:
        from ml_jupyter.sdk.sweep_run import HyperDriveRun

        return HyperDriveRun
    return ScriptRun if type_ == records.SCRIPT else Run


__all__ = ["Run", "ScriptRun"]
