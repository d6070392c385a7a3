"""Long answers of the engine, read so that a request to stop is heard at any time."""

from __future__ import annotations

import queue
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, List

from ml_jupyter.containers.client import mapped
from ml_jupyter.exceptions import DockerFailed

if TYPE_CHECKING:
    from docker import APIClient

_LOOK_S = 0.05


class ImageCanceled(Exception):
    """Pulling or building an image was cancelled."""


def until_cancelled(
    client: APIClient, begin: Callable[[], Iterator[Dict[str, Any]]], cancelled: Callable[[], bool]
) -> Iterator[Dict[str, Any]]:
    """The objects of a stream, until it ends.

    Parameters
    ----------
    client : APIClient
        Of which ``begin`` makes a request.
    begin : callable
        Gives what the engine says. When the connection is closed, the engine stops what it does.
    cancelled : callable
        Asked twenty times a second.

    Raises
    ------
    ImageCanceled
        ``cancelled()`` was true.
    DockerFailed
        The connection broke.
    """
    items: queue.Queue[Any] = queue.Queue()
    responses: List[Any] = []
    client.hooks["response"] = [lambda response, *_, **__: responses.append(response)]
    with mapped():
        answer = begin()
    threading.Thread(target=_read, args=(answer, items), daemon=True).start()
    try:
        while True:
            try:
                item = items.get(timeout=_LOOK_S)
            except queue.Empty:
                item = {}
            if item is None:
                return
            if isinstance(item, DockerFailed):
                raise item
            if item:
                yield item
            if cancelled():
                raise ImageCanceled
    finally:
        _hang_up(answer, responses[-1])


def _read(answer: Iterator[Dict[str, Any]], items: queue.Queue[Any]) -> None:
    try:
        with mapped():
            for item in answer:
                items.put(item)
        items.put(None)
    except (DockerFailed, ValueError) as error:  # ValueError: the connection was closed from here
        items.put(error if isinstance(error, DockerFailed) else None)


def _hang_up(answer: Iterator[Dict[str, Any]], response: Any) -> None:
    from docker.types.daemon import CancellableStream

    with suppress(OSError, ValueError, AttributeError):  # it was closed from the other side
        CancellableStream(answer, response).close()
