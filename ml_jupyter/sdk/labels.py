"""Tags and properties as users give them, turned into the texts that are stored."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from ml_jupyter.exceptions import UserErrorException


def tags_of(tags: Optional[Mapping[Any, Any]]) -> Dict[str, Optional[str]]:
    """Tags as text to text; None stays a tag without value (surface 4.6).

    Raises
    ------
    UserErrorException
        Not a mapping.
    """
    return {str(key): text_or_none(value) for key, value in _mapping(tags, "tags").items()}


def properties_of(properties: Optional[Mapping[Any, Any]]) -> Dict[str, str]:
    """Properties as text to text.

    Raises
    ------
    UserErrorException
        Not a mapping.
    """
    return {str(key): str(value) for key, value in _mapping(properties, "properties").items()}


def wanted_labels(labels: Any, what: str) -> Any:
    """A filter as the index takes it: a text (has the key), a mapping of exact values, or a list.

    Raises
    ------
    UserErrorException
        Neither of them.
    """
    if labels is None:
        return ()
    if isinstance(labels, str):
        return labels
    if isinstance(labels, (list, tuple)):
        return [wanted_labels(item, what) for item in labels]
    return {str(key): text_or_none(value) for key, value in _mapping(labels, what).items()}


def keys_of(keys: Any) -> List[str]:
    """Keys given as a list, or as one text."""
    return [keys] if isinstance(keys, str) else [str(key) for key in keys]


def text_or_none(value: Any) -> Optional[str]:
    """``str(value)``, or None for None."""
    return None if value is None else str(value)


def _mapping(value: Optional[Mapping[Any, Any]], what: str) -> Mapping[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise UserErrorException(f"{what} must be a dict, not {type(value).__name__}.")
    return value
