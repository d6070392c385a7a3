"""Tickets: who waits for slots, in the order in which they came; one a user.

A ticket is a locked file, ``ticket-<time>-<uid>-<pid>``, that says what is needed. Its user goes to
the end of the line when that run has started, so that nobody with a long queue keeps others out.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import List, Optional

from ml_jupyter import _time
from ml_jupyter.history import lock
from ml_jupyter.history.lock import HeldLock
from ml_jupyter.jobs import slot_files
from ml_jupyter.jobs.queue_request import Request

_PREFIX = "ticket-"


class Tickets:
    """The line of users who wait.

    Parameters
    ----------
    folder : Path
        The folder of the slots.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: Optional[HeldLock] = None
        self._wanted: Optional[Request] = None

    def wait_for(self, request: Optional[Request]) -> None:
        """Keep a ticket; None: none. It keeps its place while what is needed changes."""
        if request == self._wanted:
            return
        if request is None:
            self.leave()
            return
        if self._held is None:
            slot_files.prepare(self._folder)
            name = f"{_PREFIX}{_time.now_ns():020d}-{os.getuid()}-{os.getpid()}"
            self._held = lock.acquire(self._folder / name, 0)
            os.chmod(str(self._held.path), 0o644)  # all may read it, whatever the umask
        self._held.path.write_text(request.to_text(), "ascii")
        self._wanted = request

    def leave(self) -> None:
        """Give the ticket up; the next one is at the end of the line."""
        held, self._held, self._wanted = self._held, None, None
        if held is not None:
            slot_files.forget(held.path)
            held.release()

    def before(self) -> List[Request]:
        """What those wait for who came before this one, or before now; the first one first."""
        found = []
        own = None if self._held is None else self._held.path.name
        for name in sorted(slot_files.names(self._folder)):
            if not name.startswith(_PREFIX):
                continue
            if own is not None and name >= own:
                break
            path = self._folder / name
            if not lock.is_held(path):
                slot_files.forget(path)
                continue
            try:
                found.append(Request.from_text(path.read_text("ascii")))
            except (OSError, ValueError, TypeError):
                continue
        return found
