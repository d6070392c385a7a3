"""Waiting for room on a full disk where giving up would lose how a job ended."""

from __future__ import annotations

import time
from typing import Callable, TypeVar

from ml_jupyter import _time
from ml_jupyter.exceptions import StorageFailed

#: So long a supervisor keeps trying to write its run's end; then a reader settles the run.
PATIENCE_S = 3600.0
_TRY_S = 0.5

T = TypeVar("T")


def when_there_is_room(write: Callable[[], T]) -> T:
    """What ``write`` gives, tried again as long as the system refuses; it may be called twice.

    Raises
    ------
    StorageFailed
        There was no room for an hour.
    """
    deadline = _time.monotonic() + PATIENCE_S
    while True:
        try:
            return write()
        except StorageFailed:
            if _time.monotonic() >= deadline:
                raise
        time.sleep(_TRY_S)
