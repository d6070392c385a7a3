"""What all scorers share: the error for bad input, finding a model's file, values as JSON."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, List, Mapping, Sequence, Tuple

JSON = "application/json"


class BadInput(ValueError):
    """The caller sent something that the model cannot take; the message says what and why."""


class Scorer:
    """Answers with a loaded model. One call at a time.

    Attributes
    ----------
    inputs : list of dict
        ``name``, ``dtype`` and ``shape`` (None where any size goes) of each input; empty: unknown.
    """

    inputs: List[Dict[str, Any]] = []

    def score(self, body: bytes, content_type: str) -> Tuple[bytes, str]:
        """The answer to a request, and its media type.

        Raises
        ------
        BadInput
            The request is at fault.
        """
        answer = self.answer(mapping_of(body))
        return json.dumps(answer, default=plain).encode("utf-8"), JSON

    def answer(self, payload: Mapping[str, Any]) -> Any:
        """The answer to a request that is a JSON object."""
        raise NotImplementedError


def mapping_of(body: bytes) -> Mapping[str, Any]:
    """A request as a mapping.

    Raises
    ------
    BadInput
        Not JSON, or no object.
    """
    try:
        value = json.loads(body.decode("utf-8"))
    except ValueError as error:
        raise BadInput(f"The request is not JSON: {error}") from error
    if isinstance(value, list):
        return {"data": value}
    if not isinstance(value, dict):
        raise BadInput(f'The request must be a JSON object such as {{"data": …}}, not {value!r}.')
    return value


def file_of(path: str, endings: Sequence[str]) -> str:
    """The one file with one of these endings: ``path`` itself, or below it.

    Raises
    ------
    FileNotFoundError
        There is none, or there are several.
    """
    if os.path.isfile(path):
        return path
    found = sorted(
        os.path.join(folder, name)
        for folder, _, names in os.walk(path)
        for name in names
        if name.lower().endswith(tuple(endings))
    )
    if len(found) != 1:
        many = ", ".join(os.path.relpath(item, path) for item in found[:5]) or "none"
        raise FileNotFoundError(
            f"The model's folder must hold exactly one file that ends with "
            f"{' or '.join(endings)}; it holds {many}."
        )
    return found[0]


def plain(value: Any) -> Any:
    """A value of a framework as JSON takes it: the ``default`` of ``json.dumps``."""
    for name in ("tolist", "numpy"):  # arrays and scalars; tensors
        method = getattr(value, name, None)
        if callable(method):
            return method()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if hasattr(value, "to_dict"):  # a data frame
        return value.to_dict()
    if isinstance(value, (set, frozenset, range)):
        return list(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def with_text_keys(value: Any) -> Any:
    """Nested mappings with texts as keys: JSON has no others, and numpy's numbers are none."""
    if isinstance(value, Mapping):
        return {str(key): with_text_keys(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [with_text_keys(item) for item in value]
    return value
