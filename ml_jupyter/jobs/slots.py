"""Slots of this machine: one lock file each, shared by all users, held by supervisors.

The folder is sticky and world-writable, as ``/tmp`` is. A slot is taken by ``flock``, all that a
job needs or none, in one fixed order; the dispatcher takes it and the supervisor inherits it, so
that it is never free in between and is free the moment the supervisor is dead. Whoever waits keeps
a ticket; slots that an earlier ticket of another user waits for are left to it.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Sequence

from ml_jupyter import _time
from ml_jupyter._files import storage_failed
from ml_jupyter.history import lock
from ml_jupyter.history.lock import HeldLock

_FACTS_BYTES = 4096


@dataclass(frozen=True)
class Holder:
    """Who uses a slot. ``run_id`` is empty when it is not to be known."""

    uid: int
    run_id: str
    name: str


class SlotTable:
    """The CPU slots of this machine.

    Parameters
    ----------
    folder : Path
        Where the lock files are; made when missing.
    count : int
        Number of slots that this user counts with.
    """

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder
        self.count = count
        self._ticket: Optional[HeldLock] = None
        self._wanted = 0

    def survey(self) -> List[Optional[Holder]]:
        """Who holds each slot; None: nobody."""
        return [self._holder(index) for index in range(self.count)]

    def free(self) -> int:
        """Slots that may be taken now: not held, and not awaited by somebody who came earlier."""
        idle = sum(1 for holder in self.survey() if holder is None)
        return max(0, idle - self._awaited_before())

    def take(self, needed: int, holder: Holder) -> Optional[Dict[int, int]]:
        """Take free slots, all that are needed or none.

        Returns
        -------
        dict of int to int, optional
            Slot to descriptor that holds it, to be inherited by the supervisor; None: not enough
            are free.
        """
        taken: Dict[int, int] = {}
        for index in range(self.count):
            if len(taken) == needed:
                break
            fd = self._try(index)
            if fd is not None:
                taken[index] = fd
        if len(taken) < needed:
            close(taken.values())
            return None
        for fd in taken.values():
            _write_facts(fd, vars(holder))
        return taken

    def take_slot(self, index: int, holder: Holder) -> Optional[int]:
        """Take one certain slot; its descriptor, or None when it is held."""
        fd = self._try(index)
        if fd is not None:
            _write_facts(fd, vars(holder))
        return fd

    def slots_of(self, run_id: str) -> List[int]:
        """Slots that a run holds."""
        return [
            index
            for index, holder in enumerate(self.survey())
            if holder and holder.run_id == run_id
        ]

    def wait_for(self, needed: int) -> None:
        """Keep a ticket for so many slots; 0: none. It keeps its place while the number changes."""
        if needed == self._wanted:
            return
        self._wanted = needed
        if needed == 0 and self._ticket is not None:
            self._ticket.path.unlink()
            self._ticket.release()
            self._ticket = None
        elif needed:
            if self._ticket is None:
                name = f"ticket-{_time.now_ns():020d}-{os.getuid()}-{os.getpid()}"
                self._prepare()
                self._ticket = lock.acquire(self._folder / name, 0)
            self._ticket.path.write_text(str(needed), "ascii")

    def _awaited_before(self) -> int:
        awaited = 0
        own = None if self._ticket is None else self._ticket.path.name
        for name in sorted(self._names()):
            if not name.startswith("ticket-"):
                continue
            if own is not None and name >= own:
                break
            path = self._folder / name
            if not lock.is_held(path):
                _forget(path)
                continue
            try:
                awaited += int(path.read_text("ascii") or 0)
            except (OSError, ValueError):
                continue
        return awaited

    def _holder(self, index: int) -> Optional[Holder]:
        path = self._path(index)
        if not lock.is_held(path):
            return None
        facts = _read_facts(path)
        run_id, name = str(facts.get("run_id", "")), str(facts.get("name", ""))
        uid = facts.get("uid")
        if uid != os.getuid() or not run_id:
            return Holder(uid if isinstance(uid, int) else -1, "", "a job of another user")
        return Holder(uid, run_id, name or run_id)

    def _try(self, index: int) -> Optional[int]:
        self._prepare()
        path = self._path(index)
        try:
            fd = _open_shared(str(path))
        except OSError as error:
            raise storage_failed(error, path) from error
        if lock.try_descriptor(fd):
            return fd
        os.close(fd)
        return None

    def _path(self, index: int) -> Path:
        return self._folder / f"cpu-{index}"

    def _names(self) -> Sequence[str]:
        try:
            return os.listdir(str(self._folder))
        except OSError:
            return ()

    def _prepare(self) -> None:
        if self._folder.is_dir():
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            os.chmod(str(self._folder), 0o1777)
        except OSError as error:
            raise storage_failed(error, self._folder) from error


def close(descriptors: Iterable[int]) -> None:
    """Let slots go: the lock is free when the last process has closed its copy."""
    for fd in list(descriptors):
        os.close(fd)


def _open_shared(path: str) -> int:
    # Without O_CREAT first: in a sticky folder the system refuses O_CREAT on another user's file
    # (sysctl fs.protected_regular, proc(5)).
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        pass
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        os.fchmod(fd, 0o666)
        return fd
    except FileExistsError:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)


def _write_facts(fd: int, facts: Dict[str, Any]) -> None:
    os.ftruncate(fd, 0)
    os.pwrite(fd, json.dumps(facts).encode("ascii"), 0)


def _read_facts(path: Path) -> Dict[str, Any]:
    try:
        with open(path, "rb") as stream:
            facts = json.loads(stream.read(_FACTS_BYTES))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _forget(path: Path) -> None:
    with suppress(OSError):  # another user's: its owner removes it
        path.unlink()
