"""Fetching in the process of the user: a notebook that looks at its data."""

from __future__ import annotations

import os
import sys
from typing import Sequence

from ml_jupyter.config import Settings
from ml_jupyter.datasets.fetching import fetch


def fetch_here(urls: Sequence[str], settings: Settings) -> None:
    """See that the cache has what the addresses give now; progress is printed.

    Raises
    ------
    DataUnavailable
        One of them cannot be had; names it.
    """
    if urls:
        fetch(list(urls), settings, sys.executable, dict(os.environ), _show, lambda: False)


def _show(data: bytes) -> None:
    sys.stderr.write(data.decode("utf-8", "replace"))
