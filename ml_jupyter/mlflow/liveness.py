"""The locks by which a run that MLflow made is known to be alive.

The process that starts a run holds its lock until the run ends. When it is killed, the system frees
the lock, and the run is settled as Failed as every other one is: it does not stay RUNNING forever.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Dict, Optional, Set

from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import lock
from ml_jupyter.history.lock import HeldLock
from ml_jupyter.history.run_folder import RunFolder


class Liveness:
    """The locks that this process holds for its runs. Threads may share it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: Dict[Path, HeldLock] = {}
        self._runs: Dict[Path, Set[str]] = {}
        self._pid = os.getpid()

    def shared_with(self, parent: RunFolder) -> Optional[str]:
        """The lock that stands for this process already, for a run below ``parent``; or None."""
        path = parent.lock_path
        in_job = path.parent.name == os.environ.get("ML_JUPYTER_RUN_ID")
        with self._guard:
            self._forget_in_child()
            if in_job or path in self._held:
                return f"{path.parent.parent.name}/{path.parent.name}"
        return None

    def take(self, run: RunFolder) -> None:
        """Hold the lock of a run, if nobody else does."""
        path = run.lock_path
        with self._guard:
            self._forget_in_child()
            self._runs.setdefault(path, set()).add(run.id)
            if path not in self._held:
                try:
                    self._held[path] = lock.acquire(path, 0)
                except MlJupyterError:  # the run of another process, which only logs into it
                    del self._runs[path]

    def drop(self, run: RunFolder) -> None:
        """The run has ended: let its lock go, unless another live run shares it."""
        path = run.lock_path
        with self._guard:
            self._forget_in_child()
            runs = self._runs.get(path, set())
            runs.discard(run.id)
            if not runs and path in self._held:
                self._held.pop(path).release()
                self._runs.pop(path, None)

    def _forget_in_child(self) -> None:
        if self._pid != os.getpid():  # the runs of a process that forked are its own
            self._pid, self._held, self._runs = os.getpid(), {}, {}


LIVENESS = Liveness()
