"""Sizes as Docker writes them."""

from __future__ import annotations

import re

from ml_jupyter.exceptions import RunConfigurationException

_SIZE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[bkmgt]?)(?:i?b)?", re.IGNORECASE)
_POWERS = {"": 0, "b": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def size_of(text: str) -> int:
    """Bytes of a size as Docker writes it (``2g``, ``512m``, ``1.5gb``); 0 for an empty text.

    Raises
    ------
    RunConfigurationException
        It is no size.
    """
    if not str(text).strip():
        return 0
    found = _SIZE.fullmatch(str(text).strip())
    if found is None:
        raise RunConfigurationException(
            f"{text!r} is not a size.", hint="Write it as Docker does, for example '2g' or '512m'."
        )
    return int(float(found["number"]) * 1024 ** _POWERS[found["unit"].lower()])
