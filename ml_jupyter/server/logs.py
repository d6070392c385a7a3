"""Which file is meant when a client asks for a log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.sdk.views.ranks import log_of_rank
from ml_jupyter.server import run_files


@dataclass(frozen=True, slots=True)
class Log:
    """A log of a run.

    Attributes
    ----------
    name : str
        Among the run's files.
    path : Path
        Where it lies, links resolved; it may not exist yet.
    times : Path, optional
        Where the times of its parts are; None: they were not kept.
    """

    name: str
    path: Path
    times: Path | None


def of(run: RunFolder, name: str, rank: int | None = None) -> Log:
    """A log by its name, or that of a rank.

    Raises
    ------
    PathOutside
        The name leads out of the run's files.
    """
    wanted = name if rank is None else log_of_rank(run, rank)
    times = run.layout.log_times if wanted == STD_LOG else None
    return Log(wanted, run_files.resolve(run, wanted), times)
