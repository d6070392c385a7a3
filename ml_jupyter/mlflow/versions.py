"""What MLflow 2 has otherwise than MLflow 3, in one place.

MLflow 2 knows no logged models (a model is a folder of artifacts, and a tag tells of it) and no
outputs of runs. Jobs bring the MLflow that their code was written for, so both are met.
"""

from __future__ import annotations

from typing import Any, List, Optional

from mlflow import entities
from mlflow.entities import Metric, Run, RunData, RunInfo, RunInputs

#: Whether this MLflow has logged models.
LOGGED_MODELS = hasattr(entities, "LoggedModelOutput")


def run_info(run_id: str, **facts: Any) -> RunInfo:
    """What is listed of a run; MLflow 2 wants its id twice."""
    if LOGGED_MODELS:
        return RunInfo(run_id=run_id, **facts)
    return RunInfo(run_uuid=run_id, run_id=run_id, **facts)


def run_with(
    info: RunInfo, data: RunData, datasets: List[Any], models_in: List[str], models_out: Any
) -> Run:
    """A run with its inputs and outputs: datasets, ids of models, and ids with their steps."""
    if not LOGGED_MODELS:
        return Run(info, data, RunInputs(datasets))
    taken = [entities.LoggedModelInput(model_id) for model_id in models_in]
    made = [entities.LoggedModelOutput(model_id, step) for model_id, step in models_out.items()]
    return Run(info, data, RunInputs(datasets, taken), entities.RunOutputs(made))


def point(key: str, value: float, time_ms: int, step: int, run_id: str) -> Metric:
    """A point of a metric; MLflow 3 keeps its run with it."""
    more = {"run_id": run_id} if LOGGED_MODELS else {}
    return Metric(key, value, time_ms, step, **more)


def model_of(metric: Metric) -> Optional[str]:
    """Id of the logged model that a point is about."""
    found: Optional[str] = getattr(metric, "model_id", None)
    return found


def without_prompts(wanted: Optional[str]) -> Optional[str]:
    """A filter that leaves prompts out, where there are any: since MLflow 2.21."""
    try:
        from mlflow.prompt.registry_utils import add_prompt_filter_string
    except ImportError:
        return wanted
    found: Optional[str] = add_prompt_filter_string(wanted, is_prompt=False)
    return found
