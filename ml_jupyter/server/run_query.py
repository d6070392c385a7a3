"""The question for a list of runs, as clients put it in a URL or in a subscription."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml_jupyter.history.metric_condition import MetricCondition
from ml_jupyter.history.parameter_condition import ParameterCondition
from ml_jupyter.history.query import RunQuery, order
from ml_jupyter.server import schemas
from ml_jupyter.server.schemas import FLAG, ID, NAME, STATUS, Parameter, Schema

_LIMIT: Schema = {"type": "integer", "minimum": 0, "maximum": 1000}
_OFFSET: Schema = {"type": "integer", "minimum": 0, "maximum": 2**31}
#: tornado closes the connection on a request whose line and headers exceed 64 KiB; a character may
#: take twelve bytes in an address.
_WORDS: Schema = {"type": "string", "maxLength": 1000}
_TAG: Schema = {"type": "string", "maxLength": 500}
_CONDITION: Schema = {"type": "string", "minLength": 1, "maxLength": 500}
_COLUMN: Schema = {"type": "string", "pattern": "^(metric|param):", "maxLength": 500}
_MOST = 100

PARAMETERS = (
    Parameter(
        "text",
        _WORDS,
        "Words which all must occur in name, id, experiment, description, user or tags.",
    ),
    Parameter("status", STATUS, "Any of these states.", many=True),
    Parameter("experiment", NAME, "Name of the experiment."),
    Parameter("tag", _TAG, "A tag's key, or `key=value`; all must match.", many=True),
    Parameter(
        "metric",
        _CONDITION,
        "A condition on a metric's newest value, such as `loss<0.5`; all must hold.",
        many=True,
    ),
    Parameter(
        "param",
        _CONDITION,
        "A condition on a parameter, such as `lr<0.01` or `optimizer=adam`; all must hold.",
        many=True,
    ),
    Parameter(
        "column",
        _COLUMN,
        "`metric:NAME` or `param:NAME`: given as `values` of each run.",
        many=True,
    ),
    Parameter("parent", ID, "Children of this run."),
    Parameter("top_level", FLAG, "Leave children out, when no parent is given.", default=True),
    Parameter("archived", FLAG, "Archived runs instead of the others.", default=False),
    Parameter("user", NAME, "Who submitted it."),
    Parameter(
        "sort",
        {"type": "string", "minLength": 1, "maxLength": 300},
        "created, started, ended, duration, name, status, number, metric:NAME or param:NAME; "
        "`-`: descending.",
        default="-created",
    ),
    Parameter("limit", _LIMIT, "Runs on the page.", default=50),
    Parameter("offset", _OFFSET, "Runs before the page.", default=0),
)

#: The same as a JSON object, in a subscription.
SCHEMA: Schema = schemas.record(
    {
        item.name: schemas.listed(item.schema, _MOST) if item.many else item.schema
        for item in PARAMETERS
    }
)
_DEFAULTS: Mapping[str, Any] = {item.name: [] if item.many else item.default for item in PARAMETERS}


def query_of(given: Mapping[str, Any]) -> RunQuery:
    """The index's question for validated values; what is absent has its default.

    Raises
    ------
    UserErrorException
        An unknown order, something that is no condition, or too many conditions or columns.
    """
    values = {**_DEFAULTS, **given}
    order(values["sort"])
    for name in ("metric", "param", "column"):
        schemas.check(values[name], {"maxItems": _MOST}, name)
    lists: dict[str, Any] = {
        "tags": tuple(_tag(text) for text in values.pop("tag")),
        "metrics": tuple(MetricCondition.parse(text) for text in values.pop("metric")),
        "parameters": tuple(ParameterCondition.parse(text) for text in values.pop("param")),
        "columns": tuple(values.pop("column")),
        "status": tuple(values.pop("status")),
    }
    return RunQuery(**values, **lists)


def _tag(text: str) -> Any:
    key, equals, value = text.partition("=")
    return {key: value} if equals else key
