"""What the routes take besides lists of runs: parameters of URLs, and bodies."""

from __future__ import annotations

from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.server.schemas import (
    FLAG,
    ID,
    NAME,
    NUMBER,
    OFFSET,
    PATH,
    TEXT,
    Parameter,
    listed,
    record,
)

_TAGS = {
    "type": "object",
    "additionalProperties": {"anyOf": [TEXT, {"type": "null"}]},
    "propertyNames": {"minLength": 1, "maxLength": 255},
    "maxProperties": 1000,
}
_LENGTH = {"type": "integer", "minimum": 0, "maximum": 4 * 1024 * 1024}
_POINTS = {"type": "integer", "minimum": 4, "maximum": 10_000}
_AXIS = {"type": "string", "enum": ["step", "time", "relative"]}
METRICS = (
    Parameter(
        "names",
        {"type": "string", "maxLength": 1000},
        "A metric to give; none: all scalars.",
        many=True,
    ),
    Parameter("points", _POINTS, "Most points of a series.", default=1000),
    Parameter("x_min", NUMBER, "Least place on the axis."),
    Parameter("x_max", NUMBER, "Greatest place on the axis."),
    Parameter(
        "axis",
        _AXIS,
        "Unit of x_min and x_max: the step, ms since the epoch, or ms since the run's creation.",
        default="step",
    ),
)
LOG = (
    Parameter("path", PATH, "Name of the log among the run's files.", default=STD_LOG),
    Parameter("offset", OFFSET, "First byte; negative: from the end.", default=0),
    Parameter("length", _LENGTH, "Most bytes in the answer.", default=65_536),
)
EXPERIMENT_CHANGE = record(
    {"archived": FLAG, "tags": _TAGS, "description": {"anyOf": [TEXT, {"type": "null"}]}}
)
RUN_CHANGE = record(
    {
        "display_name": NAME,
        "description": TEXT,
        "tags": _TAGS,
        "remove_tags": listed(TEXT, 1000),
        "archived": FLAG,
    }
)
SUBMISSION = record(
    {
        "experiment": NAME,
        "source_directory": PATH,
        "script": PATH,
        "command": TEXT,
        "arguments": listed(TEXT, 10_000),
        "tags": _TAGS,
        "display_name": NAME,
    },
    required=("experiment", "source_directory"),
)
BOARD = record(
    {"workspace_id": ID, "run_ids": {**listed(ID, 100), "minItems": 1}},
    required=("workspace_id", "run_ids"),
)
EMPTY = record({})
