"""Detached children of the dispatcher: no new interpreter, so that a job starts without delay.

Only for a process with a single thread, which the dispatcher is: forking one with more leaves locks
held for ever.
"""

from __future__ import annotations

import os
import traceback
from typing import Callable, Iterable

_HIGHEST_FD = 1 << 20


def detached(body: Callable[[], None], keep: Iterable[int], failed: Callable[[str], None]) -> int:
    """Run ``body`` in a process of its own session that nobody has to wait for.

    Parameters
    ----------
    body : callable
        What it does; it ends when this returns.
    keep : iterable of int
        Descriptors that it needs beside the standard ones. All others are closed in it, or a dead
        dispatcher's socket would go on taking messages.
    failed : callable
        Told the traceback when ``body`` raises.

    Returns
    -------
    int
        Descriptor that becomes readable (end of file) when the process is gone, whatever ended it.
    """
    read_fd, write_fd = os.pipe()
    child = os.fork()
    if child == 0:
        _in_child(body, {write_fd, *keep}, failed)
    os.close(write_fd)
    os.waitpid(child, 0)
    return read_fd


def _in_child(body: Callable[[], None], keep: set[int], failed: Callable[[str], None]) -> None:
    code = 1
    try:
        os.setsid()
        if os.fork() > 0:
            os._exit(0)
        _close_all_but(keep)
        body()
        code = 0
    except BaseException:
        failed(traceback.format_exc())
    finally:
        os._exit(code)


def _close_all_but(keep: set[int]) -> None:
    first = 3
    for fd in sorted(item for item in keep if item > 2):
        os.closerange(first, fd)
        first = fd + 1
    os.closerange(first, _highest_open() + 1)


def _highest_open() -> int:
    for folder in ("/proc/self/fd", "/dev/fd"):
        try:
            return max(int(name) for name in os.listdir(folder))
        except (OSError, ValueError):
            continue
    return min(_HIGHEST_FD, int(os.sysconf("SC_OPEN_MAX")))
