"""Which of several failed processes failed first: the others most often fail because of it."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from typing import Optional, Sequence

#: A traceback that is older than this at the end of its process was not what ended it.
_TRACEBACK_S = 30.0
#: How far the end of a process is put back when it was killed or crashed: it could not say
#: anything before the others noticed, while its end may reach us after theirs.
_SUDDEN_S = 1.0
#: Complaints that are no further apart may have been read in another order than they were made.
_AT_ONCE_S = 0.3
_GONE = re.compile(
    r"connection (?:was )?(?:reset|closed|aborted)|connection ?(?:reset|aborted)?error|broken ?pipe"
    r"|closed by (?:remote )?peer|socket closed|remote process exited|EOFError"
    r"|Unavailable(?:Error)?:|has been shut down",
    re.IGNORECASE,
)
_SUDDEN = frozenset((signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE))


@dataclass(frozen=True)
class RankEnd:
    """How a process ended.

    Attributes
    ----------
    rank : int
        Its number.
    exit_code : int
        Exit status; negative: the signal that ended it.
    ended : float
        When it was seen to have ended, in seconds.
    complained : float, optional
        When the last traceback appeared in its output, in seconds of the same clock.
    follows : bool
        Whether its error is that another process has gone (``is_consequence``).
    """

    rank: int
    exit_code: int
    ended: float
    complained: Optional[float] = None
    follows: bool = False


def first_failure(ends: Sequence[RankEnd]) -> Optional[RankEnd]:
    """The end that came first among those that are failures; None: there is no failure.

    What counts is when a process complained, for a failing interpreter takes its time to end,
    and the others see its connections close before it is gone.
    """
    failed = [end for end in ends if end.exit_code != 0]
    if not failed:
        return None
    first = min(_when(end) for end in failed)
    at_once = [end for end in failed if _when(end) <= first + _AT_ONCE_S]
    return min(at_once, key=lambda end: (end.follows, _when(end), end.rank))


def is_consequence(message: str) -> bool:
    """Whether an error tells that another process has gone, rather than what went wrong."""
    return _GONE.search(message) is not None


def _when(end: RankEnd) -> float:
    if -end.exit_code in _SUDDEN:
        return end.ended - _SUDDEN_S
    if end.complained is not None and end.ended - end.complained <= _TRACEBACK_S:
        return end.complained
    return end.ended
