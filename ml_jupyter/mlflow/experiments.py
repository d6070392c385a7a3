"""MLflow's experiments in a workspace.

MLflow accepts any text as a name; where ours does not, the experiment has a name made from it, and
the text is kept in a tag. MLflow's experiment ``0``, in which it logs unless told otherwise, is our
experiment ``Default``.
"""

from __future__ import annotations

from typing import Any, Iterable, List, Optional

from mlflow.entities import Experiment, ExperimentTag, LifecycleStage, ViewType

from ml_jupyter import _ids
from ml_jupyter._mlflow_address import NAME_TAG, SCHEME, address_of
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.mlflow.errors import missing, taken, translated, wrong_state
from ml_jupyter.mlflow.places import inside

DEFAULT_ID = "0"
DEFAULT_NAME = "Default"
_OURS = "ml_jupyter.mlflow."
_NAME = NAME_TAG
_ARTIFACTS = f"{_OURS}artifacts"


class Experiments:
    """Makes, finds and changes the experiments of one workspace.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where they are.
    artifact_root : str, optional
        Address below which the artifacts of new experiments go; default: into the run's files.
    """

    def __init__(self, workspace: WorkspaceFolder, artifact_root: Optional[str] = None) -> None:
        self._workspace = workspace
        self._default = _ids.experiment_id(workspace.id, DEFAULT_NAME)
        self._artifact_root = (artifact_root or "").rstrip("/")

    def record(self, experiment_id: Any) -> ExperimentRecord:
        """The record of an MLflow id.

        Raises
        ------
        MlflowException
            There is none.
        """
        if str(experiment_id) not in (DEFAULT_ID, self._default):
            with translated():
                return self._workspace.experiment(str(experiment_id))
        found = self._workspace.find_experiment(DEFAULT_NAME)
        return found or self._workspace.create_experiment(DEFAULT_NAME)

    def active(self, experiment_id: Any) -> ExperimentRecord:
        """The record of an experiment that is not deleted.

        Raises
        ------
        MlflowException
            It is deleted, or there is none.
        """
        record = self.record(experiment_id)
        if record.archived:
            raise wrong_state(f"Experiment {record.name!r} is deleted; restore it first.")
        return record

    def id_of(self, our_id: str) -> str:
        """MLflow's id of an experiment."""
        return DEFAULT_ID if our_id == self._default else our_id

    def entity(self, record: ExperimentRecord) -> Experiment:
        """The experiment as MLflow knows it."""
        path = self._workspace.layout.experiments / f"{record.id}.json"
        return Experiment(
            experiment_id=self.id_of(record.id),
            name=_shown_name(record),
            artifact_location=self.artifacts(record),
            lifecycle_stage=LifecycleStage.DELETED if record.archived else LifecycleStage.ACTIVE,
            tags=[
                ExperimentTag(key, value or "")
                for key, value in _tags(record).items()
                if not key.startswith(_OURS)
            ],
            creation_time=record.created // 1_000_000,
            last_update_time=path.stat().st_mtime_ns // 1_000_000,
        )

    def artifacts(self, record: ExperimentRecord) -> str:
        """Address of the folder that holds the experiment's runs."""
        kept = record.tags.get(_ARTIFACTS)
        return kept or address_of(self._workspace.layout.runs / record.id)

    def artifacts_of_run(self, record: Optional[ExperimentRecord], our_id: str, run_id: str) -> str:
        """Address of a run's artifacts: its files, unless the experiment's lie elsewhere."""
        kept = None if record is None else record.tags.get(_ARTIFACTS)
        if kept:
            return f"{kept}/{run_id}/artifacts"
        return address_of(self._workspace.layout.run(our_id, run_id).files)

    def find(self, name: str) -> Optional[ExperimentRecord]:
        """The experiment that MLflow calls so, or None."""
        return self._workspace.find_experiment(our_name(name))

    def list(self, view: int) -> List[ExperimentRecord]:
        """Experiments of a view: active ones, deleted ones or all."""
        wanted = {
            ViewType.ACTIVE_ONLY: (False,),
            ViewType.DELETED_ONLY: (True,),
            ViewType.ALL: (False, True),
        }[view]
        return [item for item in self._workspace.experiments() if item.archived in wanted]

    def create(
        self, name: str, location: Optional[str], tags: Iterable[ExperimentTag]
    ) -> ExperimentRecord:
        """Make an experiment.

        Raises
        ------
        MlflowException
            There is one of this name, perhaps a deleted one.
        """
        present = self.find(name)
        if present is not None:
            state = " in deleted state" if present.archived else ""
            raise taken(f"Experiment(name={name}) already exists{state}.")
        kept = {tag.key: str(tag.value) for tag in tags}
        if location and location.startswith(f"{SCHEME}:"):
            inside(self._workspace, location)
        with translated():
            record = self._workspace.create_experiment(our_name(name))
            if record.name != name:
                kept[_NAME] = name
            if location or self._artifact_root:
                kept[_ARTIFACTS] = (location or f"{self._artifact_root}/{record.id}").rstrip("/")
            if kept:
                record = self._workspace.update_experiment(record.id, set_tags=kept)
        return record

    def rename(self, record: ExperimentRecord, name: str) -> None:
        """Give an experiment another name.

        Raises
        ------
        MlflowException
            It is taken.
        """
        with translated():
            self._workspace.update_experiment(
                record.id, name=our_name(name), set_tags={_NAME: name}
            )

    def change(self, record: ExperimentRecord, **changes: Any) -> None:
        """Change what ``WorkspaceFolder.update_experiment`` changes."""
        with translated():
            self._workspace.update_experiment(record.id, **changes)

    def remove_tag(self, record: ExperimentRecord, key: str) -> None:
        """Remove a tag.

        Raises
        ------
        MlflowException
            It has none of this key.
        """
        if key not in record.tags:
            raise missing(f"No tag with name: {key} in experiment with id {record.id}.")
        self.change(record, remove_tags=[key])


def our_name(name: str) -> str:
    """The name in the workspace of what MLflow calls ``name``; the same whenever it is asked."""
    return _ids.experiment_name_for(name)


def _shown_name(record: ExperimentRecord) -> str:
    kept = record.tags.get(_NAME)
    return kept if kept and our_name(kept) == record.name else record.name


def _tags(record: ExperimentRecord) -> Any:
    note = {"mlflow.note.content": record.description} if record.description else {}
    return {**note, **record.tags}
