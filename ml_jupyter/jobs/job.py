"""A started job: its processes, its terminal, its memory group."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from typing import List, Mapping, Optional, Set

from ml_jupyter import _time
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import processes
from ml_jupyter.jobs.cgroup import MemoryGroup
from ml_jupyter.jobs.settle import job_processes
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.terminal import Terminal

_ENDING_POLL_S = 0.02
_KILL_S = 5.0


class Job:
    """Starts the job's process in its own session, the terminal as output, nothing as input.

    Must be made in the main thread of a process that has no other use for SIGCHLD and SIGTERM.

    Raises
    ------
    OSError
        The program cannot be started.
    """

    def __init__(
        self, run: RunFolder, spec: LaunchSpec, command: List[str], environment: Mapping[str, str]
    ) -> None:
        layout = run.layout
        self._run = run
        self.exit_code: Optional[int] = None
        self.terminated = False
        self._terminal = Terminal(layout.files / STD_LOG, layout.log_times, spec.terminal_width)
        self._group = (
            MemoryGroup.create(f"mlj-{run.id}", spec.memory_limit) if spec.memory_limit else None
        )
        self._wake, wake_write = os.pipe()
        for fd in (self._wake, wake_write):
            os.set_blocking(fd, False)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._on_terminate)
        self._process = subprocess.Popen(
            command,
            cwd=str(layout.work),
            env=dict(environment),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=self._terminal.slave,
            stderr=self._terminal.slave,
            preexec_fn=None if self._group is None else self._group.join,
        )
        self._terminal.close_slave()
        self._poll = select.poll()
        self._poll.register(self._wake, select.POLLIN)
        self._poll.register(self._terminal.master, select.POLLIN)
        self._terminal_open = True

    @property
    def is_grouped(self) -> bool:
        """Whether the system itself holds the job to its memory limit."""
        return self._group is not None

    @property
    def has_ended(self) -> bool:
        """Whether the job's own process is gone; others that it started may be left."""
        return self.exit_code is not None

    def step(self, timeout_s: float) -> None:
        """Wait at most so long for output or an end, and take it in."""
        for fd, _ in self._poll.poll(max(0.0, timeout_s) * 1000):
            if fd == self._wake:
                _drain(fd)
                self._reap()
            else:
                self._copy()

    def processes(self) -> Set[int]:
        """All living processes of the job, however they tried to get away."""
        found = processes.descendants(os.getpid())
        return found | job_processes(self._run)

    def end(self, grace_s: float) -> Set[int]:
        """End what is alive: SIGTERM, after ``grace_s`` SIGKILL; what could not be ended.

        Output that comes meanwhile is still taken in.
        """
        self._reap()
        left = self.processes()
        processes.send(left, signal.SIGTERM)
        left = self._until_gone(left, grace_s, None)
        left = self._until_gone(left, _KILL_S, signal.SIGKILL)
        while self._terminal_open and not left and self._copy():
            if not self._poll.poll(0):
                break
        self._copy()
        return left

    def out_of_memory(self) -> bool:
        """Whether the system killed one of the job's processes at the job's limit."""
        return self._group is not None and self._group.out_of_memory()

    def peak(self) -> int:
        """The most bytes of memory that it used; 0: not known."""
        return 0 if self._group is None else self._group.peak()

    @property
    def lost_bytes(self) -> int:
        """Output that found no room on the disk."""
        return self._terminal.lost_bytes

    def close(self) -> None:
        """Give the terminal and the memory group back."""
        self._terminal.close()
        if self._group is not None:
            self._group.remove()

    def _until_gone(self, left: Set[int], seconds: float, number: Optional[int]) -> Set[int]:
        deadline = _time.monotonic() + seconds
        while left and _time.monotonic() < deadline:
            if number is not None:
                processes.send(left, number)
            self.step(_ENDING_POLL_S)
            left = self.processes()
        return left

    def _copy(self) -> bool:
        if self._terminal_open and not self._terminal.copy():
            self._terminal_open = False
            self._poll.unregister(self._terminal.master)
        return self._terminal_open

    def _reap(self) -> None:
        while True:
            try:
                pid, state = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self._process.pid:
                self.exit_code = (
                    -os.WTERMSIG(state) if os.WIFSIGNALED(state) else os.WEXITSTATUS(state)
                )
                self._process.returncode = self.exit_code

    def _on_terminate(self, *_: object) -> None:
        self.terminated = True


def _drain(fd: int) -> None:
    try:
        while os.read(fd, 4096):
            pass
    except BlockingIOError:
        pass
