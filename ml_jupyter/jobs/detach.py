"""Whether runs outlive the Jupyter server they were started from, and how to make them.

Under systemd a user's processes end with their session or service. Where lingering is on
(loginctl(1), enable-linger) the dispatcher, and with it every supervisor, moves to a scope of its
own: systemd-run(1), ``--scope``. In a container the end of its first process takes all others with
it, which nothing inside can change.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import List

_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")
_LINGER = Path("/var/lib/systemd/linger")
_SCOPE = ("systemd-run", "--user", "--scope", "--quiet", "--collect")
_ANSWER_S = 5.0


def prefix() -> List[str]:
    """Start of a command line that puts a process into a systemd scope of its own, or nothing."""
    if not _has_user_manager() or not _lingers() or not _makes_scopes(os.getpid()):
        return []
    return [*_SCOPE, "--unit", f"ml-jupyter-{os.getpid()}"]


def ends_with_server() -> bool:
    """Whether the end of the Jupyter server (or of the session around it) ends the runs too."""
    if (
        any(os.path.exists(mark) for mark in _CONTAINER_MARKS)
        or "KUBERNETES_SERVICE_HOST" in os.environ
    ):
        return True
    return _has_user_manager() and not (_lingers() and _makes_scopes(os.getpid()))


def _has_user_manager() -> bool:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return (
        bool(runtime)
        and os.path.exists(os.path.join(runtime, "systemd", "private"))
        and bool(shutil.which("systemd-run"))
    )


@lru_cache(maxsize=1)
def _makes_scopes(pid: int) -> bool:
    """Whether a scope can be had, tried once in a process: after ``su`` there may be no bus."""
    try:
        done = subprocess.run(
            [*_SCOPE, "true"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_ANSWER_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _lingers() -> bool:
    try:
        return (_LINGER / getpass.getuser()).exists()
    except Exception:  # no name for this user id
        return False
