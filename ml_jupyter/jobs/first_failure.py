"""Which rank of a job that failed is the one to be named as the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Sequence

from ml_jupyter.distributed.failure import RankEnd, first_failure, is_consequence
from ml_jupyter.history import stream
from ml_jupyter.jobs import ending
from ml_jupyter.jobs.member import Member


def failed_first(files: Path, ranks: Sequence[Member], or_complained: bool) -> Optional[Member]:
    """The rank that failed first; None: none did, as far as is known.

    Parameters
    ----------
    files : Path
        Folder of the run's files, with the logs of the ranks.
    ranks : sequence of Member
        All ranks.
    or_complained : bool
        The job failed in any case: of ranks that left no exit code the first with a traceback
        counts.
    """
    ends = [_end_of(files, item) for item in ranks if item.exit_code is not None]
    first = first_failure(ends)
    if first is not None:
        return next(item for item in ranks if item.plan.rank == first.rank)
    said = [item for item in ranks if item.complained is not None] if or_complained else []
    return min(said, key=lambda item: item.complained or 0.0, default=None)


def _end_of(files: Path, member: Member) -> RankEnd:
    said = None
    if member.exit_code and member.complained is not None:
        log = stream.read(files / member.plan.log, -ending.TAIL_BYTES)
        _, said = ending.last_traceback(log)
    return RankEnd(
        member.plan.rank,
        member.exit_code or 0,
        member.ended,
        member.complained,
        follows=said is not None and is_consequence(said),
    )
