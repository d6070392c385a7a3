"""A started job: its one or more processes, their terminals, its memory group."""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from typing import Dict, Optional, Sequence, Set

from ml_jupyter import _time
from ml_jupyter.distributed.rank import RankPlan
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import processes
from ml_jupyter.jobs.cgroup import MemoryGroup, group_name
from ml_jupyter.jobs.crew import Crew
from ml_jupyter.jobs.first_failure import failed_first
from ml_jupyter.jobs.log_file import LogFile
from ml_jupyter.jobs.member import Member
from ml_jupyter.jobs.settle import job_processes
from ml_jupyter.jobs.spec import LaunchSpec

_ENDING_POLL_S = 0.02
_KILL_S = 5.0
#: After the first failure of several ranks: how long the others may say what they have to say.
_SETTLE_S = 0.5
#: Seconds between SIGTERM and SIGKILL for the others, in which they may save what they have.
OTHERS_GRACE_S = 4.0


class Gang:
    """Starts the processes of a job, each in its own session and with a terminal of its own.

    One that fails ends the job: the others are given half a second, in which it becomes clear
    which one failed first; then ``has_ended`` is true and ``end`` ends them.

    Must be made in the main thread of a process that has no other use for SIGCHLD and SIGTERM.

    Parameters
    ----------
    run : RunFolder
        The run; the logs go to its files.
    spec : LaunchSpec
        Limits and the width of the terminals.
    plans : sequence of RankPlan
        The processes, rank 0 first.

    Raises
    ------
    OSError
        A program cannot be started; those that were started before it have been ended.
    """

    def __init__(self, run: RunFolder, spec: LaunchSpec, plans: Sequence[RankPlan]) -> None:
        self._run = run
        self.terminated = False
        self._over = self._is_ending = False
        self._failed: Optional[Member] = None
        self._settled_at: Optional[float] = None
        self._group = (
            MemoryGroup.create(group_name(run.layout.path), spec.memory_limit)
            if spec.memory_limit
            else None
        )
        self._log = LogFile(run.layout.files / STD_LOG, run.layout.log_times)
        crew = Crew.of(plans, run.layout, self._log, spec.terminal_width)
        self._ranks, self._started = crew.ranks, crew.started
        self._merger, self._launcher = crew.merger, crew.launcher
        self._poll = select.poll()
        self._wake = self._listen()
        self._by_terminal: Dict[int, Member] = {}
        self._start_all()

    @property
    def is_grouped(self) -> bool:
        """Whether the system itself holds the job to its memory limit."""
        return self._group is not None

    @property
    def has_ended(self) -> bool:
        """Whether the job's own processes are done; others that they started may be left."""
        return self._over

    @property
    def exit_code(self) -> Optional[int]:
        """That of the process that failed first, else 0; negative: a signal; None: not over."""
        if self._failed is not None and self._failed.exit_code is not None:
            return self._failed.exit_code
        if self._over and self._launcher is None and len(self._ranks) > 1:
            return 0
        codes = [member.exit_code for member in self._started]
        return None if None in codes else next((code for code in codes if code), 0)

    @property
    def failed(self) -> Optional[RankPlan]:
        """Which of several processes failed first, ``mpirun`` when no rank is known to have.

        None: none, or there is only one process.
        """
        return None if self._failed is None else self._failed.plan

    @property
    def lost_bytes(self) -> int:
        """Output that found no room on the disk."""
        if self._merger is None:
            return self._log.lost_bytes
        return sum(member.log.lost_bytes for member in self._ranks if member.log is not None)

    def step(self, timeout_s: float) -> None:
        """Wait at most so long for output or an end, and take it in."""
        for fd, _ in self._poll.poll(max(0.0, timeout_s) * 1000):
            member = self._by_terminal.get(fd)
            if member is not None:
                self._copy(member)
            elif fd == self._wake:
                _drain(fd)
                self._reap()
        if self._merger is not None:
            self._merger.tick(_time.monotonic())
        if not self._over and not self._is_ending:
            self._over = self._is_over()

    def processes(self) -> Set[int]:
        """All living processes of the job, however they tried to get away."""
        found = processes.descendants(os.getpid())
        return found | job_processes(self._run)

    def end(self, grace_s: float) -> Set[int]:
        """End what is alive: SIGTERM, after ``grace_s`` SIGKILL; what could not be ended.

        Output that comes meanwhile is still taken in.
        """
        self._is_ending = True
        self._reap()
        left = self.processes()
        processes.send(left, signal.SIGTERM)
        left = self._until_gone(left, grace_s, None)
        left = self._until_gone(left, _KILL_S, signal.SIGKILL)
        self._reap()
        for member in list(self._by_terminal.values()):
            while self._copy(member) and not left and _is_readable(member.terminal.master):
                pass
        return left

    def out_of_memory(self) -> bool:
        """Whether the system killed one of the job's processes at the job's limit."""
        return self._group is not None and self._group.out_of_memory()

    def peak(self) -> int:
        """The most bytes of memory that it used; 0: not known."""
        return 0 if self._group is None else self._group.peak()

    def close(self) -> None:
        """Give the terminals and the memory group back, and note how each rank ended."""
        if self._merger is not None:
            self._merger.finish()
            self._note()
        for member in self._ranks:
            member.close()
        if self._launcher is not None:
            self._launcher.close()
        if self._merger is not None:
            self._log.close()
        if self._group is not None:
            self._group.remove()

    # -- the start

    def _listen(self) -> int:
        wake, wake_write = os.pipe()
        for fd in (wake, wake_write):
            os.set_blocking(fd, False)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._on_terminate)
        self._poll.register(wake, select.POLLIN)
        return wake

    def _start_all(self) -> None:
        try:
            for member in self._started:
                self._start(member)
        except OSError:
            self.end(0.0)
            self.close()
            raise
        for member in () if self._launcher is None else self._ranks:
            self._watch(member)
        if self._merger is not None:
            self._note()

    def _start(self, member: Member) -> None:
        member.start(self._run.layout.work, None if self._group is None else self._group.join)
        self._watch(member)

    def _watch(self, member: Member) -> None:
        self._by_terminal[member.terminal.master] = member
        self._poll.register(member.terminal.master, select.POLLIN)

    # -- output and ends

    def _copy(self, member: Member) -> bool:
        if not member.copy():
            self._forget(member)
        return member.is_open

    def _forget(self, member: Member) -> None:
        if self._by_terminal.pop(member.terminal.master, None) is not None:
            self._poll.unregister(member.terminal.master)

    def _reap(self) -> None:
        while True:
            try:
                pid, state = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for member in self._started:
                if member.pid == pid:
                    code = -os.WTERMSIG(state) if os.WIFSIGNALED(state) else os.WEXITSTATUS(state)
                    member.has_ended(code)
                    if member.may_be_tried_again and not self._is_ending:
                        self._try_again(member)

    def _try_again(self, member: Member) -> None:
        while member.is_open and _is_readable(member.terminal.master):
            self._copy(member)
        self._forget(member)
        member.renew()
        self._start(member)

    def _is_over(self) -> bool:
        """Whether the job has ended, by success or failure; notes which rank failed first."""
        if self._merger is None:
            return self._ranks[0].exit_code is not None
        if self._launcher is not None:
            if self._launcher.member.exit_code is None:
                return False
            self._launcher.collect()
        elif not any(member.exit_code for member in self._ranks):
            return all(item.exit_code is not None for item in self._ranks if not item.plan.serves)
        elif not self._have_settled():
            return False
        self._take_last_words()
        self._find_first_failure()
        return True

    def _take_last_words(self) -> None:
        """What the dead still have in their terminals tells which of them failed first."""
        for member in list(self._by_terminal.values()):
            if _is_readable(member.terminal.master):
                self._copy(member)

    def _have_settled(self) -> bool:
        now = _time.monotonic()
        if self._settled_at is None:
            self._settled_at = now + _SETTLE_S
        return now >= self._settled_at or all(item.exit_code is not None for item in self._ranks)

    def _find_first_failure(self) -> None:
        launcher = None if self._launcher is None else self._launcher.member
        has_failed = launcher is not None and bool(launcher.exit_code)
        first = failed_first(self._run.layout.files, self._ranks, has_failed)
        self._failed = first or (launcher if has_failed else None)
        if self._failed is not None:
            self._note()

    def _note(self) -> None:
        with suppress(OSError, MlJupyterError):  # a full disk must not end the job
            self._run.note(ranks=[member.to_json(member is self._failed) for member in self._ranks])

    def _until_gone(self, left: Set[int], seconds: float, number: Optional[int]) -> Set[int]:
        deadline = _time.monotonic() + seconds
        while left and _time.monotonic() < deadline:
            if number is not None:
                processes.send(left, number)
            self.step(_ENDING_POLL_S)
            left = self.processes()
        return left

    def _on_terminate(self, *_: object) -> None:
        self.terminated = True


def _is_readable(fd: int) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(0))


def _drain(fd: int) -> None:
    try:
        while os.read(fd, 4096):
            pass
    except BlockingIOError:
        pass
