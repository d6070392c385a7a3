"""What a run's new place in line means: from data to data, nothing else.

The order is priority, then time of submission. A run that is moved gets a priority between those of
its new neighbours (its own where that fits), and a time between theirs that it counts as submitted
at. So one run is changed, the order is what was asked for, and what is submitted later comes behind
as before. Only where no nanosecond is left between two neighbours do those behind give way.
"""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Sequence

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.jobs.queue import Waiting, in_order

#: Nanoseconds before the first, or behind the last, of the runs of a priority.
_STEP = 1_000_000_000


class Move(NamedTuple):
    """Priority and place (nanoseconds since the epoch) that a run gets."""

    run_id: str
    priority: int
    place: int


def moves(waiting: Sequence[Waiting], run_id: str, before: Optional[str]) -> List[Move]:
    """What to change so that one run stands right before another; nothing when it does.

    Parameters
    ----------
    waiting : sequence of Waiting
        All runs of the line, ``run_id`` and ``before`` among them.
    run_id : str
        The run that is moved.
    before : str, optional
        The run that it is put before; None: behind all others.

    Raises
    ------
    UserErrorException
        The place is before a run of normal priority while this one uses a low-priority pool, or
        the other way round.

    Examples
    --------
    >>> from ml_jupyter.jobs.queue_request import Request
    >>> line = [Waiting(name, Request(), at) for name, at in (("a", 10), ("b", 20), ("c", 40))]
    >>> moves(line, "c", before="b")
    [Move(run_id='c', priority=0, place=15)]
    """
    line = in_order(waiting)
    if before == run_id:
        return []
    moved = next(item for item in line if item.run_id == run_id)
    rest = [item for item in line if item.run_id != run_id]
    at = next((n for n, item in enumerate(rest) if item.run_id == before), len(rest))
    if line.index(moved) == at:
        return []
    left = rest[at - 1] if at else None
    right = rest[at] if at < len(rest) else None
    _check_pools(moved, left, right)
    left, right = _of_kind(left, moved), _of_kind(right, moved)
    priority = _between(moved.priority, left, right)
    first = left.since if left is not None and left.priority == priority else None
    last = right.since if right is not None and right.priority == priority else None
    place = _time_between(moved.since, first, last)
    followers = [item for item in rest[at:] if item.priority == priority and right is not None]
    return [Move(run_id, priority, place), *_pushed(place, followers)]


def _of_kind(item: Optional[Waiting], moved: Waiting) -> Optional[Waiting]:
    """A neighbour that the order compares by priority and time; None: the pool decides."""
    same = item is not None and item.request.low_priority == moved.request.low_priority
    return item if same else None


def _between(own: int, left: Optional[Waiting], right: Optional[Waiting]) -> int:
    most = own if left is None else min(own, left.priority)
    return most if right is None else max(most, right.priority)


def _time_between(own: int, first: Optional[int], last: Optional[int]) -> int:
    if first is None and last is None:
        return own
    if first is None:
        return min(own, (last or 0) - _STEP)
    if last is None:
        return max(own, first + _STEP)
    return (first + last) // 2 if last - first > 1 else first + 1


def _pushed(place: int, followers: Sequence[Waiting]) -> List[Move]:
    """Those behind that are not behind any more, each a nanosecond later than the one before."""
    found: List[Move] = []
    for item in followers:
        if item.since > place:
            break
        place += 1
        found.append(Move(item.run_id, item.priority, place))
    return found


def _check_pools(moved: Waiting, left: Optional[Waiting], right: Optional[Waiting]) -> None:
    low = moved.request.low_priority
    if low and right is not None and not right.request.low_priority:
        raise UserErrorException(
            "The run uses a pool of low priority; it stands behind all runs that do not.",
            hint="Move it before another run of a low-priority pool, or submit it to another pool.",
        )
    if not low and left is not None and left.request.low_priority:
        raise UserErrorException(
            "The runs before that place use a pool of low priority; this run stands before them.",
            hint="Hold the run instead: mlj queue --hold RUN lets all others go past.",
        )
