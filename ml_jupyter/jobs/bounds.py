"""What a snapshot may cost, in bytes and seconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Sequence, Tuple

from ml_jupyter import _time
from ml_jupyter.exceptions import SnapshotException
from ml_jupyter.jobs.source import Listing

#: Size from which the largest entries are named.
WARN_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True)
class Bounds:
    """What a snapshot may cost; past it ``SnapshotException`` is raised.

    Attributes
    ----------
    bytes : int
        0: no limit.
    seconds : float, optional
        None: no limit.
    """

    bytes: int = 0
    seconds: Optional[float] = None


UNLIMITED = Bounds()


class BoundsWatch:
    """Holds one snapshot to its bounds.

    Parameters
    ----------
    source : Path
        The source folder, for the messages.
    bounds : Bounds
        What it may cost.
    """

    def __init__(self, source: Path, bounds: Bounds) -> None:
        self._source, self._bounds = source, bounds
        seconds = bounds.seconds
        self._deadline = None if seconds is None else _time.monotonic() + seconds

    def check(self, found: Listing) -> None:
        """Give up when the time is over.

        Raises
        ------
        SnapshotException
            Past the bounds.
        """
        if self._deadline is not None and _time.monotonic() > self._deadline:
            seconds = self._bounds.seconds
            raise SnapshotException(
                f"The snapshot of {self._source} took longer than {seconds:g} s.", hint=_SMALLER
            )

    def check_size(self, found: Listing) -> None:
        """Give up when it is too large; above 100 MB name the largest files and go on.

        Raises
        ------
        SnapshotException
            Past the bounds; names the ten largest files.
        """
        limit = self._bounds.bytes
        if limit and found.bytes > limit:
            raise SnapshotException(
                f"{self._source} has {_mb(found.bytes)}, more than the limit of {_mb(limit)}. "
                f"The largest: {_named(found.largest())}.",
                hint=_SMALLER,
            )
        if found.bytes > WARN_BYTES:
            found.warnings.append(
                f"The snapshot of {self._source} has {_mb(found.bytes)}. "
                f"The largest: {_named(found.largest())}. {_SMALLER}"
            )


def _named(items: Sequence[Tuple[str, int]]) -> str:
    return ", ".join(f"{path} ({_mb(size)})" for path, size in items)


def _mb(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"


_SMALLER = "Name what is not needed in .amlignore."
