"""A pytest plugin that shows Windows to ml_jupyter, and to nothing else of the process.

No machine with Windows runs these tests, so ``python -m pytest -p tests.windows`` takes from the
package what Python lacks there: modules (``fcntl``), functions and flags of ``os``, signals,
descriptors of folders. What a real Windows does beyond that (open files that cannot be moved,
names that differ by case only) is not shown. Jobs are refused on Windows: a test that submits one
is expected to fail, and so are those of ``UNIX_ONLY``.
"""

from __future__ import annotations

import builtins
import errno
import os
import signal
import sys
import types
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

#: Modules that Python has on Unix alone.
MODULES = frozenset({"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"})
#: Names of os that are documented as "Availability: Unix", as far as a program may ask for them.
OS_NAMES = (
    "EX_OK O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NONBLOCK WEXITSTATUS WIFEXITED WNOHANG chown chroot "
    "confstr copy_file_range ctermid fchmod fchown fdatasync fork forkpty fpathconf fstatvfs "
    "getegid geteuid getgid getgroups getloadavg getpgid getpgrp getpriority getresuid getsid "
    "getuid initgroups killpg lchown lockf major makedev memfd_create minor mkfifo mknod nice "
    "openpty pathconf pidfd_open pipe2 posix_fallocate posix_spawn pread preadv pwrite pwritev "
    "register_at_fork sched_getaffinity sched_setaffinity sched_yield sendfile set_blocking setgid "
    "setpgid setpriority setreuid setsid setuid statvfs sync sysconf ttyname uname wait3 wait4 "
    "waitid"
)
SIGNAL_NAMES = (
    "SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2 "
    "SIGXCPU SIGXFSZ SIG_BLOCK alarm pause pthread_kill pthread_sigmask setitimer siginterrupt "
    "sigtimedwait sigwait"
)
#: Tests of what only Unix has: a pipe with a name, the table of processes, opening no link.
UNIX_ONLY = (
    "test_nothing_outside_the_runs_files_is_served[pipe]",
    "test_processes_on_gpus_are_told_apart",
    "test_nothing_is_written_through_a_link",
)
REFUSAL = "Jobs cannot be run on Windows"


class _Seen(types.ModuleType):
    """A module as Windows has it."""

    def __init__(self, real: types.ModuleType, hidden: str, other: Mapping[str, Any]) -> None:
        super().__init__(real.__name__)
        vars(self).update(_real=real, _hidden=frozenset(hidden.split()), **other)

    def __getattr__(self, name: str) -> Any:
        if name in self._hidden:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} on Windows")
        return getattr(self._real, name)


def _kill(pid: int, number: int) -> None:
    if number == 0:  # CTRL_C_EVENT
        raise AssertionError("Signal 0 is an interrupt from the keyboard on Windows.")
    os.kill(pid, number)


def _open(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
    if dir_fd is not None:
        raise NotImplementedError("dir_fd unavailable on this platform")
    if not isinstance(path, int) and os.path.isdir(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))
    return os.open(path, flags, mode)


def _msvcrt() -> types.ModuleType:
    """Locks of one holder, as ``msvcrt.locking`` gives them."""
    import fcntl

    def locking(fd: int, mode: int, count: int) -> None:
        del count
        flags = {0: fcntl.LOCK_UN, 1: fcntl.LOCK_EX, 2: fcntl.LOCK_EX | fcntl.LOCK_NB}[mode]
        fcntl.flock(fd, flags)

    module = types.ModuleType("msvcrt")
    vars(module).update(LK_UNLCK=0, LK_LOCK=1, LK_NBLCK=2, locking=locking)
    return module


_OS: dict[str, Any] = {"name": "nt", "kill": _kill, "open": _open}
_OS.update(supports_dir_fd=set(), supports_fd=set(), supports_follow_symlinks=set())
SEEN = {
    "os": _Seen(os, OS_NAMES, _OS),
    "signal": _Seen(signal, SIGNAL_NAMES, {}),
    "sys": _Seen(sys, "", {"platform": "win32"}),
    "msvcrt": _msvcrt(),
}
_import = builtins.__import__


def _import_as_windows(
    name: str,
    globals: Mapping[str, Any] | None = None,
    locals: Mapping[str, Any] | None = None,
    fromlist: Any = (),
    level: int = 0,
) -> types.ModuleType:
    package, _, rest = str((globals or {}).get("__name__", "")).partition(".")
    if level == 0 and package == "ml_jupyter" and not rest.startswith("testing"):
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r} on Windows", name=name)
        if name in SEEN:
            return SEEN[name]
    return _import(name, globals, locals, fromlist, level)


builtins.__import__ = _import_as_windows
os.environ.setdefault("COMPUTERNAME", "WINDOWS")

_refused: list[str] = []


@pytest.fixture(autouse=True)
def _settings_of_windows(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from ml_jupyter.exceptions import TargetUnavailable

    made = TargetUnavailable.__init__

    def noted(self: TargetUnavailable, message: str, *args: Any, **kwargs: Any) -> None:
        _refused.extend([REFUSAL] if message.startswith(REFUSAL) else [])
        made(self, message, *args, **kwargs)

    _refused.clear()
    monkeypatch.setattr(TargetUnavailable, "__init__", noted)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "AppData"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A test that was refused a job is expected to fail."""
    report = (yield).get_result()  # type: ignore[attr-defined]
    if report.failed and (_refused or item.name in UNIX_ONLY):
        report.outcome = "skipped"
        report.wasxfail = REFUSAL if _refused else "only Unix has it"
