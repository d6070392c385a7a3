"""Building images from a Dockerfile, with the engine's output as it comes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Callable, List, Mapping, Optional

from ml_jupyter.containers.client import client_of, mapped
from ml_jupyter.containers.context import packed
from ml_jupyter.containers.engine import Engine
from ml_jupyter.containers.pulling import Progress
from ml_jupyter.containers.registry import Credentials
from ml_jupyter.containers.streams import until_cancelled
from ml_jupyter.exceptions import DockerFailed, EnvironmentBuildFailed

#: Label of every image that is built here; its value is the hash of the environment.
BUILT = "ml_jupyter.environment"
_DOCKERFILE = ".ml_jupyter.Dockerfile"
_LAST_LINES = 20
#: What the builder says of its own doings.
_OWN = re.compile(r"\s*$| ---> |Removing intermediate container ")
_STEP = re.compile(r"Step \d+/\d+ : (?P<instruction>.*)")


def build(
    engine: Engine,
    *,
    dockerfile: str,
    context: Optional[Path] = None,
    files: Optional[Mapping[str, bytes]] = None,
    tag: str,
    digest: str,
    credentials: Optional[Credentials] = None,
    arguments: Optional[Mapping[str, str]] = None,
    output: Callable[[bytes], None],
    cancelled: Callable[[], bool],
) -> str:
    """Build an image; its id.

    Parameters
    ----------
    dockerfile : str
        The text of the Dockerfile.
    context : Path, optional
        Folder that it copies from; its ``.dockerignore`` is honoured. None: an empty one.
    files : mapping of str to bytes, optional
        Further files of the context.
    tag : str
        Name of the image.
    digest : str
        Hash of the environment, kept as a label.
    credentials : Credentials, optional
        For the registry of the base image.
    arguments : mapping, optional
        Values for the Dockerfile's ``ARG``.
    output : callable
        Takes what the build says.
    cancelled : callable
        Whether to stop.

    Raises
    ------
    EnvironmentBuildFailed
        Names the instruction that failed, with the last lines.
    ImageCanceled
        ``cancelled()`` was true; the engine has stopped.
    """
    told = _Told(output)
    client = client_of(engine)
    try:
        if credentials is not None:
            with mapped():
                client.login(
                    credentials.username, credentials.password, registry=credentials.address
                )
        with packed(context, {**(files or {}), _DOCKERFILE: dockerfile.encode("utf-8")}) as sent:
            answer = until_cancelled(
                client,
                lambda: client.build(
                    fileobj=sent, custom_context=True, dockerfile=_DOCKERFILE, tag=tag,
                    labels={BUILT: digest}, buildargs=dict(arguments or {}),
                    rm=True, forcerm=True, decode=True,
                ),
                cancelled,
            )  # fmt: skip
            for item in answer:
                told.take(item)
    except DockerFailed as error:
        raise told.failed(error.message) from error
    finally:
        client.close()
    if not told.image:
        raise told.failed("the engine ended without saying why")
    return told.image


class _Told:
    """What the engine says of a build."""

    def __init__(self, output: Callable[[bytes], None]) -> None:
        self._output = output
        self._progress = Progress(output)
        self._text = ""
        self._instruction = ""
        self.image = ""

    def take(self, item: Mapping[str, Any]) -> None:
        if "error" in item:
            raise self.failed(str(item["error"]))
        if "stream" in item:
            self._stream(str(item["stream"]))
        elif "aux" in item:
            self.image = str(item["aux"].get("ID", self.image))
        elif "status" in item:
            self._progress.take(item)

    def failed(self, text: str) -> EnvironmentBuildFailed:
        lines: List[str] = [line for line in self._text.splitlines() if not _OWN.match(line)]
        where = f" at {self._instruction!r}" if self._instruction else ""
        text = re.sub(
            r"^The command '/bin/sh -c .*?' returned", "it returned", text.strip(), flags=re.S
        )
        return EnvironmentBuildFailed(
            f"The image could not be built{where}: {text.rstrip('.')}.",
            log="\n".join(lines[-_LAST_LINES:]),
        )

    def _stream(self, text: str) -> None:
        found = _STEP.match(text)
        if found is not None:
            self._instruction = found["instruction"].strip()
        self._text = (self._text + text)[-20_000:]
        self._output(text.encode("utf-8"))
