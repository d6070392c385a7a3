"""MLflow's tracking store on a workspace: entry point ``mlflow.tracking_store``.

One class with the methods that MLflow's interface asks for, so it is long; what they do is in the
modules beside it. MLflow's checks of names and values give what is to be stored, cut to length;
before 2.10 they give nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence, Tuple

from mlflow.entities import (
    DatasetInput,
    Experiment,
    ExperimentTag,
    LifecycleStage,
    Metric,
    Param,
    Run,
    RunInfo,
    RunTag,
    ViewType,
)
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.tracking import SEARCH_MAX_RESULTS_DEFAULT, SEARCH_MAX_RESULTS_THRESHOLD
from mlflow.store.tracking.abstract_store import AbstractStore
from mlflow.utils.mlflow_tags import MLFLOW_LOGGED_MODELS, MLFLOW_RUN_NAME
from mlflow.utils.name_utils import _generate_random_name
from mlflow.utils.search_utils import SearchExperimentsUtils, SearchUtils
from mlflow.utils.validation import (
    _validate_batch_log_data,
    _validate_batch_log_limits,
    _validate_experiment_name,
    _validate_experiment_tag,
    _validate_metric,
    _validate_metric_name,
    _validate_param,
    _validate_param_keys_unique,
    _validate_run_id,
    _validate_tag,
)

from ml_jupyter.mlflow import entities, versions
from ml_jupyter.mlflow.errors import translated, wrong, wrong_state
from ml_jupyter.mlflow.experiments import DEFAULT_ID, Experiments
from ml_jupyter.mlflow.latest import numbers
from ml_jupyter.mlflow.logged_models import LoggedModels
from ml_jupyter.mlflow.places import workspace_of
from ml_jupyter.mlflow.runs import OpenRun, Runs, status_name

if TYPE_CHECKING:
    from mlflow.entities import LoggedModelInput, LoggedModelOutput

if TYPE_CHECKING or versions.LOGGED_MODELS:
    from ml_jupyter.mlflow.model_store import ModelStore
else:

    class ModelStore:
        """MLflow 2 asks for nothing here."""


_SERVED = "mlflow-artifacts:"


class TrackingStore(ModelStore, AbstractStore):  # type: ignore[misc]
    """Experiments and runs of a workspace, whoever made them, through MLflow's interface.

    Parameters
    ----------
    store_uri : str
        ``ml-jupyter:///folder/of/the/workspace``; ``ml-jupyter://``: the one that is meant here.
    artifact_uri : str, optional
        Where the artifacts of new experiments go; default: into the runs' files. What an MLflow
        server would serve itself goes there, too.
    """

    def __init__(self, store_uri: Optional[str] = None, artifact_uri: Optional[str] = None) -> None:
        super().__init__()
        self.workspace = workspace_of(store_uri)
        elsewhere = artifact_uri if not (artifact_uri or _SERVED).startswith(_SERVED) else None
        self._experiments = Experiments(self.workspace, elsewhere)
        self._runs = Runs(self.workspace)
        self._models = LoggedModels(self.workspace)

    # -- experiments

    def search_experiments(
        self,
        view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int = SEARCH_MAX_RESULTS_DEFAULT,
        filter_string: Optional[str] = None,
        order_by: Optional[List[str]] = None,
        page_token: Optional[str] = None,
    ) -> PagedList[Experiment]:
        """A page of the experiments that match a filter."""
        _check_page(max_results)
        self._experiments.record(DEFAULT_ID)
        found = [self._experiments.entity(item) for item in self._experiments.list(view_type)]
        found = SearchExperimentsUtils.filter(found, filter_string)
        order = order_by or ["creation_time DESC", "experiment_id ASC"]
        ordered = SearchExperimentsUtils.sort(found, order)
        return PagedList(*SearchUtils.paginate(ordered, page_token, max_results))

    def create_experiment(
        self,
        name: str,
        artifact_location: Optional[str] = None,
        tags: Optional[List[ExperimentTag]] = None,
    ) -> str:
        """Make an experiment; its id."""
        _validate_experiment_name(name)
        record = self._experiments.create(name, artifact_location, tags or [])
        return self._experiments.id_of(record.id)

    def get_experiment(self, experiment_id: str) -> Experiment:
        """An experiment by its id, a deleted one too."""
        return self._experiments.entity(self._experiments.record(experiment_id))

    def get_experiment_by_name(self, experiment_name: str) -> Optional[Experiment]:
        """An experiment by its name, a deleted one too; or None."""
        record = self._experiments.find(experiment_name)
        return None if record is None else self._experiments.entity(record)

    def delete_experiment(self, experiment_id: str) -> None:
        """Archive an experiment; its runs count as deleted."""
        record = self._experiments.active(experiment_id)
        self._experiments.change(record, archived=True)

    def restore_experiment(self, experiment_id: str) -> None:
        """Bring an archived experiment back."""
        record = self._experiments.record(experiment_id)
        if not record.archived:
            raise wrong_state(f"Experiment {record.name!r} is not deleted.")
        self._experiments.change(record, archived=False)

    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Give an experiment another name."""
        _validate_experiment_name(new_name)
        self._experiments.rename(self._experiments.active(experiment_id), new_name)

    def set_experiment_tag(self, experiment_id: str, tag: ExperimentTag) -> None:
        """Set a tag of an experiment."""
        _validate_experiment_tag(tag.key, tag.value)
        record = self._experiments.active(experiment_id)
        if tag.key == "mlflow.note.content":
            self._experiments.change(record, description=str(tag.value))
        else:
            self._experiments.change(record, set_tags={tag.key: str(tag.value)})

    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Remove a tag of an experiment."""
        self._experiments.remove_tag(self._experiments.active(experiment_id), key)

    # -- runs

    def create_run(
        self,
        experiment_id: Optional[str],
        user_id: str,
        start_time: Optional[int],
        tags: Optional[List[RunTag]],
        run_name: Optional[str],
    ) -> Run:
        """Start a run."""
        record = self._experiments.active(DEFAULT_ID if experiment_id is None else experiment_id)
        given = {tag.key: str(tag.value) for tag in tags or []}
        tagged = given.get(MLFLOW_RUN_NAME)
        if run_name and tagged and run_name != tagged:
            raise wrong(
                "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with "
                f"different values (run_name='{run_name}', mlflow.runName='{tagged}')."
            )
        name = run_name or tagged or _generate_random_name()
        run = self._runs.create(record, given, user=user_id, start_ms=start_time, name=name)
        return self.get_run(run.id)

    def get_run(self, run_id: str) -> Run:
        """A run by its id, a deleted one too."""
        _validate_run_id(run_id)
        return self._entity(self._runs.get(run_id))

    def update_run_info(
        self, run_id: str, run_status: Any, end_time: Optional[int], run_name: Optional[str]
    ) -> RunInfo:
        """Change the state or the name of a run."""
        _validate_run_id(run_id)
        run = self._runs.active(run_id).folder
        if run_name:
            self._runs.set_tags(run, {MLFLOW_RUN_NAME: run_name})
        with translated():
            self._runs.move(run, status_name(run_status), end_time)
        return self.get_run(run_id).info

    def delete_run(self, run_id: str) -> None:
        """Archive a run."""
        self._archive(run_id, True)

    def restore_run(self, run_id: str) -> None:
        """Bring an archived run back."""
        self._archive(run_id, False)

    def _archive(self, run_id: str, archived: bool) -> None:
        _validate_run_id(run_id)
        run = self._runs.get(run_id).folder
        if run.state().archived == archived:
            raise wrong_state(f"The run {run_id} is {'' if archived else 'not '}deleted already.")
        with translated():
            run.set_details(archived=archived)

    def _search_runs(
        self,
        experiment_ids: Sequence[str],
        filter_string: Optional[str],
        run_view_type: int,
        max_results: int,
        order_by: Optional[List[str]],
        page_token: Optional[str],
    ) -> Tuple[List[Run], Optional[str]]:
        _check_page(max_results)
        found: List[Run] = []
        for experiment_id in experiment_ids:
            record = self._experiments.record(experiment_id)
            runs = (self._entity(item) for item in self._runs.of_experiment(record.id))
            found.extend(run for run in runs if _in_view(run, run_view_type))
        ordered = SearchUtils.sort(SearchUtils.filter(found, filter_string), order_by)
        runs, token = SearchUtils.paginate(ordered, page_token, max_results)
        return runs, token

    def _entity(self, item: OpenRun) -> Run:
        record = item.folder.record
        experiment = self._experiments.record(record.experiment_id)
        return entities.run_of(
            item.folder.state(),
            item.latest.points(),
            self._experiments.id_of(record.experiment_id),
            self._experiments.artifacts_of_run(experiment, record.experiment_id, record.id),
            deleted=experiment.archived,
        )

    # -- logging

    def log_metric(self, run_id: str, metric: Metric) -> None:
        """Append one point."""
        _validate_metric(metric.key, metric.value, metric.timestamp, metric.step)
        self._runs.add_metrics(self._runs.active(run_id), (metric,))
        if versions.model_of(metric) is not None:
            self._models.add_metric(run_id, metric)

    def log_param(self, run_id: str, param: Param) -> None:
        """Add a parameter."""
        param = _validate_param(param.key, param.value) or param
        self._runs.add_params(self._runs.active(run_id).folder, {param.key: str(param.value)})

    def set_tag(self, run_id: str, tag: RunTag) -> None:
        """Set a tag."""
        tag = _validate_tag(tag.key, tag.value) or tag
        self._runs.set_tags(self._runs.active(run_id).folder, {tag.key: str(tag.value)})

    def delete_tag(self, run_id: str, key: str) -> None:
        """Remove a tag."""
        self._runs.remove_tag(self._runs.active(run_id).folder, key)

    def log_batch(
        self, run_id: str, metrics: List[Metric], params: List[Param], tags: List[RunTag]
    ) -> None:
        """Log many things; parameters are looked at first, so a wrong one stores nothing."""
        _validate_run_id(run_id)
        given = (metrics, params, tags)
        metrics, params, tags = _validate_batch_log_data(*given) or given
        _validate_batch_log_limits(metrics, params, tags)
        _validate_param_keys_unique(params)
        item = self._runs.active(run_id)
        run = item.folder
        if params:
            self._runs.add_params(run, {param.key: str(param.value) for param in params})
        if metrics:
            self._runs.add_metrics(item, metrics)
            for metric in metrics:
                if versions.model_of(metric) is not None:
                    self._models.add_metric(run_id, metric)
        if tags:
            self._runs.set_tags(run, {tag.key: str(tag.value) for tag in tags})

    def log_inputs(
        self,
        run_id: str,
        datasets: Optional[List[DatasetInput]] = None,
        models: Optional[List[LoggedModelInput]] = None,
    ) -> None:
        """Note what a run was made from."""
        noted: Dict[str, Any] = {}
        for item in datasets or []:
            facts = {"dataset": dict(item.dataset), "tags": {t.key: t.value for t in item.tags}}
            noted[f"{entities.DATASET}{item.dataset.name}:{item.dataset.digest}"] = facts
        for model in models or []:
            noted[entities.MODEL_IN + model.model_id] = True
        self._note(run_id, noted)

    def log_outputs(self, run_id: str, models: Optional[List[LoggedModelOutput]]) -> None:
        """Note which models a run made."""
        self._note(run_id, {entities.MODEL_OUT + item.model_id: item.step for item in models or []})

    def record_logged_model(self, run_id: str, mlflow_model: Any) -> None:
        """Note a model in the way of MLflow 2, as a tag."""
        run = self._runs.active(run_id).folder
        present = json.loads(run.state().facts.get(MLFLOW_LOGGED_MODELS) or "[]")
        tell = getattr(mlflow_model, "get_tags_dict", mlflow_model.to_dict)  # MLflow 2: all of it
        value = json.dumps([*present, tell()])
        self._runs.set_tags(run, {MLFLOW_LOGGED_MODELS: value})

    def _note(self, run_id: str, noted: Any) -> None:
        _validate_run_id(run_id)
        run = self._runs.active(run_id).folder
        present = run.state().facts
        new = {key: value for key, value in noted.items() if key not in present}
        if new:
            with translated():
                run.note(**new)

    # -- reading

    def get_metric_history(
        self,
        run_id: str,
        metric_key: str,
        max_results: Optional[int] = None,
        page_token: Optional[str] = None,
    ) -> PagedList[Metric]:
        """All points of a metric, in the order in which they were logged."""
        _validate_run_id(run_id)
        _validate_metric_name(metric_key)
        found = [
            versions.point(metric_key, value, time // 1_000_000, step, run_id)
            for step, time, value in numbers(self._runs.get(run_id).folder.series(metric_key))
        ]
        if max_results is None:
            start = SearchUtils.parse_start_offset_from_page_token(page_token)
            return PagedList(found[start:], None)
        return PagedList(*SearchUtils.paginate(found, page_token, max_results))

    def search_traces(self, *_arguments: Any, **_more: Any) -> Tuple[List[Any], Optional[str]]:
        """No traces: they are not kept here, and MLflow's pages ask for them."""
        return [], None

    def link_traces_to_run(self, trace_ids: List[str], run_id: str) -> None:
        """Refuse: there are no traces here.

        Raises
        ------
        NotImplementedError
            Always.
        """
        raise NotImplementedError("Traces are not kept in a workspace of ml_jupyter.")


def _in_view(run: Run, view: int) -> bool:
    stage = LifecycleStage.DELETED if view == ViewType.DELETED_ONLY else LifecycleStage.ACTIVE
    return view == ViewType.ALL or bool(run.info.lifecycle_stage == stage)


def _check_page(max_results: Any) -> None:
    if not isinstance(max_results, int) or max_results < 1:
        raise wrong(
            f"Invalid value {max_results} for parameter 'max_results' supplied. It must be a "
            "positive integer"
        )
    if max_results > SEARCH_MAX_RESULTS_THRESHOLD:
        raise wrong(
            f"Invalid value {max_results} for parameter 'max_results' supplied. It must be at "
            f"most {SEARCH_MAX_RESULTS_THRESHOLD}"
        )
