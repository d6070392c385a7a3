"""Which of several failed processes failed first: the others most often fail because of it."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Optional, Sequence

#: A traceback that is older than this at the end of its process was not what ended it.
_TRACEBACK_S = 30.0
#: How far the end of a process is put back when it was killed or crashed: it could not say
#: anything before the others noticed, while its end may reach us after theirs.
_SUDDEN_S = 1.0
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
    """

    rank: int
    exit_code: int
    ended: float
    complained: Optional[float] = None


def first_failure(ends: Sequence[RankEnd]) -> Optional[RankEnd]:
    """The end that came first among those that are failures; None: there is no failure.

    What counts is when a process complained, for a failing interpreter takes its time to end,
    and the others see its connections close before it is gone.
    """
    failed = [end for end in ends if end.exit_code != 0]
    return min(failed, key=lambda end: (_when(end), end.rank), default=None)


def _when(end: RankEnd) -> float:
    if -end.exit_code in _SUDDEN:
        return end.ended - _SUDDEN_S
    if end.complained is not None and end.ended - end.complained <= _TRACEBACK_S:
        return end.complained
    return end.ended
