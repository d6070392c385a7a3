"""One process of a job with its terminal and its log."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any, Callable, Dict, Optional

from ml_jupyter import _time
from ml_jupyter.distributed.rank import RankPlan
from ml_jupyter.jobs.log_file import LogFile
from ml_jupyter.jobs.terminal import Terminal

_TRACEBACK = b"Traceback (most recent call last)"


class Member:
    """A rank, or the program that starts all ranks.

    Parameters
    ----------
    plan : RankPlan
        What it runs.
    log : LogFile, optional
        Gets its output as it is.
    also : callable, optional
        Is handed the output as well.
    columns : int
        Width of its terminal.
    """

    def __init__(
        self,
        plan: RankPlan,
        log: Optional[LogFile],
        also: Optional[Callable[[bytes], None]],
        columns: int,
    ) -> None:
        self.plan = plan
        self.log = log
        self._also = also
        self._columns = columns
        self.exit_code: Optional[int] = None
        self.ended = 0.0
        self.complained: Optional[float] = None
        self.tries = 0
        self._process: Optional[subprocess.Popen[bytes]] = None
        self.terminal = self._new_terminal()
        self.is_open = True

    @property
    def pid(self) -> int:
        """Process id; 0 while it has not been started, or not by us."""
        return 0 if self._process is None else self._process.pid

    def start(self, folder: Path, join_group: Optional[Callable[[], None]]) -> None:
        """Start it in a session of its own, its terminal as output, nothing as input.

        Raises
        ------
        OSError
            The program cannot be started.
        """
        self.tries += 1
        self._process = subprocess.Popen(
            self.plan.command,
            cwd=str(folder),
            env=dict(self.plan.environment),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=self.terminal.slave,
            stderr=self.terminal.slave,
            preexec_fn=join_group,
        )
        self.terminal.close_slave()

    def copy(self) -> bool:
        """Take output in; False: the terminal has been closed."""
        self.is_open = self.terminal.copy()
        return self.is_open

    def has_ended(self, exit_code: int) -> None:
        """Note the end of its process, which has been waited for."""
        self.exit_code, self.ended = exit_code, _time.monotonic()
        if self._process is not None:
            self._process.returncode = exit_code

    @property
    def may_be_tried_again(self) -> bool:
        """Whether it has failed and is to be started once more."""
        code = self.exit_code
        return (
            bool(code)
            and self.tries <= self.plan.retries
            and code not in self.plan.terminal_exit_codes
        )

    def renew(self) -> None:
        """Get a fresh terminal for another try."""
        text = f"ended with exit code {self.exit_code} and is started again"
        self._take(f"[{text}, {self.tries} of {self.plan.retries} retries]\n".encode())
        self.terminal.close()
        self.terminal, self.is_open = self._new_terminal(), True
        self.exit_code = self.complained = None

    def to_json(self, failed_first: bool) -> Dict[str, Any]:
        """What is kept with the run."""
        plan = self.plan
        return {
            "rank": plan.rank,
            "name": plan.name,
            "node": plan.node,
            "exit_code": self.exit_code,
            "log": plan.log,
            "failed_first": failed_first,
        }

    def slave_path(self) -> str:
        """Path under which another process opens its terminal."""
        return os.ttyname(self.terminal.slave)

    def close(self) -> None:
        """Close its terminal and its log."""
        self.terminal.close()
        if self.log is not None:
            self.log.close()

    def _new_terminal(self) -> Terminal:
        if self._also is None and self.log is not None:
            return Terminal(self.log.write, self._columns)
        return Terminal(self._take, self._columns)

    def _take(self, data: bytes) -> None:
        if self.log is not None:
            self.log.write(data)
        if self._also is not None:
            self._also(data)
        if _TRACEBACK in data:
            self.complained = _time.monotonic()
