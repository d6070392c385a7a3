"""One container from its start to its end, also when its engine is restarted meanwhile."""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Dict, Optional

from ml_jupyter import _time
from ml_jupyter.containers.client import client_of, mapped
from ml_jupyter.containers.engine import Engine
from ml_jupyter.containers.facts import Outcome
from ml_jupyter.containers.replay import Seen, overlap
from ml_jupyter.containers.terminal import Terminal
from ml_jupyter.exceptions import DockerFailed, DockerUnavailable

if TYPE_CHECKING:
    from docker import APIClient

#: Seconds that an engine which went away is waited for.
AWAY_S = 60.0
_READ_BYTES = 64 * 1024
_LOOK_S = 0.2
_DRAIN_S = 5.0
_REPLAY_BYTES = 32 * 1024 * 1024
_LINES = 40
_ENDED, _LOST = b"e", b"l"
_RESTARTED = (
    "The Docker engine was stopped or restarted while the job ran, which ended its container."
)
_GONE = "The container was removed from outside while the job ran."


class Stopped(Exception):
    """The end was asked for while there was nothing to hand the request on to."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Life:
    """Sees a container through.

    Parameters
    ----------
    engine : Engine
        Which has it.
    container : str
        Its id; it was made and not started.
    wake : int
        Descriptor on which the numbers of signals come.
    output : int
        Descriptor that takes its terminal's bytes.
    columns : int
        Width of its terminal.
    """

    def __init__(
        self, engine: Engine, container: str, wake: int, output: int, columns: int
    ) -> None:
        self._engine, self._id = engine, container
        self._wake, self._output, self._columns = wake, output, columns
        self._client = client_of(engine)
        self._terminal = Terminal()
        self._link: Any = None
        self._seen = Seen()
        self._begun = 0.0
        self._was_away = False
        self._exit_code: Optional[int] = None
        self._told, self._tell = os.pipe()
        self._poll = select.poll()
        self._poll.register(wake, select.POLLIN)
        self._poll.register(self._told, select.POLLIN)

    def start(self) -> None:
        """Start it, its terminal being listened to already.

        Raises
        ------
        DockerFailed
            The engine cannot start it, in its own words.
        Stopped
            The end was asked for meanwhile.
        """
        self._attach()
        number = self._asked()
        if number is not None:
            raise Stopped(number)
        self._begun = time.time()
        waiting = client_of(self._engine)
        with mapped():
            self._client.start(self._id)
        self._wait_in_thread(waiting)

    def see_through(self) -> None:
        """Copy its output and hand on requests to stop, until it has ended.

        Raises
        ------
        DockerFailed
            It was removed from outside, or its engine went away and did not come back.
        Stopped
            Its end was asked for while its engine was away.
        """
        while self._exit_code is None:
            self._step(None)
        deadline = _time.monotonic() + _DRAIN_S
        while self._link is not None and _time.monotonic() < deadline:
            self._step(_LOOK_S)
        self._write(self._terminal.rest())

    def outcome(self, memory: int) -> Outcome:
        """What became of it, in the engine's words.

        Parameters
        ----------
        memory : int
            Its limit in bytes.
        """
        code = int(self._exit_code or 0)
        state: Dict[str, Any] = {}
        blame = ""
        try:
            found = self._inspect()
            state, memory = found["State"], int(found["HostConfig"].get("Memory") or memory)
            blame = _blame(state)
        except (DockerFailed, DockerUnavailable) as error:
            is_gone = isinstance(error, DockerFailed) and error.status == 404
            blame = _GONE if is_gone else _RESTARTED
        if self._was_away:
            blame = _RESTARTED
        if not code:
            return Outcome(code, False, memory)
        if blame:
            return Outcome(code, False, memory, {"code": DockerFailed.code, "message": blame})
        return Outcome(code, bool(state.get("OOMKilled")) or self._ran_out(), memory)

    # -- one round

    def _step(self, timeout_s: Optional[float]) -> None:
        wait_ms = None if timeout_s is None else timeout_s * 1000
        for fd, _ in self._poll.poll(wait_ms):
            if fd == self._wake:
                number = self._asked()
                if number is not None:
                    self._kill(number)
            elif fd == self._told:
                if os.read(fd, 1) == _LOST and self._exit_code is None:
                    self._was_away = True
                    self._wait_for_engine()
            else:
                self._copy()

    def _copy(self) -> None:
        if self._link is not None:
            self._take(self._read())

    def _take(self, data: bytes) -> None:
        self._seen.add(data)
        self._write(self._terminal.plain(data))

    def _write(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self._output, data) :]
        except OSError:  # nobody reads: the supervisor is dead, and the container ends with it
            self._kill(signal.SIGKILL)

    def _asked(self) -> Optional[int]:
        """The number of a signal that came, or None."""
        try:
            return os.read(self._wake, 64)[-1]
        except (BlockingIOError, IndexError):
            return None

    def _kill(self, number: int) -> None:
        try:
            with mapped():
                self._client.kill(self._id, signal.Signals(number).name)
        except DockerFailed as error:
            if error.status == 0:
                raise Stopped(number) from error  # the supervisor and the settler go on from here

    # -- connections

    def _attach(self) -> None:
        with mapped():
            params = {"stream": 1, "stdout": 1, "stderr": 1}
            self._link = self._client.attach_socket(self._id, params)
        self._poll.register(self._link.fileno(), select.POLLIN)

    def _detach(self) -> None:
        if self._link is not None:
            self._poll.unregister(self._link.fileno())
            self._link.close()
            self._link = None

    def _wait_in_thread(self, client: APIClient) -> None:
        """Be told of the end, or of the engine's, through a pipe."""
        threading.Thread(target=self._wait, args=(client,), daemon=True).start()

    def _wait(self, client: APIClient) -> None:
        try:
            with suppress(DockerFailed), mapped():  # it may have ended already
                client.resize(self._id, _LINES, self._columns)
            with mapped():
                answer = client.wait(self._id, condition="not-running")
            self._exit_code = int(answer["StatusCode"])
            os.write(self._tell, _ENDED)
        except (DockerFailed, DockerUnavailable):
            os.write(self._tell, _LOST)

    def _wait_for_engine(self) -> None:
        """Go on when the engine is back, with the output that came meanwhile."""
        self._detach()
        deadline = _time.monotonic() + AWAY_S
        while True:
            number = self._asked()
            if number is not None:
                raise Stopped(number)
            try:
                self._resume()
                return
            except (DockerFailed, DockerUnavailable) as error:
                if isinstance(error, DockerFailed) and error.status == 404:
                    raise DockerFailed(_GONE, details={"status": 404}) from error
                if _time.monotonic() > deadline:
                    text = f"The Docker engine went away and was not back within {AWAY_S:g} s."
                    raise DockerFailed(text, details={"status": 0}) from error
            select.select([self._wake], [], [], _LOOK_S)

    def _resume(self) -> None:
        state = self._inspect()["State"]
        if state.get("Running"):
            self._attach()
        missed, present = self._missed(), self._present()
        self._take(missed)
        self._take(present[overlap(missed, present) :])
        if state.get("Running"):
            self._wait_in_thread(client_of(self._engine))
        else:
            self._exit_code = int(state.get("ExitCode", 1))

    def _missed(self) -> bytes:
        """What the engine wrote down and this process has not seen."""
        if self._seen.size > _REPLAY_BYTES:  # more than that the engine does not keep
            return b""
        with mapped():
            return self._seen.beyond(self._client.logs(self._id))

    def _present(self) -> bytes:
        """What has come on the connection already; the engine may have written it down too."""
        parts = []
        while self._link is not None and select.select([self._link.fileno()], [], [], 0)[0]:
            parts.append(self._read())
        return b"".join(parts)

    def _read(self) -> bytes:
        """What has come, which poll or select has told of; at the end the connection is closed."""
        try:
            data = os.read(self._link.fileno(), _READ_BYTES)
        except OSError:
            data = b""
        if not data:
            self._detach()
        return data

    def _inspect(self) -> Dict[str, Any]:
        with mapped():
            return dict(self._client.inspect_container(self._id))

    def _ran_out(self) -> bool:
        """Whether the engine's events tell that the memory ran out."""
        filters = {"container": self._id, "event": "oom"}
        with suppress(DockerFailed), mapped():
            span: Any = {"since": f"{self._begun - 1:.3f}", "until": f"{time.time():.3f}"}
            return bool(list(self._client.events(filters=filters, decode=True, **span)))
        return False


def _blame(state: Dict[str, Any]) -> str:
    """What the engine says went wrong beside the job; empty: nothing."""
    if state.get("Status") in ("removing", "dead"):
        return _GONE
    return f"The container failed: {state['Error']}." if state.get("Error") else ""
