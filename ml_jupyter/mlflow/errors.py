"""Our errors in MLflow's words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator

from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import (
    INTERNAL_ERROR,
    INVALID_PARAMETER_VALUE,
    INVALID_STATE,
    RESOURCE_ALREADY_EXISTS,
    RESOURCE_DOES_NOT_EXIST,
)

from ml_jupyter.exceptions import (
    ExperimentNotFound,
    MlJupyterError,
    ModelNotFoundException,
    NameTaken,
    RunNotFound,
    UserErrorException,
)

_MISSING = (ExperimentNotFound, ModelNotFoundException, RunNotFound)


@contextmanager
def translated() -> Iterator[None]:
    """Raise an MlflowException with a fitting code where our software raises an error of its own.

    Raises
    ------
    MlflowException
        The same message, and a code by which an MLflow server answers rightly.
    """
    try:
        yield
    except MlJupyterError as error:
        raise MlflowException(str(error), _code(error)) from error


def missing(text: str) -> MlflowException:
    """Something that is not there."""
    return MlflowException(text, RESOURCE_DOES_NOT_EXIST)


def taken(text: str) -> MlflowException:
    """Something that is there already."""
    return MlflowException(text, RESOURCE_ALREADY_EXISTS)


def wrong(text: str) -> MlflowException:
    """An argument that cannot be taken."""
    return MlflowException(text, INVALID_PARAMETER_VALUE)


def wrong_state(text: str) -> MlflowException:
    """Something that is deleted, or is not."""
    return MlflowException(text, INVALID_STATE)


def _code(error: MlJupyterError) -> int:
    if isinstance(error, _MISSING):
        return int(RESOURCE_DOES_NOT_EXIST)
    if isinstance(error, NameTaken):
        return int(RESOURCE_ALREADY_EXISTS)
    return int(INVALID_PARAMETER_VALUE if isinstance(error, UserErrorException) else INTERNAL_ERROR)
