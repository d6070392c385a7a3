"""What a page may say over its WebSocket, checked before anything is done."""

from __future__ import annotations

import json
from typing import Any

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.server import run_query, schemas
from ml_jupyter.server.inputs import POINTS
from ml_jupyter.server.schemas import ID, OFFSET, PATH, Schema

_NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": 2**53}
_OP: Schema = {"type": "string"}
_NAMES: Schema = {
    "anyOf": [{"type": "null"}, schemas.listed({"type": "string", "maxLength": 1000}, 1000)]
}
_RANK: Schema = {"anyOf": [{"type": "null"}, schemas.RANK]}
_RUN = {"workspace": ID, "run": ID}

_OPS: dict[str, Schema] = {
    "ack": schemas.record({"op": _OP, "id": _NUMBER, "offset": OFFSET}, ("id", "offset")),
    "unsubscribe": schemas.record({"op": _OP, "id": _NUMBER}, ("id",)),
    "ping": schemas.record({"op": _OP, "t": {}}),
}
_STREAMS: dict[str, tuple[tuple[str, ...], dict[str, Schema]]] = {
    "runs": (("workspace",), {"workspace": ID, "query": run_query.SCHEMA}),
    "run": (("workspace", "run"), _RUN),
    "metrics": (("workspace", "run"), {**_RUN, "names": _NAMES, "points": POINTS}),
    "system": (("workspace", "run"), {**_RUN, "names": _NAMES, "points": POINTS}),
    "trials": (("workspace", "run"), _RUN),
    "log": (
        ("workspace", "run"),
        {**_RUN, "path": PATH, "rank": _RANK, "offset": OFFSET},
    ),
    "queue": (("workspace",), {"workspace": ID}),
    "machine": ((), {"workspace": ID}),
}
_DEFAULTS: dict[str, Any] = {
    "query": {},
    "names": None,
    "points": 1000,
    "path": STD_LOG,
    "rank": None,
    "offset": -65_536,
}


def read(text: str | bytes) -> dict[str, Any]:
    """The message that a page sent; what a subscription leaves out has its default.

    Raises
    ------
    UserErrorException
        Not JSON, or nothing that is known; ``details["id"]`` holds the page's number when there is
        one.
    """
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserErrorException(f"The message is not JSON: {error}") from error
    if not isinstance(message, dict):
        raise UserErrorException("The message is not a JSON object.")
    try:
        schemas.check(message, _schema(message), "message")
    except UserErrorException as error:
        number = message.get("id")
        valid = isinstance(number, int) and not isinstance(number, bool) and number >= 0
        raise UserErrorException(
            error.message, details={"id": number if valid else None}
        ) from error
    if message["op"] != "subscribe":
        return message
    names = _STREAMS[message["stream"]][1]
    return {**{key: value for key, value in _DEFAULTS.items() if key in names}, **message}


def _schema(message: dict[str, Any]) -> Schema:
    op, stream = message.get("op"), message.get("stream")
    if op != "subscribe":
        if isinstance(op, str) and op in _OPS:
            return _OPS[op]
        return schemas.record({"op": {"enum": ["subscribe", *_OPS]}}, ("op",))
    if not isinstance(stream, str) or stream not in _STREAMS:
        return {"required": ["stream"], "properties": {"stream": {"enum": list(_STREAMS)}}}
    required, properties = _STREAMS[stream]
    shared: dict[str, Schema] = {"op": _OP, "stream": _OP, "id": _NUMBER}
    return schemas.record({**shared, **properties}, ("id", *required))
