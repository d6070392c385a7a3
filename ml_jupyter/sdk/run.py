"""Run: one execution, in this process or as a job; the object that notebooks hold on to.

Longer than most files here: it is the list of what a run can do. Each method is a few lines, the
work is done in the modules beside it (``metric_writer``, ``artifacts``, ``details``, ``waiting``,
``ending``, ``starting`` …).
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Type

from ml_jupyter import _lazy
from ml_jupyter.exceptions import RunNotFound
from ml_jupyter.history import records, status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.sdk import context, labels, metric_values, run_inputs
from ml_jupyter.sdk.experiment import Experiment
from ml_jupyter.sdk.metric_writer import MetricWriter
from ml_jupyter.sdk.notices import warn
from ml_jupyter.sdk.workspace import Workspace

if TYPE_CHECKING:
    from ml_jupyter.history.query import RunRow
    from ml_jupyter.sdk import (
        artifacts,
        details,
        ending,
        export,
        figures,
        html,
        metric_reader,
        model_facts,
        model_registration,
        portal,
        starting,
        system_metrics,
        waiting,
    )
    from ml_jupyter.sdk.model import Model
    from ml_jupyter.sdk.views import summary
else:  # importing Run must stay cheap: it is imported in every job and kernel
    artifacts = _lazy.Module("ml_jupyter.sdk.artifacts")
    details = _lazy.Module("ml_jupyter.sdk.details")
    ending = _lazy.Module("ml_jupyter.sdk.ending")
    export = _lazy.Module("ml_jupyter.sdk.export")
    figures = _lazy.Module("ml_jupyter.sdk.figures")
    html = _lazy.Module("ml_jupyter.sdk.html")
    metric_reader = _lazy.Module("ml_jupyter.sdk.metric_reader")
    model_facts = _lazy.Module("ml_jupyter.sdk.model_facts")
    model_registration = _lazy.Module("ml_jupyter.sdk.model_registration")
    portal = _lazy.Module("ml_jupyter.sdk.portal")
    starting = _lazy.Module("ml_jupyter.sdk.starting")
    system_metrics = _lazy.Module("ml_jupyter.sdk.system_metrics")
    waiting = _lazy.Module("ml_jupyter.sdk.waiting")
    summary = _lazy.Module("ml_jupyter.sdk.views.summary")


class Run:
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

    def _adopt(
        self,
        workspace: Workspace,
        run_id: str,
        experiment: Optional[Experiment],
        folder: Optional[RunFolder],
        writer: Optional[MetricWriter] = None,
    ) -> None:
        self._workspace = workspace
        self._id = run_id
        self._row: Optional[RunRow] = None
        self._known_experiment = experiment
        self._opened = folder
        self._known_writer = writer
        self._is_job = False
        self._seen = "" if folder is None else folder.state().status

    @property
    def _folder(self) -> RunFolder:
        if self._opened is None:
            self._opened = self._workspace._folder.run(
                self._id, None if self._row is None else self._row.experiment_id
            )
        return self._opened

    @property
    def _writer(self) -> MetricWriter:
        if self._known_writer is None:
            self._known_writer = MetricWriter(self._folder)
        return self._known_writer

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

    # -- facts

    @property
    def id(self) -> str:
        """Id of the run, unique in its workspace."""
        return self._id

    @property
    def experiment(self) -> Experiment:
        """The experiment that the run belongs to."""
        if self._known_experiment is None:
            experiment_id = self._folder.record.experiment_id
            record = self._workspace._folder.experiment(experiment_id)
            self._known_experiment = Experiment._of(self._workspace, record)
        return self._known_experiment

    @property
    def parent(self) -> Optional[Run]:
        """The run above this one; None for a top-level run."""
        above = self._folder.record.parent_id
        return None if above is None else Run.get(self._workspace, above)

    @property
    def number(self) -> int:
        """1, 2, … within the experiment."""
        return self._folder.record.number

    @property
    def type(self) -> str:
        """``azureml.scriptrun``, ``azureml.interactiverun``, and what later kinds there are."""
        return self._folder.record.type

    @property
    def status(self) -> str:
        """The state as last seen; ``get_status()`` looks again."""
        return self._seen or self.get_status()

    @property
    def name(self) -> Optional[str]:
        """The name for people; the same as ``display_name``."""
        return self.display_name

    @property
    def display_name(self) -> Optional[str]:
        """The name for people; can be set."""
        return self._folder.state().display_name

    @display_name.setter
    def display_name(self, value: Optional[str]) -> None:
        self._folder.set_details(display_name=labels.text_or_none(value))

    @property
    def description(self) -> Optional[str]:
        """What the run is about; can be set."""
        return self._folder.state().description

    @description.setter
    def description(self, value: Optional[str]) -> None:
        self._folder.set_details(description=labels.text_or_none(value))

    @property
    def tags(self) -> Dict[str, Optional[str]]:
        """The tags; ``get_tags()`` is the same."""
        return self.get_tags()

    @property
    def properties(self) -> Dict[str, str]:
        """The properties; ``get_properties()`` is the same."""
        return self.get_properties()

    def get_status(self) -> str:
        """The state now. A run whose process has died is settled first."""
        waiting.settle(self)
        self._seen = self._folder.state().status
        return self._seen

    def get_tags(self) -> Dict[str, Optional[str]]:
        """The tags as they are now, as a copy."""
        return dict(self._folder.state().tags)

    def get_properties(self) -> Dict[str, str]:
        """The properties as they are now, as a copy."""
        return dict(self._folder.state().properties)

    def get_details(self) -> Dict[str, Any]:
        """State, times, definition, error, warnings and log files; see the documentation."""
        self.get_status()
        return details.details_of(self)

    def get_details_with_logs(self) -> Dict[str, Any]:
        """As ``get_details``, with the contents of the logs."""
        self.get_status()
        return details.details_with_logs(self)

    def get_all_logs(self, destination: Any = None) -> List[str]:
        """Copy the logs into a folder (default: here); returns their paths."""
        return details.all_logs(self, destination)

    @property
    def input_datasets(self) -> Dict[str, str]:
        """Inside the job: paths of its data inputs by name; elsewhere empty (surface 7.3)."""
        return run_inputs.given(self)

    def get_portal_url(self) -> str:
        """Address of the run's page in JupyterLab; relative where no server is known to run."""
        return portal.run_url(self._workspace.id, self._id)

    def get_environment(self) -> Any:
        """The environment of a submitted run.

        Raises
        ------
        UserErrorException
            The run is interactive.
        """
        from ml_jupyter.sdk import environment

        return environment.of_run(self._folder)

    def get_snapshot_id(self) -> Optional[str]:
        """Id of the snapshot of the sources; None without one."""
        return self._folder.record.snapshot_id

    def restore_snapshot(self, snapshot_id: Optional[str] = None, path: Any = None) -> str:
        """Write the snapshot as a zip named by its id into ``path`` (default: here); its path."""
        return artifacts.restore_snapshot(self._workspace._folder, self._folder, snapshot_id, path)

    # -- tags and properties

    def tag(self, key: str, value: Any = None) -> None:
        """Add or overwrite a tag. Without value it reads back as None; values become text."""
        self._folder.set_tags(labels.tags_of({key: value}))

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Add or overwrite several tags."""
        self._folder.set_tags(labels.tags_of(tags))

    def remove_tags(self, tags: List[str]) -> Dict[str, Optional[str]]:
        """Remove tags by key, unknown ones are passed over; returns the rest."""
        self._folder.remove_tags([str(key) for key in labels.keys_of(tags)])
        return self.get_tags()

    def add_properties(self, properties: Mapping[str, Any]) -> None:
        """Add properties, which never change afterwards.

        Raises
        ------
        UserErrorException
            A key exists with another value; nothing of this call is stored.
        """
        self._folder.add_properties(labels.properties_of(properties))

    # -- metrics

    def log(self, name: str, value: Any, description: str = "", step: Optional[int] = None) -> None:
        """Append one number, bool, text or None to a metric; it is on disk when this returns.

        Raises
        ------
        UserErrorException
            A list (use ``log_list``), or the name holds values of another shape.
        """
        self._writer.log(name, value, description, step)

    def log_list(self, name: str, value: Any, description: str = "") -> None:
        """Append all values of an iterable, in order, to the same series as ``log``."""
        self._writer.log_many(name, value, description)

    def log_row(self, name: str, description: Optional[str] = None, **kwargs: Any) -> None:
        """Append one row of named values. The second positional argument is the description."""
        row = metric_values.row(name, kwargs)
        self._writer.log_structured(name, "row", row, description or "")

    def log_table(self, name: str, value: Any, description: str = "") -> None:
        """Append rows, given as a dict of column to list."""
        table = metric_values.table(name, value)
        self._writer.log_structured(name, "table", table, description)

    def log_image(
        self, name: str, path: Any = None, plot: Any = None, description: str = ""
    ) -> None:
        """Keep an image file, or a figure (anything with ``savefig``) as PNG; one of them."""
        figures.log_image(self._folder, self._writer, name, path, plot, description)

    def log_confusion_matrix(self, name: str, value: Any, description: str = "") -> None:
        """Keep a confusion matrix, given as dict or JSON text."""
        figures.log_chart(self._folder, self._writer, name, "confusion_matrix", value, description)

    def log_accuracy_table(self, name: str, value: Any, description: str = "") -> None:
        """Keep an accuracy table, given as dict or JSON text."""
        figures.log_chart(self._folder, self._writer, name, "accuracy_table", value, description)

    def log_residuals(self, name: str, value: Any, description: str = "") -> None:
        """Keep a histogram of residuals, given as dict or JSON text."""
        figures.log_chart(self._folder, self._writer, name, "residuals", value, description)

    def log_predictions(self, name: str, value: Any, description: str = "") -> None:
        """Keep binned predictions, given as dict or JSON text."""
        figures.log_chart(self._folder, self._writer, name, "predictions", value, description)

    def get_metrics(
        self,
        name: Optional[str] = None,
        recursive: bool = False,
        run_type: Optional[str] = None,
        populate: bool = False,
    ) -> Dict[str, Any]:
        """Metrics by name. One value stands bare, more are a list.

        Parameters
        ----------
        name : str, optional
            Only this metric; an unknown one gives ``{}``.
        recursive : bool
            A dict of run id to metrics, for the run and all its descendants.
        run_type : str, optional
            With ``recursive``: only runs of this type.
        populate : bool
            Charts as their content instead of the address of their file.
        """
        if not recursive:
            return metric_reader.read_metrics(self._folder, name, populate=populate)
        return {
            run.id: metric_reader.read_metrics(run._folder, name, populate=populate)
            for run in (self, *self.get_children(recursive=True))
            if run_type in (None, run.type)
        }

    def get_system_metrics(self, name: Optional[str] = None) -> Dict[str, Dict[str, Any]]:
        """What the job and its GPUs used, by name: ``cpu``, ``memory``, ``read`` and more.

        Not part of ``get_metrics()``. Mean and peak are in ``get_details()["resources"]``.

        Parameters
        ----------
        name : str, optional
            Only this series; an unknown one gives ``{}``.

        Returns
        -------
        dict
            Name to ``label``, ``unit``, ``gpu``, ``times`` (seconds since the epoch) and
            ``values``; empty for a run that was no job.
        """
        return system_metrics.read_system_metrics(self._folder, name)

    def flush(self, timeout_seconds: float = 300) -> None:
        """Return when all that was logged is with the system; kept points are tried again."""
        self._writer.retry(now=True)
        self._folder.flush()

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

    # -- files

    def get_file_names(self) -> List[str]:
        """Names of the run's files."""
        return artifacts.file_names(self._folder)

    def upload_file(
        self, name: str, path_or_stream: Any, datastore_name: Optional[str] = None
    ) -> None:
        """Keep a copy of a file or stream under ``name``.

        Raises
        ------
        NameTaken
            The run has a file of this name.
        """
        artifacts.upload(self._folder, name, path_or_stream)

    def upload_files(
        self,
        names: List[str],
        paths: List[Any],
        return_artifacts: bool = False,
        timeout_seconds: Optional[float] = None,
        datastore_name: Optional[str] = None,
    ) -> None:
        """Keep copies of several files.

        Raises
        ------
        TypeError
            ``names`` and ``paths`` have different lengths.
        """
        if len(names) != len(paths):
            raise TypeError(f"{len(names)} names for {len(paths)} paths.")
        for name, path in zip(names, paths):
            artifacts.upload(self._folder, name, path)

    def upload_folder(self, name: str, path: Any, datastore_name: Optional[str] = None) -> None:
        """Keep a copy of a folder's files under ``name/``."""
        artifacts.upload_folder(self._folder, name, path)

    def download_file(self, name: str, output_file_path: Any = None, **_ignored: Any) -> None:
        """Copy one of the run's files to ``output_file_path`` (default: its base name, here).

        Raises
        ------
        ArtifactNotFound
            There is none of this name; near ones are listed.
        """
        artifacts.download(self._folder, name, output_file_path)

    def download_files(
        self,
        prefix: Optional[str] = None,
        output_directory: Any = None,
        output_paths: Optional[List[str]] = None,
        batch_size: int = 100,
        append_prefix: bool = True,
        timeout_seconds: Optional[float] = None,
    ) -> None:
        """Copy the files below the folder ``prefix`` of the run, or the one file of that name.

        Parameters
        ----------
        output_directory : str or Path, optional
            Where to; default: here.
        output_paths : list of str, optional
            A name for each file instead of its own.
        append_prefix : bool
            Keep ``prefix`` in the names.

        Raises
        ------
        ArtifactNotFound
            Nothing lies there.
        """
        artifacts.download_many(self._folder, prefix, output_directory, output_paths, append_prefix)

    def export_html(self, path: Any, others: Any = ()) -> str:
        """Write the run as one HTML file with charts, logs and code; its absolute path.

        The file needs no server, no network and no other file, now and later.

        Parameters
        ----------
        path : path
            The file; an existing one is replaced.
        others : iterable of Run
            Runs of the same workspace to compare with in the same file, at most 49.

        Raises
        ------
        UserErrorException
            A run of another workspace, too many runs, or no such folder.
        """
        return export.export_runs([self, *others], path)

    def register_model(
        self,
        model_name: str,
        model_path: Optional[str] = None,
        tags: Any = None,
        properties: Any = None,
        model_framework: Optional[str] = None,
        model_framework_version: Optional[str] = None,
        description: Optional[str] = None,
        datasets: Any = None,
        sample_input_dataset: Any = None,
        sample_output_dataset: Any = None,
        resource_configuration: Any = None,
        **_ignored: Any,
    ) -> Model:
        """Store a file or folder of this run as the next version of a model.

        Parameters
        ----------
        model_path : str, optional
            Name among the run's files, such as ``outputs/model.pt``; default: ``model_name``.

        Other parameters are those of ``Model.register``.

        Raises
        ------
        ModelPathNotFoundException
            The run has no such file or folder; near ones are listed.
        UserErrorException
            Not a valid name, or a parameter of the wrong type.
        """
        facts = model_facts.of(
            tags=tags,
            properties=properties,
            description=description,
            datasets=datasets,
            model_framework=model_framework,
            model_framework_version=model_framework_version,
            sample_input_dataset=sample_input_dataset,
            sample_output_dataset=sample_output_dataset,
            resource_configuration=resource_configuration,
        )
        return model_registration.from_run(self, model_name, model_path, facts)

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
