"""What the routes take besides lists of runs: parameters of URLs, and bodies."""

from __future__ import annotations

from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.saved_views import KINDS, MOST_NAME
from ml_jupyter.sdk.views.series import LEAST_POINTS, MOST_POINTS
from ml_jupyter.server.schemas import (
    FLAG,
    ID,
    NAME,
    NUMBER,
    OFFSET,
    PATH,
    RANK,
    TEXT,
    Parameter,
    listed,
    record,
)
from ml_jupyter.server.spans import SPANS

_TAGS = {
    "type": "object",
    "additionalProperties": {"anyOf": [TEXT, {"type": "null"}]},
    "propertyNames": {"minLength": 1, "maxLength": 255},
    "maxProperties": 1000,
}
_LENGTH = {"type": "integer", "minimum": 0, "maximum": 4 * 1024 * 1024}
POINTS = {"type": "integer", "minimum": LEAST_POINTS, "maximum": MOST_POINTS}
_LINE = {"type": "integer", "minimum": 1, "maximum": 2**53}
_AFTER = {"type": "integer", "minimum": 0, "maximum": 2**53}
_MATCHES = {"type": "integer", "minimum": 1, "maximum": 1000}
_SOUGHT = {"type": "string", "minLength": 1, "maxLength": 1000}
_AXIS = {"type": "string", "enum": ["step", "time", "relative"]}
METRICS = (
    Parameter(
        "names",
        {"type": "string", "maxLength": 1000},
        "A metric to give; none: all scalars.",
        many=True,
    ),
    Parameter("points", POINTS, "Most points of a series.", default=1000),
    Parameter("x_min", NUMBER, "Least place on the axis."),
    Parameter("x_max", NUMBER, "Greatest place on the axis."),
    Parameter(
        "axis",
        _AXIS,
        "Unit of x_min and x_max: the step, ms since the epoch, or ms since the run's creation.",
        default="step",
    ),
)
SYSTEM = (
    Parameter(
        "names",
        {"type": "string", "maxLength": 200},
        "A series to give; none: all.",
        many=True,
    ),
    Parameter("points", POINTS, "Most points of a series.", default=1000),
    Parameter("x_min", NUMBER, "Least time, ms since the epoch."),
    Parameter("x_max", NUMBER, "Greatest time, ms since the epoch."),
)
_WHICH = (
    Parameter("path", PATH, "Name of the log among the run's files.", default=STD_LOG),
    Parameter("rank", RANK, "A rank, whose log is meant in the place of path."),
)
_PART = (
    Parameter("offset", OFFSET, "First byte; negative: from the end.", default=0),
    Parameter("length", _LENGTH, "Most bytes in the answer.", default=65_536),
)
LOG = (
    *_WHICH,
    *_PART,
    Parameter("line", _LINE, "Begin with this line, from 1, in the place of offset."),
)
LOG_TIMES = (*_WHICH, *_PART)
LOG_SEARCH = (
    *_WHICH,
    Parameter("text", _SOUGHT, "What to look for.", required=True),
    Parameter("regex", FLAG, "It is a regular expression of Python.", default=False),
    Parameter("case", FLAG, "Case counts.", default=False),
    Parameter("after", _AFTER, "Give lines that begin at or behind this byte.", default=0),
    Parameter("limit", _MATCHES, "Most lines to give.", default=200),
)
BESIDE = record({"folder": {"type": "string", "maxLength": 4096}}, required=("folder",))
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
QUEUE_ORDER = record(
    {
        "held": FLAG,
        "priority": {"type": "integer", "minimum": -1_000_000, "maximum": 1_000_000},
    }
)
QUEUE_MOVE = record(
    {"run_id": ID, "before": {"anyOf": [ID, {"type": "null"}]}}, required=("run_id", "before")
)
SPAN = (
    Parameter(
        "span",
        {"type": "string", "enum": list(SPANS)},
        "How far back: the last hour, day or week.",
        default="hour",
    ),
)
BOARD = record(
    {"workspace_id": ID, "run_ids": {**listed(ID, 100), "minItems": 1}},
    required=("workspace_id", "run_ids"),
)
_KIND = {"type": "string", "enum": list(KINDS)}
_VIEW_NAME = {"type": "string", "minLength": 1, "maxLength": MOST_NAME}
_CONTENT = {"type": "object", "maxProperties": 1000}
COMPARED = (Parameter("runs", ID, "A run to compare; 1 to 200 of them.", many=True),)
EXPORTED = (Parameter("runs", ID, "A run of the page; 1 to 50 of them.", many=True),)
COMPARED_METRICS = (
    *COMPARED,
    Parameter("names", {"type": "string", "maxLength": 1000}, "A metric; 1 to 24.", many=True),
    Parameter("points", POINTS, "Most points of a series.", default=400),
)
CHILD_CURVES = (
    Parameter("names", {"type": "string", "maxLength": 1000}, "A metric; 1 to 24.", many=True),
    Parameter("points", {**POINTS, "maximum": 1000}, "Most points of a curve.", default=40),
    Parameter("x_min", NUMBER, "Least place on the axis."),
    Parameter("x_max", NUMBER, "Greatest place on the axis."),
    Parameter(
        "axis",
        _AXIS,
        "What the places are: steps, ms since the epoch, or ms since a curve's first point.",
        default="step",
    ),
)
VIEWS = (Parameter("kind", _KIND, "Views of this kind; all without it."),)
NEW_VIEW = record(
    {"kind": _KIND, "name": _VIEW_NAME, "content": _CONTENT},
    required=("kind", "name", "content"),
)
VIEW_CHANGE = record(
    {
        "revision": {"type": "integer", "minimum": 1, "maximum": 2**53},
        "name": _VIEW_NAME,
        "content": _CONTENT,
    },
    required=("revision",),
)
EMPTY = record({})
