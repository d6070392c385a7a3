"""``export_mlflow``: runs of ours, written into an MLflow tracking server or store."""

from __future__ import annotations

import re
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Dict, Iterable, Iterator, List, Optional, Sequence, TypeVar

from ml_jupyter._mlflow_address import NAME_TAG, SCHEME
from ml_jupyter.environments.secrets import masked
from ml_jupyter.exceptions import MissingDependency, MlJupyterError, UserErrorException
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.status import TERMINAL
from ml_jupyter.importers.report import ImportReport, Progress, told

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run

#: Tag in MLflow by which a run is known again.
RUN_TAG = "ml_jupyter.run_id"
_NAME = re.compile(r"[^\w\-. :/]")
_METRICS, _PARAMS, _LONGEST_PARAM, _LONGEST_TAG = 1000, 100, 6000, 5000
_LONGEST_NAME, _LONGEST_REASON = 250, 400
Item = TypeVar("Item")


def export_mlflow(
    runs: Sequence[Run], tracking_uri: str, *, progress: Optional[Progress] = None
) -> ImportReport:
    """Write ended runs into an MLflow tracking server: experiments, parameters, metrics, files.

    Runs that are there already are passed over; one whose export was interrupted is written anew.

    Parameters
    ----------
    runs : list of Run
        A parent is written before its children, wherever it stands in the list.
    tracking_uri : str
        ``http://server:5000``, ``sqlite:///mlflow.db`` …
    progress : callable, optional
        Told of each run: number done, number in all, id.

    Returns
    -------
    ImportReport
        ``new`` and ``unchanged`` runs, points and files written, and what was left.

    Raises
    ------
    MissingDependency
        MLflow is not installed.
    UserErrorException
        The address is that of a workspace of ours, or MLflow cannot write there.
    """
    if tracking_uri.startswith(f"{SCHEME}:"):
        raise UserErrorException(
            f"{tracking_uri} is a workspace; MLflow finds its runs there without an export."
        )
    with _explained(tracking_uri):
        export = _Export(tracking_uri)
    ordered = sorted(runs, key=lambda run: (_depth(run), run._folder.record.created))
    tell = told(progress)
    for done, run in enumerate(ordered):
        tell(done, len(ordered), run.id)
        with _explained(tracking_uri):
            export.write(run)
    tell(len(ordered), len(ordered), "")
    return export.report


class _Export:
    """One export: MLflow's client, and the ids that it has given."""

    def __init__(self, address: str) -> None:
        try:
            from mlflow import MlflowClient
        except ImportError as error:
            raise MissingDependency("mlflow", "mlflow", "Exporting to MLflow") from error
        self._client = MlflowClient(tracking_uri=address)
        self._experiments: Dict[str, str] = {}
        self._ids: Dict[str, str] = {}
        self.report = ImportReport()

    def write(self, run: Run) -> None:
        """Write a run, unless it is there or goes on."""
        from ml_jupyter.mlflow import entities

        state = run._folder.state()
        if state.status not in TERMINAL:
            self.report.leave(run.id, f"It is {state.status}.")
            return
        experiment = self._experiment(run)
        if self._is_there(experiment, run.id):
            self.report.unchanged += 1
            return
        labels = {**entities.tags(state), RUN_TAG: run.id}
        parent = self._ids.get(str(state.record.parent_id))
        if parent is None:
            labels.pop("mlflow.parentRunId", None)
        else:
            labels["mlflow.parentRunId"] = parent
        info = entities.info_of(state, experiment, "")
        tags = {key[:_LONGEST_NAME]: value[:_LONGEST_TAG] for key, value in labels.items()}
        made = self._client.create_run(experiment, info.start_time, tags, info.run_name).info.run_id
        self._ids[run.id] = made
        self._write_params(made, entities.params(state))
        self._write_metrics(made, run._folder)
        self._write_files(made, run._folder)
        self._client.set_terminated(made, entities.status_of(state), info.end_time)
        self.report.new += 1

    def _experiment(self, run: Run) -> str:
        record = run._workspace._folder.experiment(run._folder.record.experiment_id)
        name = record.tags.get(NAME_TAG) or record.name
        if name not in self._experiments:
            found = self._client.get_experiment_by_name(name)
            made = self._client.create_experiment(name) if found is None else found.experiment_id
            self._experiments[name] = made
        return self._experiments[name]

    def _is_there(self, experiment: str, run_id: str) -> bool:
        """Whether it was written whole; what an interrupted export left is deleted."""
        wanted = f"tags.`{RUN_TAG}` = '{run_id}'"
        there = False
        for found in self._client.search_runs([experiment], wanted):
            if found.info.status == "RUNNING":
                self._client.delete_run(found.info.run_id)
            else:
                self._ids[run_id] = found.info.run_id
                there = True
        return there

    def _write_params(self, made: str, params: Dict[str, str]) -> None:
        from mlflow.entities import Param

        found = [Param(_name(key), value[:_LONGEST_PARAM]) for key, value in params.items()]
        for several in _chunks(found, _PARAMS):
            self._client.log_batch(made, params=several)

    def _write_metrics(self, made: str, run: RunFolder) -> None:
        from mlflow.entities import Metric

        from ml_jupyter.mlflow.latest import numbers

        for name, facts in run.metric_names().items():
            if facts.shape != "scalar":
                self.report.leave(run.id, f"MLflow has no metrics of shape {facts.shape!r}.")
                continue
            series = run.series(name)
            points = numbers(series)
            if len(points) < len(series):
                self.report.leave(run.id, f"Texts of metric {name!r} are no metrics in MLflow.")
            found = (
                Metric(_name(name), value, time // 1_000_000, step) for step, time, value in points
            )
            for several in _chunks(found, _METRICS):
                self._client.log_batch(made, metrics=several)
            self.report.points += len(points)

    def _write_files(self, made: str, run: RunFolder) -> None:
        folder = run.layout.files
        count = sum(path.is_file() for path in folder.rglob("*")) if folder.is_dir() else 0
        if count:
            self._client.log_artifacts(made, str(folder))
            self.report.files += count


@contextmanager
def _explained(address: str) -> Iterator[None]:
    """What MLflow raises as an error of ours, in its first line and without passwords."""
    try:
        yield
    except MlJupyterError:
        raise
    except Exception as error:
        from mlflow.exceptions import MlflowException

        if not isinstance(error, MlflowException):
            raise
        said = str(error).strip().partition("\n")[0][:_LONGEST_REASON]
        raise UserErrorException(
            masked(f"MLflow cannot write to {address}: {said}"),
            hint="What was written stays; the same export, made again, goes on from there.",
        ) from error


def _depth(run: Any) -> int:
    """How many runs there are above."""
    depth, above = 0, run.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth


def _name(name: str) -> str:
    """A name with the characters, and of the length, that MLflow accepts."""
    return _NAME.sub("_", name)[:_LONGEST_NAME]


def _chunks(items: Iterable[Item], size: int) -> Iterator[List[Item]]:
    rest = iter(items)
    while True:
        several = list(islice(rest, size))
        if not several:
            return
        yield several
