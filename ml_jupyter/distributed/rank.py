"""One process of a job, complete: what it runs, with which variables, and where its output goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Tuple


@dataclass(frozen=True)
class RankPlan:
    """A process that is to be started.

    Attributes
    ----------
    rank : int
        Number among all processes of the job, from 0.
    name : str
        What people call it: ``0``, ``worker-1``, ``ps-0``; empty when it is the only one.
    node : int
        Number of the node (slot set) that it runs on, from 0.
    command : tuple of str
        Program and arguments.
    environment : mapping of str to str
        All its variables.
    log : str
        File of its terminal's output, relative to the run's files.
    serves : bool
        Whether it only serves the others: it is ended when they are done (a parameter server).
    retries : int
        How often it is started again after a failure.
    terminal_exit_codes : tuple of int
        Exit codes after which it is not started again.
    launcher : tuple of str
        Program and options (``mpirun``) that start all ranks of the job together, the same in each;
        empty: each rank is started by itself.
    """

    rank: int
    name: str
    node: int
    command: Tuple[str, ...]
    environment: Mapping[str, str]
    log: str
    serves: bool = False
    retries: int = 0
    terminal_exit_codes: Tuple[int, ...] = ()
    launcher: Tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What a sentence about it begins with: ``Rank 1``, ``worker-0``; empty: the only one."""
        return f"Rank {self.name}" if self.name.isdigit() else self.name
