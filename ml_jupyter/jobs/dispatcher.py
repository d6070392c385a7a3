"""The dispatcher: one small process a user that starts waiting runs and settles lost ones.

Single-threaded, standard library only. It keeps nothing: what there is to do stands in the markers
and run folders of the registered workspaces, so killing it loses nothing. It holds
``dispatcher.lock``, is woken through its socket and by the ends of its supervisors, and leaves when
there is nothing to do.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from functools import partial
from typing import Any, Callable, Dict, List, Optional

from ml_jupyter import _time
from ml_jupyter._files import write_json
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import election, fork, markers, queue, slots
from ml_jupyter.jobs.election import DispatcherPaths
from ml_jupyter.jobs.grant import Grant, NodeGrant
from ml_jupyter.jobs.queue import Live, Placement, Waiting
from ml_jupyter.jobs.queue_view import waiting_of
from ml_jupyter.jobs.roster import Roster, key_of, scope_of
from ml_jupyter.jobs.rotating_log import RotatingLog
from ml_jupyter.jobs.settle import settle_if_lost
from ml_jupyter.jobs.slots import Holder, SlotTable
from ml_jupyter.jobs.supervisor import Assignment, supervise
from ml_jupyter.jobs.version import software_version
from ml_jupyter.jobs.watchdog import Loan

#: Seconds between looks at what gives no sign: supervisors that another dispatcher started, and
#: slots that others hold.
_LOOK_S = 0.5
_MESSAGE_S = 0.05


class Dispatcher:
    """The elected dispatcher of one user.

    Parameters
    ----------
    settings : Settings
        Slots, folders, the time after which it leaves.
    log : RotatingLog
        Its own log.
    """

    def __init__(self, settings: Settings, log: RotatingLog) -> None:
        self._settings = settings
        self._log = log
        self._paths = DispatcherPaths(settings)
        self._slots = SlotTable(settings.slot_dir, settings.slot_count)
        self._roster = Roster(settings)
        self._selector = selectors.DefaultSelector()
        self._socket: Optional[socket.socket] = None
        self._busy: Dict[
            str, int
        ] = {}  # key → descriptor that tells the end of its supervisor or settler
        self._tried: Dict[str, float] = {}  # key → when something was last done about it
        self._leaving = False

    def serve(self) -> None:
        """Work until there is nothing to do, or a newer dispatcher takes over."""
        facts = {"pid": os.getpid(), "version": software_version(), "python": sys.executable}
        write_json(self._paths.facts, facts, mode=0o600)
        self._log.write("started")
        signal.signal(signal.SIGTERM, self._on_terminate)
        self._listen()
        idle_since = _time.monotonic()
        while not self._leaving:
            if self._look_and_tell():
                idle_since = _time.monotonic()
            rest = self._settings.dispatcher_idle_s - (_time.monotonic() - idle_since)
            if rest <= 0 and self._leave_if_idle():
                break
            self._wait(_LOOK_S if self._roster.needs_looks(self._busy) else max(0.0, rest))
        self._close_socket()
        self._slots.wait_for(0)
        self._log.write("left")

    # -- what there is to do -----------------------------------------------------------------------

    def _look(self) -> bool:
        """Settle, start, say why the rest waits; whether there is anything to see to at all."""
        self._roster.refresh(self._busy)
        for key, run in self._roster.lost.items():
            if self._may_try(key):
                self._detach(key, partial(settle_if_lost, run, self._settings), [])
        waiting = self._waiting()
        if waiting:
            for placement in queue.choose(
                waiting, self._live(), self._slots.free(), self._slots.count
            ):
                self._start(placement)
        self._explain()
        return bool(self._roster.waiting or self._roster.live or self._busy)

    def _look_and_tell(self) -> bool:
        """As ``_look``; what keeps all of the queue from working becomes the runs' reason."""
        try:
            return self._look()
        except (MlJupyterError, OSError) as error:
            self._log.write(f"held up: {error!r}")
            for run in self._roster.waiting.values():
                with suppress(MlJupyterError, OSError):
                    run.set_reason(f"The queue is held up: {error}")
            return True

    def _waiting(self) -> List[Waiting]:
        return [waiting_of(run, _scope(run)) for run in self._roster.waiting.values()]

    def _live(self) -> List[Live]:
        holding: Dict[str, int] = {}
        for holder in self._slots.survey():
            if holder is not None:
                holding[holder.run_id] = holding.get(holder.run_id, 0) + 1
        found = []
        for key, run in self._roster.live.items():
            facts = waiting_of(run, _scope(run))
            own = holding.get(key, 0)
            found.append(Live(key, own or facts.slots, facts.parent_id, borrowed=own == 0))
        return found

    def _start(self, placement: Placement) -> None:
        if not self._may_try(placement.run_id):
            return
        run = self._roster.waiting[placement.run_id]
        holder = Holder(os.getuid(), placement.run_id, run.state().display_name or run.id)
        taken: Optional[Dict[int, int]] = {}
        loan = None
        if placement.lender is None:
            taken = self._slots.take(placement.slots, holder)
        else:
            loan = Loan(tuple(self._slots_behind(placement.lender)), holder)
        if taken is None:
            return
        root = markers.workspace_of(run).root
        node = NodeGrant(0, tuple(taken))
        grant = Grant((node,), {f"cpu-{index}": fd for index, fd in taken.items()})
        work = Assignment(root, run.record.experiment_id, run.id, self._settings, grant, loan)
        self._detach(placement.run_id, partial(supervise, work), list(taken.values()))
        slots.close(taken.values())
        self._roster.started(placement.run_id)

    def _slots_behind(self, lender: str) -> List[int]:
        """Slots of a parent, or of the one that it has them from itself."""
        run = self._roster.live.get(lender)
        while run is not None:
            found = self._slots.slots_of(key_of(run))
            if found:
                return found
            run = self._roster.live.get(_scope(run) + (run.record.parent_id or ""))
        return []

    def _explain(self) -> None:
        waiting = self._waiting()
        if not waiting:
            self._slots.wait_for(0)
            return
        first = queue.in_order(waiting)[0]
        self._slots.wait_for(first.slots if first.slots <= self._slots.count else 0)
        holders = [None if item is None else item.name for item in self._slots.survey()]
        for key, text in queue.reasons(waiting, holders).items():
            run = self._roster.waiting[key]
            if run.state().reason != text:
                run.set_reason(text)

    # -- processes ---------------------------------------------------------------------------------

    def _may_try(self, key: str) -> bool:
        """Whether nothing was done about a run just now: no failure is tried in a circle."""
        return _time.monotonic() - self._tried.get(key, -_LOOK_S) >= _LOOK_S

    def _detach(self, key: str, body: Callable[[], Any], keep: List[int]) -> None:
        fd = fork.detached(body, keep, lambda text: self._log.write(f"{key}: {text}"))
        self._busy[key] = fd
        self._tried[key] = _time.monotonic()
        self._selector.register(fd, selectors.EVENT_READ, key)

    def _ended(self, key: str) -> None:
        fd = self._busy.pop(key)
        self._selector.unregister(fd)
        os.close(fd)
        try:
            self._roster.ended(key)
        except (MlJupyterError, OSError) as error:  # a full disk: it is looked at again
            self._log.write(f"{key}: {error!r}")

    def _wait(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                self._take_messages()
            else:
                self._ended(key.data)

    # -- being found -------------------------------------------------------------------------------

    def _listen(self) -> None:
        path = str(self._paths.socket)
        _unlink(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(path)
        os.chmod(path, 0o600)
        self._socket.listen(128)
        self._socket.setblocking(False)
        self._selector.register(self._socket, selectors.EVENT_READ, None)

    def _take_messages(self) -> None:
        while self._socket is not None:
            try:
                client, _ = self._socket.accept()
            except BlockingIOError:
                return
            with client, suppress(OSError):  # a client that is gone or says nothing
                client.settimeout(_MESSAGE_S)
                message = client.recv(256)
                client.sendall(election.TAKEN)
                if message == election.GIVE_WAY.encode("ascii"):
                    self._log.write("gives way to a newer version")
                    self._leaving = True

    def _leave_if_idle(self) -> bool:
        """Close the socket, look once more, then leave: who finds it closed starts another."""
        self._close_socket()
        if self._look_and_tell():
            self._listen()
            return False
        return True

    def _close_socket(self) -> None:
        if self._socket is not None:
            _unlink(str(self._paths.socket))
            self._selector.unregister(self._socket)
            self._socket.close()
            self._socket = None

    def _on_terminate(self, *_: object) -> None:
        self._leaving = True


def _scope(run: RunFolder) -> str:
    return scope_of(markers.workspace_of(run))


def _unlink(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
