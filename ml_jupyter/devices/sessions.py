"""Which notebook a kernel belongs to, as far as the Jupyter servers of this user have said.

Each server keeps ``kernels-<pid>.json`` in the private runtime folder up to date; the queue reads
them to name the notebook that holds a GPU, and for how long it has been idle.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Dict, Iterable, Optional

from ml_jupyter import _time
from ml_jupyter._alive import is_alive
from ml_jupyter._files import read_json, write_json
from ml_jupyter.exceptions import MlJupyterError

_PREFIX = "kernels-"


@dataclass(frozen=True)
class KernelSession:
    """A kernel of a Jupyter server.

    Attributes
    ----------
    kernel_id : str
        As in the name of its connection file, ``kernel-<id>.json``.
    path : str
        The notebook, relative to the server's root; empty for a console.
    last_activity : int
        Nanoseconds since the epoch.
    busy : bool
        Whether a cell runs.
    """

    kernel_id: str
    path: str = ""
    last_activity: int = 0
    busy: bool = False

    def idle_s(self) -> Optional[float]:
        """Seconds since something ran in it; None: it is busy, or it is not known."""
        if self.busy or not self.last_activity:
            return None
        return max(0.0, (_time.now_ns() - self.last_activity) / 1e9)


def publish(runtime: Path, sessions: Iterable[KernelSession]) -> None:
    """Say which kernels this process's server has; replaces what it said before.

    Raises
    ------
    StorageFailed
        The runtime folder cannot be written to.
    """
    write_json(_path(runtime, os.getpid()), [asdict(item) for item in sessions], mode=0o600)


def withdraw(runtime: Path) -> None:
    """The server ends: forget its kernels."""
    with suppress(OSError):
        _path(runtime, os.getpid()).unlink()


def known(runtime: Path) -> Dict[str, KernelSession]:
    """The kernels of all living servers of this user, by id."""
    found: Dict[str, KernelSession] = {}
    try:
        paths = list(runtime.glob(_PREFIX + "*.json"))
    except OSError:
        return found
    for path in paths:
        if not _lives(path):
            with suppress(OSError):
                path.unlink()
            continue
        with suppress(OSError, MlJupyterError, TypeError):
            for item in read_json(path):
                session = KernelSession(**item)
                found[session.kernel_id] = session
    return found


def _path(runtime: Path, pid: int) -> Path:
    return runtime / f"{_PREFIX}{pid}.json"


def _lives(path: Path) -> bool:
    text = path.stem[len(_PREFIX) :]
    return text.isdigit() and is_alive(text)
