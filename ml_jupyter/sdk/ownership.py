"""The interactive runs of this process: their locks, and what becomes of them at its end.

A run that the process forgets to complete is Completed with a warning at a normal end of the
interpreter, and Failed when an exception or another exit status than 0 ended it. When the process
is killed, the system frees the lock, and any reader settles the run.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, List, Optional, Type

from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import lock, status
from ml_jupyter.history.lock import HeldLock
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.sdk.collecting import Collector
from ml_jupyter.sdk.metric_writer import MetricWriter
from ml_jupyter.sdk.notices import warn_safely
from ml_jupyter.sdk.process_exit import ExitWatch, status_of

_FOLLOW_S = 1.0
FORGOTTEN = "The process ended without complete(); the run was marked as Completed."


class OwnedRun:
    """A live interactive run of this process, with what must be done at its end."""

    def __init__(
        self, folder: RunFolder, writer: MetricWriter, collector: Optional[Collector]
    ) -> None:
        self.folder = folder
        self.lock_path = folder.lock_path
        self.writer = writer
        self.collector = collector
        self.failure: Optional[Dict[str, Any]] = None  # told, but not recorded yet


class Ownership:
    """All of them. One object a process; threads may share it."""

    def __init__(self) -> None:
        self._guard = threading.RLock()
        self._runs: Dict[str, OwnedRun] = {}
        self._locks: Dict[Path, HeldLock] = {}
        self._sharing: Counter[Path] = Counter()
        self._watching = False
        self._follower: Optional[threading.Thread] = None
        self._failure: Optional[Dict[str, Any]] = None
        self._exits = ExitWatch(lambda: bool(self._runs))
        self._previous_hook: Any = None
        self._wake = threading.Event()

    def hold(self, folder: RunFolder) -> None:
        """Take the run's own lock, waiting for it."""
        with self._guard:
            self._watch_the_end()
            if folder.lock_path not in self._locks:
                self._locks[folder.lock_path] = lock.acquire(folder.lock_path)

    def holds(self, path: Path) -> bool:
        """Whether this process holds a lock."""
        with self._guard:
            return path in self._locks

    def add(self, run: OwnedRun) -> None:
        """Take charge of a run."""
        with self._guard:
            self._watch_the_end()
            self._runs[run.folder.id] = run
            self._sharing[run.lock_path] += 1
            if run.collector is not None:
                self._start_following()

    def get(self, run_id: str) -> Optional[OwnedRun]:
        """The run, when this process is in charge of it."""
        with self._guard:
            return self._runs.get(run_id)

    def live(self) -> List[RunFolder]:
        """The runs that this process is in charge of, the newest last."""
        with self._guard:
            return [run.folder for run in self._runs.values()]

    def collect(self, run_id: str) -> None:
        """Write what is still to be written of a run, before its last state."""
        owned = self.get(run_id)
        if owned is None:
            return
        lost = owned.writer.finish()
        try:
            if owned.collector is not None:
                owned.collector.finish()
            if lost:
                owned.folder.warn(lost)
        except (MlJupyterError, OSError) as error:
            warn_safely(f"Not all files of run {run_id} could be kept: {error}")

    def drop(self, run_id: str) -> None:
        """The run has ended: give up its lock, unless another live run shares it."""
        with self._guard:
            owned = self._runs.pop(run_id, None)
            if owned is None:
                return
            owned.writer.late = True
            path = owned.lock_path
            self._sharing[path] -= 1
            if not self._sharing[path]:
                del self._sharing[path]
                held = self._locks.pop(path, None)
                if held is not None:
                    held.release()

    def end_all(self) -> None:
        """At the end of the process: end every run that is still live, children first."""
        failed: List[str] = []
        for run_id in reversed(list(self._runs)):
            try:
                self._end(self._runs[run_id].folder)
            except Exception as error:  # the other runs need their end too
                failed.append(f"run {run_id} could not be ended: {error}")
            finally:
                self.drop(run_id)
        if failed:
            more = f" (and {len(failed) - 1} more runs)" if len(failed) > 1 else ""
            print(f"ml_jupyter: {failed[0]}{more}", file=sys.stderr)

    # -- inside

    def forget_all(self) -> None:
        """In a forked child: the runs are the parent's."""
        self._guard = threading.RLock()
        self._runs, self._locks, self._failure = {}, {}, None
        self._exits.forget()
        self._sharing = Counter()
        self._wake, self._follower = threading.Event(), None

    def _watch_the_end(self) -> None:
        if not self._watching:
            self._watching = True
            atexit.register(self.end_all)
            self._exits.install()
            self._previous_hook, sys.excepthook = sys.excepthook, self._note_failure
            shell = _ipython()
            if shell is not None:
                shell.events.register("post_run_cell", self._note_cell)

    def _start_following(self) -> None:
        if self._follower is None:
            self._follower = threading.Thread(
                target=self._follow, args=(self._wake,), daemon=True, name="ml_jupyter-collect"
            )
            self._follower.start()
        self._wake.set()

    def _note_failure(
        self, kind: Type[BaseException], error: BaseException, trace: Optional[TracebackType]
    ) -> None:
        self._failure = facts_of(error)
        self._previous_hook(kind, error, trace)

    def _note_cell(self, result: Any) -> None:
        """After a notebook's cell: what it failed with, if it did, in case it was the last one."""
        error = result.error_in_exec or result.error_before_exec
        left_well = isinstance(error, SystemExit) and status_of(error) == 0
        self._failure = None if error is None or left_well else facts_of(error)
        self._exits.forget()

    def _end(self, folder: RunFolder) -> None:
        if folder.state().status in status.TERMINAL:
            return
        self.collect(folder.id)
        owned, left = self._runs.get(folder.id), self._exits.failure()
        failure = None if owned is None else owned.failure
        failure = failure or self._failure or (facts_of(left) if left is not None else None)
        if failure is not None:
            folder.move_if(status.OWNED, status.FAILED, **failure)
        elif folder.move_if(status.OWNED, status.COMPLETED, reason=FORGOTTEN):
            folder.warn(FORGOTTEN)

    def _follow(self, wake: threading.Event) -> None:
        """Copy the live logs of all runs again and again; sleeps while there are none."""
        while True:
            wake.wait()
            with self._guard:
                followed = [run for run in self._runs.values() if run.collector is not None]
                if not followed:
                    wake.clear()
                    continue
            for run in followed:
                _follow_one(run)
            time.sleep(_FOLLOW_S)


def _ipython() -> Any:
    """The IPython shell that runs this code, or None; IPython is not imported for it."""
    core = sys.modules.get("IPython.core.getipython")
    return None if core is None else core.get_ipython()


def _follow_one(run: OwnedRun) -> None:
    assert run.collector is not None
    with suppress(MlJupyterError, OSError):  # a full disk: tried again, at the end with a message
        run.collector.follow()


def error_of(error: Any, code: Optional[str] = None) -> Dict[str, Optional[str]]:
    """``code``, ``message`` and ``traceback`` of an exception or a text."""
    if not isinstance(error, BaseException):
        return {"code": code or "UserError", "message": str(error or ""), "traceback": None}
    lines: List[str] = traceback.format_exception(type(error), error, error.__traceback__)
    message = "".join(traceback.format_exception_only(type(error), error)).strip()
    return {"code": code or type(error).__name__, "message": message, "traceback": "".join(lines)}


def failed_reason(error: Dict[str, Optional[str]]) -> str:
    """One line on why a run failed."""
    first = (error["message"] or "").strip().splitlines()[:1]
    return first[0][:500] if first else "Marked as failed."


def facts_of(failure: Any, code: Optional[str] = None) -> Dict[str, Any]:
    """``reason``, ``error`` and ``exit_code`` of a run that an exception or a text ended."""
    error = error_of(failure, code)
    if not isinstance(failure, SystemExit):
        return {"reason": failed_reason(error), "error": error}
    number = status_of(failure)
    said = failure.code if isinstance(failure.code, str) else None
    error["message"] = said or f"The script ended with exit code {number}."
    return {"reason": failed_reason(error), "error": error, "exit_code": number}


OWNERSHIP = Ownership()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=OWNERSHIP.forget_all)
