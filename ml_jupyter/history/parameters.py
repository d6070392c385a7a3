"""The parameters of a run: what its script was given, what a sweep drew, what it logged itself."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Dict, Mapping, Optional

from ml_jupyter.history.command_line import options_of
from ml_jupyter.history.events import RunState

#: Before the name of a property that is a parameter: those of callbacks, of MLflow, of imports.
LOGGED = "param."
#: Tag of a sweep's trial: its parameters as JSON.
DRAWN = "hyperparameters"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)


def parameters_of(state: RunState) -> Dict[str, str]:
    """All parameters of a run by name, as text.

    Options of the command line come first, then what a sweep drew, then what was logged. Of the
    same name the later counts: it is nearer to what was computed with.
    """
    return {**given(state.record.definition), **added(state.tags, state.properties)}


def given(definition: Any) -> Dict[str, str]:
    """Options among the arguments of a run's definition. They never change."""
    words = definition.get("arguments") if isinstance(definition, Mapping) else None
    found = options_of([str(word) for word in words]) if isinstance(words, (list, tuple)) else {}
    found.pop("", None)  # of a ``--`` that ends the options
    return found


def added(tags: Mapping[str, Optional[str]], properties: Mapping[str, str]) -> Dict[str, str]:
    """What a sweep drew and what was logged; a name's leading dashes are left out."""
    drawn = {name.lstrip("-"): _text(value) for name, value in _drawn(tags).items()}
    found = {name: text for name, text in drawn.items() if name}
    for key, value in properties.items():
        if key.startswith(LOGGED) and len(key) > len(LOGGED):
            found[key[len(LOGGED) :]] = str(value)
    return found


def number_of(text: str) -> Optional[float]:
    """The finite number that a text spells, or None.

    Examples
    --------
    >>> number_of("1e-3"), number_of("adam"), number_of("1e999")
    (0.001, None, None)
    """
    if not _NUMBER.fullmatch(text.strip()):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _drawn(tags: Mapping[str, Optional[str]]) -> Dict[str, Any]:
    try:
        value = json.loads(tags.get(DRAWN) or "{}")
    except (TypeError, ValueError, RecursionError):  # somebody changed the tag
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
