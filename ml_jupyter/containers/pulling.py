"""Pulling images from registries, with progress for a terminal's log."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ml_jupyter import _time
from ml_jupyter.containers.client import client_of
from ml_jupyter.containers.engine import Engine
from ml_jupyter.containers.registry import Credentials
from ml_jupyter.containers.streams import until_cancelled
from ml_jupyter.exceptions import DockerFailed, EnvironmentBuildFailed

_PROGRESS_S = 0.5
_MB = 1e6


def pull(
    engine: Engine,
    image: str,
    credentials: Optional[Credentials] = None,
    *,
    output: Callable[[bytes], None],
    cancelled: Callable[[], bool],
) -> None:
    """Fetch an image from its registry.

    Parameters
    ----------
    image : str
        Its name; without a tag: ``latest``.
    credentials : Credentials, optional
        How to log in; None: as the user's own Docker does.
    output : callable
        Takes the progress, as a terminal shows it.
    cancelled : callable
        Whether to stop.

    Raises
    ------
    EnvironmentBuildFailed
        It cannot be had, in the engine's or the registry's own words.
    ImageCanceled
        ``cancelled()`` was true; the engine has stopped.
    """
    output(f"Pulling the image {image}\n".encode())
    progress = Progress(output)
    name, tag = _name(image)
    login = None if credentials is None else credentials.login()
    client = client_of(engine)
    try:
        answer = until_cancelled(
            client,
            lambda: client.pull(name, tag, stream=True, decode=True, auth_config=login),
            cancelled,
        )
        for item in answer:
            if "error" in item:
                raise DockerFailed(str(item["error"]))
            progress.take(item)
    except DockerFailed as error:
        raise _failed(image, error.message, progress.log) from error
    finally:
        client.close()
    progress.end()


class Progress:
    """What the engine says of its layers, as lines and one line of progress."""

    def __init__(self, output: Callable[[bytes], None]) -> None:
        self._output = output
        self._done: Dict[str, int] = {}
        self._total: Dict[str, int] = {}
        self._next = 0.0
        self._open = False
        self.log: List[str] = []

    def take(self, item: Mapping[str, Any]) -> None:
        """One object of the engine's answer."""
        detail = item.get("progressDetail") or {}
        layer, text = str(item.get("id", "")), str(item.get("status", ""))
        if detail.get("total") and text.startswith("Downloading"):
            self._done[layer], self._total[layer] = int(detail["current"]), int(detail["total"])
            if _time.monotonic() >= self._next:
                self._show()
        elif not detail:
            self._done[layer] = self._total.get(layer, 0)
            self._line(f"{layer}: {text}" if layer else text)

    def end(self) -> None:
        """Nothing more comes."""
        if self._open:
            self._output(b"\n")
            self._open = False

    def _show(self) -> None:
        self._next = _time.monotonic() + _PROGRESS_S
        done, total = sum(self._done.values()), sum(self._total.values())
        self._output(f"\r\x1b[KDownloading {done / _MB:.1f} of {total / _MB:.1f} MB".encode())
        self._open = True

    def _line(self, text: str) -> None:
        self.log.append(text)
        self._output((b"\r\x1b[K" if self._open else b"") + f"{text}\n".encode())
        self._open = False


def _name(image: str) -> Tuple[str, Optional[str]]:
    """Repository and tag; without one the engine would fetch all tags."""
    if "@" in image:
        return image, None
    repository, colon, tag = image.rpartition(":")
    return (repository, tag) if colon and "/" not in tag else (image, "latest")


def _failed(image: str, text: str, log: List[str]) -> EnvironmentBuildFailed:
    text = text.strip() if text.strip().endswith(".") else f"{text.strip()}."
    return EnvironmentBuildFailed(
        f"The image {image!r} cannot be pulled: {text}", package=image, log="\n".join(log[-20:])
    )
