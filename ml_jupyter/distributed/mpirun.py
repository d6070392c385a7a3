"""The ``mpirun`` of a job: whether there is one, and the command line that starts all ranks.

Each rank is an application context of its own (``-np 1 … : -np 1 …``), which gives it its own
variables and arguments, in rank order. It writes to a terminal of its own, which ``mpirun`` does
not see, and leaves its exit code in a file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from ml_jupyter.distributed.rank import RankPlan

_VERSION_S = 10.0
#: $0: file for the exit code, $1: terminal; the rest is the command of the rank.
_SHIM = (
    'exec </dev/null >"$1" 2>&1; shift; "$@"; code=$?; '
    'echo "$code" >"$0.new" && mv "$0.new" "$0"; exit "$code"'
)
_OPEN_MPI = ("--oversubscribe", "--bind-to", "none")
_PRIVILEGED = "--allow-run-as-root"


def find(environment: Mapping[str, str]) -> Tuple[str, ...]:
    """Path and options of the ``mpirun`` that a job with these variables finds; empty: none.

    Open MPI is told to start more ranks than there are cores, and to bind none of them: the ranks
    share the cores that the queue gave. Others (MPICH, Intel MPI) do so by themselves.
    """
    program = shutil.which("mpirun", path=environment.get("PATH", os.defpath))
    if program is None:
        return ()
    version = _version(program, environment)
    if version is None:
        return ()
    return (program, *options()) if b"Open MPI" in version else (program,)


def options() -> Tuple[str, ...]:
    """What Open MPI is told here. Source: mpirun(1) of Open MPI 4 and 5."""
    return (_PRIVILEGED, *_OPEN_MPI) if os.getuid() == 0 else _OPEN_MPI


def command(plans: Sequence[RankPlan], terminals: Sequence[str], reports: Path) -> List[str]:
    """The command line that starts all ranks.

    Parameters
    ----------
    plans : sequence of RankPlan
        The ranks, in order; all with the same launcher.
    terminals : sequence of str
        Path of each rank's terminal.
    reports : Path
        Folder in which rank *n* leaves its exit code as file ``n``.
    """
    common = shared(plans)
    words = list(plans[0].launcher)
    for plan, terminal in zip(plans, terminals):
        if plan.rank:
            words.append(":")
        words += ["-np", "1", "/bin/sh", "-c", _SHIM, str(reports / str(plan.rank)), terminal]
        words += [*with_variables(plan, common), *plan.command]
    return words


def shared(plans: Sequence[RankPlan]) -> Dict[str, str]:
    """The variables that are the same for all ranks."""
    first = plans[0].environment
    return {
        name: value
        for name, value in first.items()
        if all(plan.environment.get(name) == value for plan in plans)
    }


def with_variables(plan: RankPlan, common: Mapping[str, str]) -> List[str]:
    """``env`` with the variables of one rank only."""
    own = [
        f"{name}={value}" for name, value in sorted(plan.environment.items()) if name not in common
    ]
    return ["/usr/bin/env", *own]


def exit_code(reports: Path, rank: int) -> Tuple[Optional[int], float]:
    """Exit code of a rank (negative: the signal that ended it) and when it ended, Unix time.

    None: it left none, because it was ended together with others.
    """
    path = reports / str(rank)
    try:
        code, when = int(path.read_text()), path.stat().st_mtime
    except (OSError, ValueError):
        return None, 0.0
    return (128 - code if 128 < code <= 128 + 64 else code), when  # sh(1): 128 + the signal


def _version(program: str, environment: Mapping[str, str]) -> Optional[bytes]:
    try:
        answer = subprocess.run(
            [program, "--version"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_VERSION_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout
