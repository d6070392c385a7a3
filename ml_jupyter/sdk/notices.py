"""Telling the user something without stopping the user's program."""

from __future__ import annotations

import sys
import warnings
from typing import Type


def warn(text: str, category: Type[Warning] = UserWarning) -> None:
    """Show a warning at the line of the user's code that led to it."""
    warnings.warn(text, category, stacklevel=_depth())


def warn_safely(text: str) -> None:
    """As ``warn``, also where warnings are errors: tracking must never end a training."""
    try:
        warn(text, RuntimeWarning)
    except RuntimeWarning:
        print(f"ml_jupyter: {text}", file=sys.stderr)


def _depth() -> int:
    """Number of frames up to the first one outside this package, seen from ``warnings.warn``."""
    frame = sys._getframe(1)
    depth = 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(
        "ml_jupyter."
    ):
        frame = frame.f_back
        depth += 1
    return depth
