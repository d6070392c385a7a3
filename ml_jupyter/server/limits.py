"""Bounds of the server: what one client, one page or one request may cost."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """All bounds in one place; the application's traits set those that a person may change.

    Attributes
    ----------
    threads : int
        Blocking calls that run at one time for requests.
    waiting : int
        Blocking calls that may wait for a thread; more are refused with ``busy``.
    deadline_s : float
        Seconds after which a request is answered with ``timed_out``.
    body_bytes : int
        Size of a request's body.
    read_bytes : int
        Most bytes in one answer of a log.
    files : int
        Most entries in a list of a run's files.
    subscriptions : int
        Subscriptions of one page.
    pages : int
        Open WebSockets.
    message_bytes : int
        Size of a message from a page.
    chunk_bytes : int
        Log bytes in one message to a page.
    window_bytes : int
        Log bytes sent past the last acknowledged one.
    ping_s : float
        Seconds between two pings of a WebSocket.
    feeds_hz : float
        Updates a second of lists and runs.
    metrics_s, machine_s : float
        Least seconds between two updates of charts, and of the queue and the machine.
    poll_s : float
        Seconds between two looks at what no notification told of.
    settle_s : float
        Seconds between two looks for runs whose owner is gone.
    searches : int
        Searches in logs that run at one time.
    search_s : float
        Seconds after which a search ends with what it has.
    tensorboards : int
        TensorBoard processes at one time.
    tensorboard_start_s, tensorboard_idle_s : float
        Seconds until a TensorBoard has to answer, and without a request until it is ended.
    """

    threads: int = 8
    waiting: int = 256
    deadline_s: float = 30.0
    body_bytes: int = 1 * MIB
    read_bytes: int = 4 * MIB
    files: int = 10_000
    subscriptions: int = 256
    pages: int = 100
    message_bytes: int = 64 * 1024
    chunk_bytes: int = 64 * 1024
    window_bytes: int = 1 * MIB
    ping_s: float = 20.0
    feeds_hz: float = 4.0
    metrics_s: float = 1.0
    machine_s: float = 2.0
    poll_s: float = 1.0
    settle_s: float = 2.0
    searches: int = 2
    search_s: float = 10.0
    tensorboards: int = 8
    tensorboard_start_s: float = 60.0
    tensorboard_idle_s: float = 600.0
