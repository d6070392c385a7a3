"""A cause of a failure, and what is known when it is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

from ml_jupyter.jobs.finding_traceback import Frame


@dataclass(frozen=True)
class Advice:
    """What to do. ``code`` does it, as far as that is one line; ``source``: where that is said."""

    text: str
    code: Optional[str] = None
    package: Optional[str] = None
    source: Optional[str] = None


@dataclass(frozen=True)
class Cause:
    """Why it failed, in words.

    Attributes
    ----------
    kind : str
        As in docs/http-api.md.
    title : str
        One sentence; a place (``in train.py line 12``) is put before its full stop.
    asked : int, optional
        Bytes that were asked for last and not given.
    gpu : int, optional
        Number of the GPU as the job counts.
    """

    kind: str
    title: str
    summary: Optional[str] = None
    advice: Tuple[Advice, ...] = ()
    asked: Optional[int] = None
    gpu: Optional[int] = None


@dataclass(frozen=True)
class Failure:
    """What is known of an error.

    Attributes
    ----------
    type, message : str
        Of the error.
    frames : sequence of Frame
        Where it was raised.
    own_modules : collection of str
        Top-level modules in the run's snapshot.
    built : bool
        Whether the environment is made by us from a list of packages.
    """

    type: str
    message: str
    frames: Sequence[Frame] = ()
    own_modules: Sequence[str] = ()
    built: bool = False
