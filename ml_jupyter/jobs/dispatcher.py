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
from typing import Any, Callable, Dict, List, Optional, Set

from ml_jupyter import _time
from ml_jupyter._files import write_json
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import election, fork, markers, slots
from ml_jupyter.jobs.dispatcher_builds import BuildQueue
from ml_jupyter.jobs.dispatcher_reasons import SaidReasons
from ml_jupyter.jobs.election import DispatcherPaths
from ml_jupyter.jobs.preparing import prepare_run
from ml_jupyter.jobs.queue import Placement, Waiting
from ml_jupyter.jobs.queue_desk import QueueDesk
from ml_jupyter.jobs.queue_loans import scope_in
from ml_jupyter.jobs.queue_view import waiting_of
from ml_jupyter.jobs.roster import Roster
from ml_jupyter.jobs.rotating_log import RotatingLog
from ml_jupyter.jobs.settle import settle_if_lost
from ml_jupyter.jobs.supervisor import Assignment, supervise
from ml_jupyter.jobs.version import software_version

#: Seconds between looks at what gives no sign: supervisors that another dispatcher started, and
#: slots that others hold.
_LOOK_S = 0.5
_MESSAGE_S = 0.05
HELD = "Held by its user; it waits until it is released."
#: What the selector says when the driver has answered.
_GPUS = "gpus"


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
        self._desk = QueueDesk(settings)
        self._roster = Roster(settings)
        self._builds = BuildQueue(settings)
        self._said = SaidReasons()
        self._selector = selectors.DefaultSelector()
        self._socket: Optional[socket.socket] = None
        self._busy: Dict[
            str, int
        ] = {}  # key → descriptor that tells the end of its supervisor or settler
        self._settling: Set[str] = set()
        self._tried: Dict[str, float] = {}  # key → when something was last done about it
        self._known: Dict[str, Waiting] = {}  # key → what it needs, and its place
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
        self._desk.close()
        self._log.write("left")

    # -- what there is to do -----------------------------------------------------------------------

    def _look(self) -> bool:
        """Settle, start, say why the rest waits; whether there is anything to see to at all."""
        roster = self._roster
        roster.refresh(self._busy, self._builds.running)
        for key, run in roster.lost.items():
            if self._may_try(key):
                self._settling.add(key)
                self._detach(key, partial(settle_if_lost, run, self._settings), [])
        waiting = self._ready()
        names = self._names() if waiting else {}
        if self._desk.is_news(waiting, roster.live, names):
            for placement in self._desk.choose(waiting, roster.live):
                self._start(placement)
            left = [item for item in waiting if item.run_id in roster.waiting]
            self._said.say(self._desk.explain(left, names), roster.waiting)
        self._forget()
        return bool(roster.waiting or roster.live or roster.preparing or self._busy)

    def _look_and_tell(self) -> bool:
        """As ``_look``; what keeps all of the queue from working becomes the runs' reason."""
        try:
            return self._look()
        except (MlJupyterError, OSError) as error:
            self._log.write(f"held up: {error!r}")
            self._said.keep_only(())
            self._desk.look_again()
            for run in self._roster.waiting.values():
                with suppress(MlJupyterError, OSError):
                    run.set_reason(f"The queue is held up: {error}")
            return True

    def _ready(self) -> List[Waiting]:
        """Runs that wait and have their environment; for the others it is made."""
        roster = self._roster
        every = [self._facts(key, run) for key, run in roster.waiting.items()]
        self._said.say({item.run_id: HELD for item in every if item.held}, roster.waiting)
        waiting = [item for item in every if not item.held]
        plan = self._builds.plan(waiting, roster.waiting, roster.preparing)
        self._said.say(plan.reasons, roster.waiting)
        for key in plan.start:
            if self._may_try(key):
                run = roster.waiting[key]
                root = markers.workspace_of(run).root
                body = partial(prepare_run, root, run.record.experiment_id, run.id, self._settings)
                self._builds.started(key, run)
                self._detach(key, body, [])
                roster.prepares(key)
        return plan.ready

    def _facts(self, key: str, run: RunFolder) -> Waiting:
        if key not in self._known or key in self._roster.touched:
            self._known[key] = waiting_of(run, scope_in(key, run))
        return self._known[key]

    def _start(self, placement: Placement) -> None:
        if not self._may_try(placement.run_id):
            return
        run = self._roster.waiting[placement.run_id]
        name = run.state().display_name or run.id
        taken = self._desk.take(placement, name, self._roster.live)
        if taken is None:
            return
        root = markers.workspace_of(run).root
        work = Assignment(
            root, run.record.experiment_id, run.id, self._settings, taken.grant, taken.loan
        )
        descriptors = list(taken.grant.descriptors.values())
        self._detach(placement.run_id, partial(supervise, work), descriptors)
        slots.close(descriptors)
        self._roster.started(placement.run_id)

    def _names(self) -> Dict[str, str]:
        return {run.id: run.state().display_name or run.id for run in self._roster.live.values()}

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
        self._desk.forget(key)
        if self._builds.ended(key) or key in self._settling:
            self._settling.discard(key)  # a run that is Queued again waits for its next turn
            return
        try:
            self._roster.ended(key)
        except (MlJupyterError, OSError) as error:  # a full disk: it is looked at again
            self._log.write(f"{key}: {error!r}")

    def _wait(self, seconds: float) -> None:
        watched = self._desk.watch.fileno
        if watched is not None:
            with suppress(KeyError):
                self._selector.register(watched, selectors.EVENT_READ, _GPUS)
        deadline = _time.monotonic() + seconds
        waits = True
        while waits:
            events = self._selector.select(max(0.0, deadline - _time.monotonic()))
            waits = bool(events) and all(self._is_idle(key.data) for key, _ in events)
            for key, _ in events:
                self._on_event(key.data)
        if watched is not None:
            with suppress(KeyError):
                self._selector.unregister(watched)

    def _is_idle(self, what: Optional[str]) -> bool:
        """Whether an event lets the dispatcher sleep on: an answer that nobody waits for."""
        return what == _GPUS and not self._desk.awaits_gpus

    def _on_event(self, what: Optional[str]) -> None:
        if what is None:
            self._take_messages()
        elif what == _GPUS:
            self._desk.watch.take()
        else:
            self._ended(what)

    def _forget(self) -> None:
        """Keep nothing about runs that wait no more."""
        for key in [key for key in self._known if key not in self._roster.waiting]:
            del self._known[key]
        self._said.keep_only(self._roster.waiting)

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


def _unlink(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
