"""Whose a process is: a run of ours, a notebook's kernel, another program, another user's.

Linux: from ``/proc`` (proc(5)), which shows the environment of one's own processes only. Elsewhere
a process is just its number.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional

from ml_jupyter import _time, _words
from ml_jupyter.devices.sessions import KernelSession

RUN = "run"
NOTEBOOK = "notebook"
USER = "user"
UNKNOWN = "unknown"

#: Connection files of kernels, as Jupyter names them (jupyter_core, runtime folder).
_CONNECTION = re.compile(r"kernel-([\w.-]+)\.json$")


@dataclass(frozen=True)
class Owner:
    """Whose a process is.

    Attributes
    ----------
    kind : str
        ``run``, ``notebook``, ``user`` (any other program) or ``unknown`` (another container, or
        ended just now).
    program : str
        Name of the program, as ``ps`` shows it.
    uid, user : int, str
        Number and name of its user; -1: not known.
    mine : bool
        Whether that is this process's user.
    run_id, workspace : str
        The run it belongs to, and the folder of its workspace; empty for others.
    given : bool
        Whether a queue gave GPUs to the run.
    kernel_id, notebook : str
        Of a notebook, as far as they are known.
    started : int, optional
        Nanoseconds since the epoch.
    idle_s : float, optional
        Seconds since the notebook last ran something.
    """

    pid: int
    kind: str = UNKNOWN
    program: str = ""
    uid: int = -1
    user: str = ""
    mine: bool = False
    run_id: str = ""
    workspace: str = ""
    given: bool = False
    kernel_id: str = ""
    notebook: str = ""
    started: Optional[int] = None
    idle_s: Optional[float] = None

    @property
    def phrase(self) -> str:
        """Who it is, as a part of a sentence: ``pid 4121, the notebook "eda.ipynb" (idle 3 h)``."""
        if self.kind == RUN:
            return f"pid {self.pid}, the run {self.run_id}"
        if self.kind == NOTEBOOK:
            what = f'the notebook "{self.notebook}"' if self.notebook else "a notebook kernel"
            return f"pid {self.pid}, {what}{self._since()}"
        if self.kind == UNKNOWN:
            return f"pid {self.pid}, which cannot be seen from here"
        whose = "" if self.mine else f" of {self.user}"
        return f"pid {self.pid} ({self.program}){whose}{self._since()}"

    def _since(self) -> str:
        """For how long, from one minute on: a sentence that is kept must not say "for 3 s"."""
        word, seconds = "idle", self.idle_s
        if seconds is None:
            if self.started is None:
                return ""
            word, seconds = "for", (_time.now_ns() - self.started) / 1e9
        return f" ({word} {_words.rounded(seconds)})" if seconds >= 60 else ""


def of(pid: int, sessions: Optional[Mapping[str, KernelSession]] = None) -> Owner:
    """Whose a process is. Never raises.

    Parameters
    ----------
    pid : int
        The process.
    sessions : mapping of str to KernelSession, optional
        Kernels by id (``sessions.known``), to name the notebooks.
    """
    try:
        uid = os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return Owner(pid)
    facts: Dict[str, Any] = {
        "program": _program(pid),
        "uid": uid,
        "user": _user(uid),
        "mine": uid == os.getuid(),
        "started": _started(pid),
    }
    environ = _environ(pid)
    run_id = environ.get("ML_JUPYTER_RUN_ID", "")
    if run_id:
        workspace = environ.get("ML_JUPYTER_WORKSPACE", "")
        given = environ.get("AZ_BATCHAI_NUM_GPUS", "0") != "0"
        return Owner(pid, RUN, run_id=run_id, workspace=workspace, given=given, **facts)
    kernel_id = _kernel_id(pid)
    named = environ.get("JPY_SESSION_NAME", "")
    if not kernel_id and not named:
        return Owner(pid, USER, **facts)
    session = (sessions or {}).get(kernel_id)
    path = session.path if session is not None and session.path else named
    return Owner(
        pid,
        NOTEBOOK,
        kernel_id=kernel_id,
        notebook=os.path.basename(path),
        idle_s=None if session is None else session.idle_s(),
        **facts,
    )


def _kernel_id(pid: int) -> str:
    """Id of the kernel that a process is; empty: none."""
    for word in _strings(pid, "cmdline"):
        found = _CONNECTION.search(word)
        if found:
            return found.group(1)
    return ""


def _environ(pid: int) -> Dict[str, str]:
    pairs = (word.partition("=") for word in _strings(pid, "environ"))
    return {name: value for name, _, value in pairs}


def _strings(pid: int, name: str) -> List[str]:
    try:
        with open(f"/proc/{pid}/{name}", "rb") as stream:
            return [os.fsdecode(word) for word in stream.read().split(b"\0")]
    except OSError:
        return []


def _program(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/comm", "rb") as stream:
            return stream.read().decode("utf-8", "replace").strip()
    except OSError:
        return ""


def _user(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _started(pid: int) -> Optional[int]:
    try:
        with open(f"/proc/{pid}/stat", "rb") as stream:
            ticks = int(stream.read().rpartition(b")")[2].split()[19])
        with open("/proc/stat", "rb") as stream:
            boot = next(int(line.split()[1]) for line in stream if line.startswith(b"btime "))
    except (OSError, IndexError, ValueError, StopIteration):
        return None
    return int((boot + ticks / os.sysconf("SC_CLK_TCK")) * 1e9)
