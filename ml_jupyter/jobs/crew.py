"""The processes of a job before they are started: their logs, and how the logs become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List, Optional, Sequence

from ml_jupyter import _time
from ml_jupyter.distributed.rank import RankPlan
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.jobs.launcher import Launcher
from ml_jupyter.jobs.log_file import LogFile
from ml_jupyter.jobs.member import Member
from ml_jupyter.jobs.merging import Merger
from ml_jupyter.jobs.terminal import DEFAULT_COLUMNS


@dataclass(frozen=True)
class Crew:
    """The ranks of a job.

    Attributes
    ----------
    ranks : list of Member
        Rank 0 first.
    merger : Merger, optional
        Makes the merged log; None: there is one rank, whose log is that of the job.
    launcher : Launcher, optional
        Starts the ranks; None: each is started by itself.
    """

    ranks: List[Member]
    merger: Optional[Merger] = None
    launcher: Optional[Launcher] = None

    @property
    def started(self) -> List[Member]:
        """Those whose processes we start ourselves."""
        return self.ranks if self.launcher is None else [self.launcher.member]

    @classmethod
    def of(cls, plans: Sequence[RankPlan], layout: RunLayout, log: LogFile, columns: int) -> Crew:
        """The crew of some plans.

        Parameters
        ----------
        plans : sequence of RankPlan
            The processes, rank 0 first.
        layout : RunLayout
            The run's folder.
        log : LogFile
            The log of the job.
        columns : int
            Width of their terminals; 0: pipes.
        """
        if len(plans) == 1:
            return cls([Member(plans[0], log, None, columns)])
        launched = bool(plans[0].launcher)
        columns = columns or DEFAULT_COLUMNS * launched  # ranks find theirs by the terminal's name
        labels = [plan.name for plan in plans] + ["mpirun"] * launched
        merger = Merger(log.write, labels)
        ranks = [
            Member(plan, LogFile(layout.files / plan.log), _into(merger, index), columns)
            for index, plan in enumerate(plans)
        ]
        if not launched:
            return cls(ranks, merger)
        own = _into(merger, len(plans))
        return cls(ranks, merger, Launcher(ranks, layout.path, own, columns))


def _into(merger: Merger, index: int) -> Callable[[bytes], None]:
    return lambda data: merger.take(index, data, _time.monotonic())
