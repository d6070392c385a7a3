"""MLflow's model registry on a workspace's models: entry point ``mlflow.model_registry_store``.

One class with the methods that MLflow's interface asks for, so it is long. A version is one of our
model versions, stored by content: it outlives the run that made it.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Optional

from mlflow.entities.model_registry import (
    ModelVersion,
    ModelVersionTag,
    RegisteredModel,
    RegisteredModelAlias,
    RegisteredModelTag,
)
from mlflow.entities.model_registry.model_version_stages import (
    ALL_STAGES,
    DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS,
    STAGE_ARCHIVED,
    STAGE_NONE,
    get_canonical_stage,
)
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.model_registry import (
    SEARCH_MODEL_VERSION_MAX_RESULTS_THRESHOLD,
    SEARCH_REGISTERED_MODEL_MAX_RESULTS_THRESHOLD,
)
from mlflow.store.model_registry.abstract_store import AbstractStore
from mlflow.utils.search_utils import SearchModelUtils, SearchModelVersionUtils, SearchUtils
from mlflow.utils.validation import (
    _validate_model_alias_name,
    _validate_model_name,
    _validate_model_version,
    _validate_model_version_tag,
    _validate_registered_model_tag,
    _validate_tag_name,
)

from ml_jupyter._mlflow_address import address_of
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import RunNotFound
from ml_jupyter.mlflow import versions
from ml_jupyter.mlflow.errors import missing, translated, wrong
from ml_jupyter.mlflow.logged_models import LoggedModels
from ml_jupyter.mlflow.names import ModelNames
from ml_jupyter.mlflow.places import workspace_of
from ml_jupyter.mlflow.sources import files_of, framework_of
from ml_jupyter.models.content import of_path
from ml_jupyter.models.laid_out import laid_out
from ml_jupyter.models.record import ModelRecord
from ml_jupyter.models.store import ModelStore

_OWN = "mlflow"
_RESERVED = re.compile(r"(latest|v\d+)\Z", re.IGNORECASE)


class RegistryStore(AbstractStore):  # type: ignore[misc]
    """Registered models of a workspace, whoever registered them, through MLflow's interface.

    Parameters
    ----------
    store_uri : str
        As for ``TrackingStore``.
    tracking_uri : str, optional
        Not used.
    """

    def __init__(self, store_uri: Optional[str] = None, tracking_uri: Optional[str] = None) -> None:
        super().__init__(store_uri, tracking_uri)
        self._workspace = workspace_of(store_uri)
        self._store = ModelStore(self._workspace.layout)
        self._names = ModelNames(self._workspace, self._store)

    # -- names

    def create_registered_model(
        self,
        name: str,
        tags: Optional[List[RegisteredModelTag]] = None,
        description: Optional[str] = None,
        deployment_job_id: Optional[str] = None,
    ) -> RegisteredModel:
        """Announce a name."""
        _validate_model_name(name)
        for tag in tags or []:
            _validate_registered_model_tag(tag.key, tag.value)
        self._names.create(name, description, {tag.key: str(tag.value) for tag in tags or []})
        return self.get_registered_model(name)

    def update_registered_model(
        self, name: str, description: Optional[str], deployment_job_id: Optional[str] = None
    ) -> RegisteredModel:
        """Change the description of a name."""
        self._names.change(name, lambda facts: facts.update(description=description))
        return self.get_registered_model(name)

    def rename_registered_model(self, name: str, new_name: str) -> RegisteredModel:
        """Refuse: runs and services refer to a version by its name.

        Raises
        ------
        MlflowException
            Always; it says what to do instead.
        """
        raise wrong(
            f"Model {name!r} cannot be renamed: runs and services refer to it. Copy the version "
            f"that you need to {new_name!r} (copy_model_version)."
        )

    def delete_registered_model(self, name: str) -> None:
        """Delete a name with all its versions."""
        self._names.get(name)
        with translated():
            for version in self._store.versions(name):
                self._store.delete(name, version)
        self._names.delete(name)

    def search_registered_models(
        self,
        filter_string: Optional[str] = None,
        max_results: int = 100,
        order_by: Optional[List[str]] = None,
        page_token: Optional[str] = None,
    ) -> PagedList[RegisteredModel]:
        """A page of the names that match a filter."""
        _check_page(max_results, SEARCH_REGISTERED_MODEL_MAX_RESULTS_THRESHOLD)
        found = [self.get_registered_model(name) for name in self._names.all()]
        wanted = versions.without_prompts(filter_string)
        ordered = SearchModelUtils.sort(SearchModelUtils.filter(found, wanted), order_by)
        return PagedList(*SearchUtils.paginate(ordered, page_token, max_results))

    def get_registered_model(self, name: str) -> RegisteredModel:
        """A name with its newest versions."""
        _validate_model_name(name)
        facts = self._names.get(name)
        return RegisteredModel(
            name,
            creation_timestamp=facts["created"],
            last_updated_timestamp=facts["modified"],
            description=facts["description"],
            latest_versions=self.get_latest_versions(name),
            tags=[RegisteredModelTag(key, value) for key, value in facts["tags"].items()],
            aliases=[RegisteredModelAlias(key, value) for key, value in facts["aliases"].items()],
        )

    def get_latest_versions(
        self, name: str, stages: Optional[List[str]] = None
    ) -> List[ModelVersion]:
        """The newest version in each stage."""
        wanted = [get_canonical_stage(stage) for stage in stages or ALL_STAGES]
        newest = {version.current_stage: version for version in self._versions(name)}
        return [newest[stage] for stage in wanted if stage in newest]

    def set_registered_model_tag(self, name: str, tag: RegisteredModelTag) -> None:
        """Set a tag of a name."""
        _validate_registered_model_tag(tag.key, tag.value)
        self._names.change(name, lambda facts: facts["tags"].update({tag.key: str(tag.value)}))

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Remove a tag of a name."""
        _validate_tag_name(key)
        self._names.change(name, lambda facts: facts["tags"].pop(key, None))

    # -- versions

    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: Optional[str] = None,
        tags: Optional[List[ModelVersionTag]] = None,
        run_link: Optional[str] = None,
        description: Optional[str] = None,
        local_model_path: Optional[str] = None,
        model_id: Optional[str] = None,
    ) -> ModelVersion:
        """Register files as the next version of a name: all of them, or nothing."""
        _validate_model_name(name)
        for tag in tags or []:
            _validate_model_version_tag(tag.key, tag.value)
        self._names.get(name)
        folder = files_of(self._workspace, source, local_model_path)
        framework, framework_version = framework_of(folder)
        if run_id is None and model_id is not None:
            run_id = LoggedModels(self._workspace).get(model_id).source_run_id
        own = {"source": source, "stage": STAGE_NONE, "run_link": run_link, "model_id": model_id}
        with translated():
            record = self._store.register(
                name,
                of_path(folder),
                description=description,
                tags={tag.key: str(tag.value) for tag in tags or []},
                framework=framework,
                framework_version=framework_version,
                extra={_OWN: own},
                **self._run_facts(run_id),
            )
        self._touch(name)
        return self._entity(record)

    def update_model_version(
        self, name: str, version: Any, description: Optional[str]
    ) -> ModelVersion:
        """Change the description of a version."""
        return self._change(name, version, description=description)

    def transition_model_version_stage(
        self, name: str, version: Any, stage: str, archive_existing_versions: bool
    ) -> ModelVersion:
        """Move a version to a stage, and those that are in it to the archive when asked."""
        wanted = get_canonical_stage(stage)
        active = DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS
        if archive_existing_versions and wanted not in active:
            raise wrong(
                "Model version transition cannot archive existing model versions because "
                f"'{stage}' is not an Active stage. Valid stages are {active}"
            )
        number = self._record(name, version).version
        for other in self._versions(name) if archive_existing_versions else ():
            if other.version != number and other.current_stage == wanted:
                self._change(name, other.version, extra=_in_stage(STAGE_ARCHIVED))
        return self._change(name, number, extra=_in_stage(wanted))

    def delete_model_version(self, name: str, version: Any) -> None:
        """Delete a version, and the aliases that name it."""
        record = self._record(name, version)

        def forget(facts: Dict[str, Any]) -> None:
            kept = {key: item for key, item in facts["aliases"].items() if item != record.version}
            facts["aliases"] = kept

        self._names.change(name, forget)
        with translated():
            self._store.delete(name, record.version)

    def get_model_version(self, name: str, version: Any) -> ModelVersion:
        """A version."""
        return self._entity(self._record(name, version))

    def get_model_version_download_uri(self, name: str, version: Any) -> str:
        """Address of the files of a version, as they were when it was registered."""
        record = self._record(name, version)
        with translated():
            settings = Settings.load()
            return address_of(laid_out(self._store, record, self._workspace.id, settings))

    def search_model_versions(
        self,
        filter_string: Optional[str] = None,
        max_results: int = 10_000,
        order_by: Optional[List[str]] = None,
        page_token: Optional[str] = None,
    ) -> PagedList[ModelVersion]:
        """A page of the versions that match a filter."""
        _check_page(max_results, SEARCH_MODEL_VERSION_MAX_RESULTS_THRESHOLD)
        found = [version for name in self._names.all() for version in self._versions(name)]
        wanted = versions.without_prompts(filter_string)
        order = order_by or ["last_updated_timestamp DESC", "name ASC", "version_number DESC"]
        matching = SearchModelVersionUtils.filter(found, wanted)
        ordered = SearchModelVersionUtils.sort(matching, order)
        return PagedList(*SearchUtils.paginate(ordered, page_token, max_results))

    def set_model_version_tag(self, name: str, version: Any, tag: ModelVersionTag) -> None:
        """Set a tag of a version."""
        _validate_model_version_tag(tag.key, tag.value)
        self._change(name, version, tags=lambda tags: {**tags, tag.key: str(tag.value)})

    def delete_model_version_tag(self, name: str, version: Any, key: str) -> None:
        """Remove a tag of a version."""
        _validate_tag_name(key)
        self._change(
            name, version, tags=lambda tags: {k: item for k, item in tags.items() if k != key}
        )

    # -- aliases

    def set_registered_model_alias(self, name: str, alias: str, version: Any) -> None:
        """Let an alias name a version."""
        _validate_model_alias_name(alias)
        if _RESERVED.match(alias):
            raise wrong(f"Alias {alias!r} is reserved: models:/{name}@{alias} would be ambiguous.")
        number = self._record(name, version).version
        self._names.change(name, lambda facts: facts["aliases"].update({alias: number}))

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Remove an alias."""
        _validate_model_alias_name(alias)
        self._names.change(name, lambda facts: facts["aliases"].pop(alias, None))

    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        """The version that an alias names."""
        _validate_model_alias_name(alias)
        number = self._names.get(name)["aliases"].get(alias)
        if number is None:
            raise wrong(f"Registered model alias {alias} not found.")
        return self.get_model_version(name, number)

    # -- inside

    def _versions(self, name: str) -> Iterator[ModelVersion]:
        """Versions of a name, oldest first."""
        aliases = self._names.get(name)["aliases"]
        with translated():
            records = sorted(self._store.list(name), key=lambda record: record.version)
        return (self._entity(record, aliases) for record in records)

    def _record(self, name: str, version: Any) -> ModelRecord:
        _validate_model_name(name)
        _validate_model_version(version)
        self._names.get(name)
        if int(version) not in self._store.versions(name):
            raise missing(f"Model Version (name={name}, version={version}) not found")
        with translated():
            return self._store.get(name, int(version))

    def _change(self, name: str, version: Any, **changes: Any) -> ModelVersion:
        number = self._record(name, version).version
        with translated():
            record = self._store.update(name, number, **changes)
        self._touch(name)
        return self._entity(record)

    def _touch(self, name: str) -> None:
        self._names.change(name, lambda facts: None)

    def _run_facts(self, run_id: Optional[str]) -> Dict[str, Any]:
        if run_id is None:
            return {}
        try:
            run = self._workspace.run(run_id).record
        except RunNotFound:  # of another tracking server
            return {"run_id": run_id}
        return {
            "run_id": run_id, "experiment_id": run.experiment_id, "experiment": run.experiment,
        }  # fmt: skip

    def _entity(
        self, record: ModelRecord, aliases: Optional[Dict[str, int]] = None
    ) -> ModelVersion:
        own = record.extra.get(_OWN, {})
        known = self._names.get(record.name)["aliases"] if aliases is None else aliases
        return ModelVersion(
            name=record.name,
            version=record.version,
            creation_timestamp=record.created // 1_000_000,
            last_updated_timestamp=record.modified // 1_000_000,
            description=record.description,
            user_id=record.user,
            current_stage=own.get("stage", STAGE_NONE),
            source=own.get("source", f"models:/{record.name}/{record.version}"),
            run_id=record.run_id,
            run_link=own.get("run_link"),
            tags=[ModelVersionTag(key, value or "") for key, value in record.tags.items()],
            aliases=[alias for alias, number in known.items() if number == record.version],
            **({"model_id": own.get("model_id")} if versions.LOGGED_MODELS else {}),
        )


def _in_stage(stage: str) -> Any:
    return lambda extra: {**extra, _OWN: {**extra.get(_OWN, {}), "stage": stage}}


def _check_page(max_results: Any, most: int) -> None:
    if not isinstance(max_results, int) or not 1 <= max_results <= most:
        raise wrong(f"max_results must be a whole number from 1 to {most}, not {max_results!r}.")
