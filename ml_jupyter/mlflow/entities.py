"""One of our runs, whoever made it, as MLflow knows runs."""

from __future__ import annotations

import json
from typing import Any, Dict, List

from mlflow.entities import (
    Dataset,
    DatasetInput,
    InputTag,
    LifecycleStage,
    Metric,
    Param,
    Run,
    RunData,
    RunInfo,
    RunTag,
)

from ml_jupyter.history import status
from ml_jupyter.history.events import RunState
from ml_jupyter.history.parameters import DRAWN, LOGGED
from ml_jupyter.mlflow import versions
from ml_jupyter.mlflow.latest import Point

#: Properties of a run that are MLflow's parameters: neither ever changes.
PARAM = LOGGED
#: Facts of a run that are MLflow's own tags, which would crowd the user's.
TAG = "mlflow."
START, END, STATUS = "mlflow:start_time", "mlflow:end_time", "mlflow:status"
DATASET, MODEL_IN, MODEL_OUT = "mlflow:dataset:", "mlflow:model_in:", "mlflow:model_out:"
#: Properties of ours that are no parameters, as tags in MLflow.
_PROPERTY = "ml_jupyter.property."
_WAITING = {
    status.NOT_STARTED, status.QUEUED, status.PREPARING, status.PROVISIONING, status.STARTING,
}  # fmt: skip
_ENDED = {status.COMPLETED: "FINISHED", status.FAILED: "FAILED", status.CANCELED: "KILLED"}


def run_of(
    state: RunState,
    latest: Dict[str, Point],
    experiment_id: str,
    artifacts: str,
    *,
    deleted: bool = False,
) -> Run:
    """The run with its parameters, tags, newest metrics, inputs and outputs.

    Parameters
    ----------
    state : RunState
        All that is known of it.
    latest : dict
        See ``LatestMetrics.points``.
    experiment_id, artifacts : str
        MLflow's id of its experiment, and the address of its artifacts.
    deleted : bool
        Its experiment is deleted; it counts as deleted, too.
    """
    data = RunData(
        metrics=[
            Metric(name, value, time // 1_000_000, step)
            for name, (step, time, value) in latest.items()
        ],
        params=[Param(key, value) for key, value in params(state).items()],
        tags=[RunTag(key, value) for key, value in tags(state).items()],
    )
    info = info_of(state, experiment_id, artifacts, deleted=deleted)
    models_in, models_out = list(_of_kind(state, MODEL_IN)), _of_kind(state, MODEL_OUT)
    return versions.run_with(info, data, _datasets(state), models_in, models_out)


def info_of(
    state: RunState, experiment_id: str, artifacts: str, *, deleted: bool = False
) -> RunInfo:
    """What MLflow lists of a run."""
    record, facts = state.record, state.facts
    ended = None if state.ended is None else state.ended // 1_000_000
    gone = state.archived or deleted
    return versions.run_info(
        run_id=record.id,
        experiment_id=experiment_id,
        user_id=facts.get("mlflow.user") or record.user,
        status=status_of(state),
        start_time=facts.get(START) or (state.started or record.created) // 1_000_000,
        end_time=facts.get(END) or ended,
        lifecycle_stage=LifecycleStage.DELETED if gone else LifecycleStage.ACTIVE,
        artifact_uri=artifacts,
        run_name=name_of(state),
    )


def status_of(state: RunState) -> str:
    """MLflow's word for the state of a run."""
    if state.facts.get(STATUS):  # a run that was taken up again after its end, which ours never is
        return str(state.facts[STATUS])
    if state.status in _WAITING:
        return "SCHEDULED"
    return _ENDED.get(state.status, "RUNNING")


def name_of(state: RunState) -> str:
    """The name of a run; it has a number where it was given none."""
    return state.display_name or f"{state.record.experiment} {state.record.number}"


def params(state: RunState) -> Dict[str, str]:
    """MLflow's parameters, or those that a sweep gave the run."""
    found = {
        key[len(PARAM) :]: value for key, value in state.properties.items() if key.startswith(PARAM)
    }
    try:
        drawn = json.loads(state.tags.get(DRAWN) or "{}")
    except ValueError:
        drawn = {}
    if isinstance(drawn, dict):
        found = {**{str(key): str(value) for key, value in drawn.items()}, **found}
    return found


def tags(state: RunState) -> Dict[str, str]:
    """The user's tags, MLflow's own, and what MLflow's views read from tags of what we know."""
    own = {key: value for key, value in state.facts.items() if key.startswith(TAG)}
    properties = {
        _PROPERTY + key: value
        for key, value in state.properties.items()
        if not key.startswith(PARAM)
    }
    found: Dict[str, Any] = {**_known(state), **properties, **own}
    given = {key: value or "" for key, value in state.tags.items()}
    return {**{key: str(value) for key, value in found.items() if value is not None}, **given}


def _known(state: RunState) -> Dict[str, Any]:
    record = state.record
    definition = record.definition
    source = definition.get("script") or definition.get("command")
    return {
        "mlflow.runName": name_of(state),
        "mlflow.user": record.user,
        "mlflow.parentRunId": record.parent_id,
        "mlflow.note.content": state.description,
        "mlflow.source.name": source or None,
        "mlflow.source.type": "JOB" if source else None,
        "mlflow.source.git.commit": record.git.get("commit"),
        "mlflow.source.git.branch": record.git.get("branch"),
        "mlflow.source.git.repoURL": record.git.get("repository"),
    }


def _datasets(state: RunState) -> List[DatasetInput]:
    return [
        DatasetInput(
            Dataset(**value["dataset"]),
            [InputTag(key, text) for key, text in value["tags"].items()],
        )
        for value in _of_kind(state, DATASET).values()
    ]


def _of_kind(state: RunState, prefix: str) -> Dict[str, Any]:
    return {
        key[len(prefix) :]: value for key, value in state.facts.items() if key.startswith(prefix)
    }
