"""Words that the schemas are written in: text, whole numbers, one of a few, maps of known keys.

They take what the readers take: a key without a value is as good as none, any single value is a
text, and the case of fixed words does not count.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, Mapping, Optional

from ml_jupyter.exceptions import RunConfigurationException

Schema = Dict[str, Any]
_SCALARS = ["string", "number", "boolean"]
#: Numbers that YAML reads as text, such as 1e-3.
_NUMBER = r"^\s*[-+]?([0-9_]+\.?[0-9_]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$"


def text(about: str, *, pattern: Optional[str] = None, right: str = "") -> Schema:
    """Any single value, read as text; ``right`` says what fits the pattern."""
    made: Schema = {"description": about, "type": [*_SCALARS, "null"]}
    if pattern is not None:
        made.update(pattern=pattern, patternErrorMessage=right)
    return made


def anything(about: str) -> Schema:
    """A value that is taken as it is."""
    return {"description": about}


def whole(about: str, least: int, most: Optional[int] = None) -> Schema:
    """A whole number within bounds."""
    made: Schema = {"description": about, "type": ["integer", "null"], "minimum": least}
    return made if most is None else {**made, "maximum": most}


def number(about: str, *, above: Optional[float] = None) -> Schema:
    """A number, also one that was written as text."""
    made: Schema = {
        "description": about,
        "type": ["number", "string", "null"],
        "pattern": _NUMBER,
        "patternErrorMessage": "a number",
    }
    return made if above is None else {**made, "exclusiveMinimum": above}


def truth(about: str) -> Schema:
    """True or false."""
    return {"description": about, "type": ["boolean", "null"]}


def word(about: str, values: Iterable[str]) -> Schema:
    """One of a few words, in any case; the case of ``values`` is the one that is completed."""
    known = list(values)
    anyhow = "|".join(_any_case(item) for item in known)
    wrong = f"one of {', '.join(known)}"
    return {
        "description": about,
        "anyOf": [
            {"enum": [*known, None]},
            {"type": "string", "pattern": rf"^\s*({anyhow})\s*$", "patternErrorMessage": wrong},
        ],
    }


def items(about: str, of: Optional[Schema] = None, *, least: int = 0) -> Schema:
    """A list."""
    made: Schema = {"description": about, "type": ["array", "null"], "items": of or {}}
    return {**made, "minItems": least} if least else made


def keys(
    known: Iterable[str], described: Mapping[str, Schema], *required: str, about: str = ""
) -> Schema:
    """A map of known keys.

    Parameters
    ----------
    known : iterable of str
        The keys that the reader takes.
    described : mapping
        A schema for each of them.
    required : str
        The keys that must be there, with a value.

    Raises
    ------
    RunConfigurationException
        A key lacks its schema, or the reader does not take it.
    """
    names = list(dict.fromkeys(known))
    odd = set(names) ^ set(described)
    if odd:
        raise RunConfigurationException(f"Schema and reader differ in {', '.join(sorted(odd))}.")
    made: Schema = {"description": about} if about else {}
    made.update(
        type="object",
        properties={name: described[name] for name in names},
        additionalProperties=False,
    )
    return {**made, "required": list(required)} if required else made


def absent_or(schema: Schema) -> Schema:
    """The same, or a key without a value."""
    return {**schema, "type": [schema["type"], "null"]}


def named(about: str, of: Schema, *, pattern: Optional[str] = None) -> Schema:
    """A map whose keys the file's author chooses."""
    made: Schema = {"description": about, "type": ["object", "null"]}
    if pattern is None:
        return {**made, "additionalProperties": of}
    return {**made, "patternProperties": {pattern: of}, "additionalProperties": False}


def scalars(about: str) -> Schema:
    """A map of names to single values, which become text."""
    return named(about, {"type": [*_SCALARS, "null"]})


def either(about: str, *schemas: Schema) -> Schema:
    """One of several shapes, or a key without a value."""
    return {"description": about, "anyOf": [*schemas, {"type": "null"}]}


def given(schema: Schema) -> Schema:
    """The same, with a value."""
    if "anyOf" in schema:
        kept: List[Any] = [item for item in schema["anyOf"] if item != {"type": "null"}]
        return {**schema, "anyOf": [_without_null(item) for item in kept]}
    return _without_null(schema)


def _without_null(schema: Schema) -> Schema:
    made = dict(schema)
    if "enum" in made:
        made["enum"] = [item for item in made["enum"] if item is not None]
    if isinstance(made.get("type"), list):
        kept = [item for item in made["type"] if item != "null"]
        made["type"] = kept[0] if len(kept) == 1 else kept
    return made


def _any_case(value: str) -> str:
    letters = (f"[{c.upper()}{c.lower()}]" if c.isalpha() else re.escape(c) for c in value)
    return "".join(letters)
