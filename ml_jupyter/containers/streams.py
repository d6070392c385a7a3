"""Long answers of the engine, read so that a request to stop is heard at any time."""

from __future__ import annotations

import queue
import threading
from typing import Any, Callable, Dict, Iterator

from ml_jupyter.containers.client import mapped
from ml_jupyter.exceptions import DockerFailed

_LOOK_S = 0.05


class ImageCanceled(Exception):
    """Pulling or building an image was cancelled."""


def until_cancelled(
    answer: Iterator[Dict[str, Any]], cancelled: Callable[[], bool]
) -> Iterator[Dict[str, Any]]:
    """The objects of a stream, until it ends.

    Parameters
    ----------
    answer : iterator of dict
        What the engine says. When its reader is given up, the engine stops what it does: at its
        next word, or at the end of this process.
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
    given_up = threading.Event()
    reader = threading.Thread(target=_read, args=(answer, items, given_up), daemon=True)
    reader.start()
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
        given_up.set()


def _read(
    answer: Iterator[Dict[str, Any]], items: queue.Queue[Any], given_up: threading.Event
) -> None:
    try:
        with mapped():
            for item in answer:
                if given_up.is_set():
                    return
                items.put(item)
        items.put(None)
    except DockerFailed as error:
        items.put(error)
