"""Pushing changes of a run to a widget's page from a thread of the kernel."""

from __future__ import annotations

import base64
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from ml_jupyter import _time
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import stream
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.status import TERMINAL
from ml_jupyter.widgets.answers import Answers

_TICK_S = 0.1
_METRICS_EVERY_S = 1.0
_SYSTEM_EVERY_S = 2.0
_CHUNK_BYTES = 64 * 1024
_WINDOW_BYTES = 1024 * 1024

Push = Callable[[int, Mapping[str, Any]], None]


class Subscription(ABC):
    """One stream that a page follows; ``step`` pushes what is new."""

    def __init__(self, number: int, answers: Answers, args: Mapping[str, Any]) -> None:
        self.number = number
        self.answers = answers
        self.args = args
        self.last: Any = None

    @abstractmethod
    def step(self, push: Push) -> bool:
        """Push what is new; False when nothing more will come."""


class RunSubscription(Subscription):
    """The run's detail, at each change."""

    def step(self, push: Push) -> bool:
        """Push the detail when it differs from the last one."""
        value = self.answers.answer("run", self.args)
        if value != self.last:
            self.last = value
            push(self.number, {"type": "run", "run": value})
        return value["status"] not in TERMINAL


class MetricsSubscription(Subscription):
    """The series which changed, at most once a second."""

    _due = 0.0

    def step(self, push: Push) -> bool:
        """Push the series that grew since the last time."""
        ended = _ended(self.answers.folder(self.args))
        if not ended and _time.monotonic() < self._due:
            return True
        self._due = _time.monotonic() + _METRICS_EVERY_S
        series = self.answers.answer("metrics", self.args)
        known = self.last or {}
        changed = [item for item in series if known.get(item["name"]) != item["count"]]
        if changed or self.last is None:
            self.last = {item["name"]: item["count"] for item in series}
            push(self.number, {"type": "metrics", "series": changed})
        return not ended


class SystemSubscription(Subscription):
    """What the job used, whole, at most every two seconds."""

    _due = 0.0

    def step(self, push: Push) -> bool:
        """Push the series when samples have come."""
        ended = _ended(self.answers.folder(self.args))
        if not ended and _time.monotonic() < self._due:
            return True
        self._due = _time.monotonic() + _SYSTEM_EVERY_S
        use = self.answers.answer("system", self.args)
        counts = {item["name"]: item["count"] for item in use["series"]}
        if counts != self.last:
            self.last = counts
            push(self.number, {"type": "system", **use})
        return not ended


class LogSubscription(Subscription):
    """Bytes of a file from an offset on, never more than a window past what the page has drawn."""

    acknowledged = 0

    def step(self, push: Push) -> bool:
        """Push chunks until the window or the file ends."""
        run = self.answers.folder(self.args)
        ended = _ended(run)
        path = self.answers.file(self.args)
        if self.last is None:
            self.last = self.acknowledged = _start(path, int(self.args.get("offset", 0)))
        while self.last - self.acknowledged < _WINDOW_BYTES:
            data = stream.read(path, self.last, _CHUNK_BYTES)
            end = stream.size(path)
            final = ended and self.last + len(data) >= end
            if data or final:
                push(self.number, _chunk(self.last, data, end, final))
                self.last += len(data)
            if final:
                return False
            if not data:
                return True
        return True


_STREAMS: dict[str, type[Subscription]] = {
    "run": RunSubscription,
    "metrics": MetricsSubscription,
    "log": LogSubscription,
    "system": SystemSubscription,
}


class Follower:
    """A thread that serves the subscriptions of one widget and ends with the last of them.

    Parameters
    ----------
    answers : Answers
        Where values come from.
    push : callable
        Sends (subscription number, message) to the page; may be called from the thread.
    """

    def __init__(self, answers: Answers, push: Push) -> None:
        self._answers = answers
        self._push = push
        self._open: dict[int, Subscription] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def subscribe(self, number: int, args: Mapping[str, Any]) -> None:
        """Begin to follow; an unknown stream is answered with an error."""
        kind = _STREAMS.get(str(args.get("stream")))
        if kind is None:
            text = f"The kernel does not follow {args.get('stream')!r}."
            self._push(number, {"type": "error", "code": "not_available", "message": text})
            return
        with self._lock:
            self._open[number] = kind(number, self._answers, args)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._serve, name="ml-jupyter-widget", daemon=True
                )
                self._thread.start()

    def acknowledge(self, number: int, offset: int) -> None:
        """The page has drawn a log up to ``offset``."""
        subscription = self._open.get(number)
        if isinstance(subscription, LogSubscription):
            subscription.acknowledged = max(subscription.acknowledged, offset)

    def unsubscribe(self, number: int) -> None:
        """Stop following."""
        with self._lock:
            self._open.pop(number, None)

    def close(self) -> None:
        """Stop following everything; the thread ends within a tick."""
        with self._lock:
            self._open.clear()

    def _serve(self) -> None:
        pause = threading.Event()
        while True:
            with self._lock:
                waiting = list(self._open.values())
                if not waiting:
                    self._thread = None
                    return
            for subscription in waiting:
                self._step(subscription)
            pause.wait(_TICK_S)

    def _step(self, subscription: Subscription) -> None:
        try:
            more = subscription.step(self._push)
        except MlJupyterError as error:
            message = {"type": "error", "code": error.code, "message": str(error)}
            self._push(subscription.number, message)
            more = False
        if not more:
            self.unsubscribe(subscription.number)


def _ended(run: RunFolder) -> bool:
    return run.state().status in TERMINAL


def _start(path: Any, offset: int) -> int:
    """Where a negative offset begins, moved to the start of a line."""
    if offset >= 0:
        return offset
    begin = max(0, stream.size(path) + offset)
    newline = stream.read(path, begin, _CHUNK_BYTES).find(b"\n") if begin else -1
    return begin + newline + 1


def _chunk(offset: int, data: bytes, end: int, final: bool) -> dict[str, Any]:
    text = base64.b64encode(data).decode("ascii")
    return {"type": "chunk", "offset": offset, "data": text, "end": end, "final": final}
