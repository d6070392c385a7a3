"""``mpirun`` as the one process that starts all ranks of a job."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Callable, Sequence

from ml_jupyter.distributed import mpirun
from ml_jupyter.distributed.rank import RankPlan
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.jobs.member import Member

_REPORTS = "ranks"


class Launcher:
    """Starts ranks that write to the terminals that we made for them.

    Parameters
    ----------
    ranks : sequence of Member
        The ranks, not started.
    folder : Path
        Where the ranks leave their exit codes, in a folder that ``close`` removes.
    take : callable
        Gets what the launcher itself says.
    columns : int
        Width of its terminal.
    """

    def __init__(
        self,
        ranks: Sequence[Member],
        folder: Path,
        take: Callable[[bytes], None],
        columns: int,
    ) -> None:
        self._ranks = ranks
        self._reports = folder / _REPORTS
        self._reports.mkdir()
        plans = [member.plan for member in ranks]
        words = mpirun.command(plans, [item.slave_path() for item in ranks], self._reports)
        plan = RankPlan(-1, "mpirun", 0, tuple(words), mpirun.shared(plans), STD_LOG)
        self.member = Member(plan, None, take, columns)

    def collect(self) -> None:
        """Take in how the ranks ended, once the launcher has ended."""
        for rank in self._ranks:
            code, when = mpirun.exit_code(self._reports, rank.plan.rank)
            if code is not None:
                rank.has_ended(code)
                rank.ended -= max(0.0, time.time() - when)

    def close(self) -> None:
        """Close its terminal and those of the ranks on the ranks' side; remove the reports."""
        for rank in self._ranks:
            rank.terminal.close_slave()
        self.member.close()
        shutil.rmtree(str(self._reports), ignore_errors=True)
