"""The part of MLflow's tracking interface that is about logged models."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from mlflow.entities import (
    LoggedModel,
    LoggedModelParameter,
    LoggedModelStatus,
    LoggedModelTag,
)
from mlflow.store.entities.paged_list import PagedList
from mlflow.utils.name_utils import _generate_random_name
from mlflow.utils.search_utils import SearchLoggedModelsUtils
from mlflow.utils.validation import (
    _validate_logged_model_name,
    _validate_param,
    _validate_tag_name,
)

from ml_jupyter.mlflow.errors import wrong
from ml_jupyter.mlflow.experiments import DEFAULT_ID, Experiments
from ml_jupyter.mlflow.logged_models import LoggedModels
from ml_jupyter.mlflow.runs import Runs

_PAGE = 100


class ModelStore:
    """Methods that MLflow calls; their contract is ``mlflow.store.tracking.AbstractStore``."""

    _experiments: Experiments
    _runs: Runs
    _models: LoggedModels

    def create_logged_model(
        self,
        experiment_id: str = DEFAULT_ID,
        name: Optional[str] = None,
        source_run_id: Optional[str] = None,
        tags: Optional[List[LoggedModelTag]] = None,
        params: Optional[List[LoggedModelParameter]] = None,
        model_type: Optional[str] = None,
    ) -> LoggedModel:
        """Make a model that is still to get its files."""
        _validate_logged_model_name(name)
        record = self._experiments.active(experiment_id)
        artifacts = None
        if source_run_id is not None:
            run = self._runs.get(source_run_id).folder.record
            artifacts = self._experiments.artifacts_of_run(record, run.experiment_id, run.id)
        return self._models.create(
            self._experiments.id_of(record.id),
            name or _generate_random_name(),
            artifacts,
            source_run_id=source_run_id,
            model_type=model_type,
            tags={tag.key: str(tag.value) for tag in tags or []},
            params=_params(params),
        )

    def log_logged_model_params(self, model_id: str, params: List[LoggedModelParameter]) -> None:
        """Add parameters to a model."""
        self._models.change(model_id, params=_params(params))

    def finalize_logged_model(self, model_id: str, status: LoggedModelStatus) -> LoggedModel:
        """Say how the making of a model ended."""
        return self._models.change(model_id, status=status.to_int())

    def set_logged_model_tags(self, model_id: str, tags: List[LoggedModelTag]) -> None:
        """Add or overwrite tags."""
        for tag in tags:
            _validate_tag_name(tag.key)
        self._models.change(model_id, tags={tag.key: str(tag.value) for tag in tags})

    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Remove a tag, which must be there."""
        _validate_tag_name(key)
        self._models.change(model_id, remove_tag=key)

    def get_logged_model(self, model_id: str, allow_deleted: bool = False) -> LoggedModel:
        """A model by its id."""
        return self._models.get(model_id, deleted=allow_deleted)

    def delete_logged_model(self, model_id: str) -> None:
        """Hide a model."""
        self._models.delete(model_id)

    def search_logged_models(
        self,
        experiment_ids: List[str],
        filter_string: Optional[str] = None,
        datasets: Optional[List[Dict[str, Any]]] = None,
        max_results: Optional[int] = None,
        order_by: Optional[List[Dict[str, Any]]] = None,
        page_token: Optional[str] = None,
    ) -> PagedList[LoggedModel]:
        """A page of the models that match a filter."""
        if datasets and not all(item.get("dataset_name") for item in datasets):
            raise wrong("`dataset_name` in the `datasets` clause must be specified.")
        models = list(self._models.list(experiment_ids))
        about = [datasets] if datasets else []  # unknown to MLflow 3.0
        found = SearchLoggedModelsUtils.filter_logged_models(models, filter_string, *about)
        ordered = SearchLoggedModelsUtils.sort(found, order_by)
        return PagedList(
            *SearchLoggedModelsUtils.paginate(ordered, page_token, max_results or _PAGE)
        )


def _params(params: Optional[List[LoggedModelParameter]]) -> Dict[str, str]:
    for item in params or []:
        _validate_param(item.key, item.value)
    return {item.key: str(item.value) for item in params or []}
