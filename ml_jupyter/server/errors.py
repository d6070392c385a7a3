"""Errors over HTTP: one table from code to status, one JSON shape, nothing of the machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from tornado.web import HTTPError

from ml_jupyter.exceptions import MlJupyterError, TargetUnavailable, UserErrorException


class TooLarge(UserErrorException):
    """The request's body, or the answer it asks for, is larger than allowed."""

    code = "too_large"


class RangeNotSatisfiable(UserErrorException):
    """The range of bytes lies behind the end of the file."""

    code = "range_not_satisfiable"


class ServiceNotFound(UserErrorException):
    """There is no deployed model of this name."""

    code = "service_not_found"


class TensorBoardNotFound(UserErrorException):
    """No TensorBoard with this id was started by this server."""

    code = "tensorboard_not_found"


class TensorBoardFailed(MlJupyterError):
    """TensorBoard did not start or does not answer."""

    code = "tensorboard_failed"


class Busy(TargetUnavailable):
    """The server has more to do than it allows itself; the same request may succeed later."""

    code = "busy"


class TimedOut(MlJupyterError):
    """The work behind the request took longer than allowed."""

    code = "timed_out"


#: Status of each code; every other code of the error tree is a fault of the server (500).
STATUS: Mapping[str, int] = {
    "invalid_argument": 400,
    "path_outside": 400,
    "not_authenticated": 403,
    "not_authorized": 403,
    "access_denied": 403,
    "not_found": 404,
    "run_not_found": 404,
    "experiment_not_found": 404,
    "environment_not_found": 404,
    "dataset_not_found": 404,
    "workspace_not_found": 404,
    "artifact_not_found": 404,
    "tensorboard_not_found": 404,
    "model_not_found": 404,
    "service_not_found": 404,
    "target_not_found": 404,
    "view_not_found": 404,
    "method_not_allowed": 405,
    "name_taken": 409,
    "run_finished": 409,
    "run_locked": 409,
    "illegal_transition": 409,
    "view_changed": 409,
    "format_too_new": 409,
    "too_large": 413,
    "range_not_satisfiable": 416,
    "snapshot": 422,
    "run_configuration": 422,
    "run_environment": 422,
    "compute_target": 422,
    "internal": 500,
    "missing_dependency": 501,
    "tensorboard_failed": 502,
    "busy": 503,
    "index_busy": 503,
    "target_unavailable": 503,
    "docker_unavailable": 503,
    "timed_out": 504,
    "storage_failed": 507,
}

_CODE_OF_STATUS = {
    400: "invalid_argument",
    403: "not_authorized",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    416: "range_not_satisfiable",
}
_ABSOLUTE = re.compile(r"(?<![\w.:/~-])(?:/|[A-Za-z]:\\)(?:[^\s'\"/\\:]+[/\\])+([^\s'\"/\\:]*)")
_PRIVATE_DETAILS = {"path", "root", "folder", "argv", "traceback"}


def answer_to(error: BaseException) -> tuple[int, dict[str, Any]]:
    """Status and body for an error.

    The body is ``{"code", "message", "hint", "details"}``. Absolute paths of the server are cut
    down to their last part; an error that nobody foresaw says only that it happened.
    """
    if isinstance(error, MlJupyterError):
        details = {k: v for k, v in error.details.items() if k not in _PRIVATE_DETAILS}
        return STATUS.get(error.code, 500), body(error.code, error.message, error.hint, details)
    if isinstance(error, HTTPError):
        return error.status_code, of_status(error.status_code, error.log_message)
    return 500, of_status(500)


def of_status(status: int, message: str | None = None) -> dict[str, Any]:
    """The body for an error that tornado or the Jupyter server raised."""
    code = _CODE_OF_STATUS.get(status, "internal" if status >= 500 else "invalid_argument")
    if status >= 500 or not message:
        message = _phrase(status)
    return body(code, message)


def body(
    code: str, message: str, hint: str | None = None, details: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The one JSON shape of an error."""
    return {
        "code": code,
        "message": without_paths(message),
        "hint": None if hint is None else without_paths(hint),
        "details": dict(details or {}),
    }


def without_paths(text: str) -> str:
    """``text`` with each absolute path cut down to its last part."""
    return _ABSOLUTE.sub(r"…/\1", text)


def _phrase(status: int) -> str:
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return "The server failed to answer; its log says why."
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "The request failed."
