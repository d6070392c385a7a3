"""The entry point of the dispatcher's process: the election, and getting ready to fork."""

from __future__ import annotations

import gc
import importlib
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any, Dict, Optional

from ml_jupyter import _time
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import RunLocked
from ml_jupyter.history import lock
from ml_jupyter.history.lock import HeldLock
from ml_jupyter.jobs import election
from ml_jupyter.jobs.dispatcher import Dispatcher
from ml_jupyter.jobs.election import DispatcherPaths
from ml_jupyter.jobs.rotating_log import RotatingLog

_ELECTION_S = 15.0
#: What supervisors import when they need it: imported before the fork, it costs them nothing.
_PRELOADED = ("ctypes", "fcntl", "termios")


def main() -> None:
    """Entry point; the settings are the first argument, as JSON."""
    settings = Settings(**_typed(json.loads(sys.argv[1])))
    for number in (
        signal.SIGINT,
        signal.SIGQUIT,
    ):  # a shell that starts in the background has them ignored
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    paths = DispatcherPaths(settings)
    held = _elect(paths)
    if held is None:
        return
    log = RotatingLog(paths.log)
    for name in _PRELOADED:
        importlib.import_module(name)
    gc.freeze()  # what is there now stays shared with the supervisors
    try:
        Dispatcher(settings, log).serve()
    except Exception as error:
        log.write(f"stopped: {error!r}")
        raise
    finally:
        held.release()


def _elect(paths: DispatcherPaths) -> Optional[HeldLock]:
    """The lock of the dispatcher; None when another one serves, which is woken instead."""
    paths.prepare()
    deadline = _time.monotonic() + _ELECTION_S
    while _time.monotonic() < deadline:
        try:
            return lock.acquire(paths.lock, 0)
        except RunLocked:
            if _serves_well(paths):
                return None
            time.sleep(0.02)
    return None


def _serves_well(paths: DispatcherPaths) -> bool:
    return not election.is_outdated(paths) and election.send(paths, election.WAKE)


def _typed(values: Dict[str, Any]) -> Dict[str, Any]:
    paths = {"home", "cache", "state", "runtime", "slot_dir"}
    return {key: Path(item) if key in paths else item for key, item in values.items()}
