"""What the shapes of answers are put together from."""

from __future__ import annotations

from ml_jupyter.history import status
from ml_jupyter.server.schemas import Schema

TEXT: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
ANY: Schema = {}


def or_null(schema: Schema) -> Schema:
    """Or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def listed(item: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": item}


def mapped(item: Schema) -> Schema:
    """An object with any keys."""
    return {"type": "object", "additionalProperties": item}


def record(**properties: Schema) -> Schema:
    """An object that has all of these keys."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def ref(name: str) -> Schema:
    """A shape of the document by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


TEXT_OR_NULL = or_null(TEXT)
NUMBER_OR_NULL = or_null(NUMBER)
JSON_NUMBER: Schema = {"anyOf": [NUMBER, {"enum": ["NaN", "Infinity", "-Infinity"]}]}
STATUS: Schema = {"type": "string", "enum": sorted(status.ALL)}
