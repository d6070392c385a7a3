"""What a request may hold: JSON Schema, checked at the edge and published in the document."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history import status

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string", "maxLength": 10_000}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 255}
ID: Schema = {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,199}$"}
FLAG: Schema = {"type": "boolean"}
STATUS: Schema = {"type": "string", "enum": sorted(status.ALL)}
OFFSET: Schema = {"type": "integer", "minimum": -(2**62), "maximum": 2**62}
NUMBER: Schema = {"type": "number"}
RANK: Schema = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
PATH: Schema = {"type": "string", "minLength": 1, "maxLength": 4096}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a URL.

    Attributes
    ----------
    name : str
        As it stands in the URL.
    schema : mapping
        JSON Schema of one value.
    help : str
        One sentence for the document.
    many : bool
        May be repeated; the value is then a list.
    default : object
        Value when it is absent.
    required : bool
        Its absence is an error.
    """

    name: str
    schema: Schema
    help: str
    many: bool = False
    default: Any = None
    required: bool = False

    def read(self, texts: Sequence[str]) -> Any:
        """The value that the URL gives.

        Raises
        ------
        UserErrorException
            Not of the parameter's kind; the message names it.
        """
        if not texts and self.required:
            raise UserErrorException(f"{self.name} is missing.", details={"field": self.name})
        if not texts:
            return [] if self.many else self.default
        values = [_typed(text, str(self.schema.get("type", "string"))) for text in texts]
        for value in values:
            check(value, self.schema, self.name)
        return values if self.many else values[-1]


def record(properties: Mapping[str, Schema], required: Sequence[str] = ()) -> Schema:
    """Schema of a JSON object that has these keys and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def listed(item: Schema, most: int) -> Schema:
    """Schema of a list with at most ``most`` entries."""
    return {"type": "array", "items": item, "maxItems": most}


def check(value: Any, schema: Schema, where: str) -> None:
    """Accept what the schema describes.

    Raises
    ------
    UserErrorException
        Names the field within ``where`` and what is wrong with it.
    """
    for error in Draft202012Validator(schema).iter_errors(value):
        field = ".".join([where, *(str(part) for part in error.absolute_path)])
        message = error.message if len(error.message) <= 200 else error.message[:200] + "…"
        raise UserErrorException(f"{field}: {message}", details={"field": field})


def parse(text: bytes, schema: Schema) -> dict[str, Any]:
    """The JSON object of a body.

    Raises
    ------
    UserErrorException
        Not UTF-8 JSON, or not what the schema describes.
    """
    try:
        value = json.loads(text.decode("utf-8") or "{}", parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UserErrorException(f"The body is not JSON in UTF-8: {error}") from error
    check(value, schema, "body")
    if not isinstance(value, dict):
        raise UserErrorException("The body is not a JSON object.")
    return value


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _typed(text: str, kind: str) -> Any:
    try:
        if kind == "integer":
            return int(text) if len(text) <= 20 else text
        if kind == "number":
            return float(text) if math.isfinite(float(text)) else text
    except ValueError:
        return text
    if kind == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    return text
