"""Waiting for a run's end, with or without its log (surface 4.8)."""

from __future__ import annotations

import codecs
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, Iterator, Optional

from ml_jupyter import _time
from ml_jupyter.exceptions import (
    ActivityFailedException,
    ExperimentExecutionException,
    JobLost,
    WorkspaceException,
)
from ml_jupyter.history import status, stream
from ml_jupyter.history.layout import BUILD_LOG, STD_LOG
from ml_jupyter.history.run_folder import read_record
from ml_jupyter.history.watch import Watcher
from ml_jupyter.jobs.election import ensure_dispatcher, is_running
from ml_jupyter.jobs.settle import settle_if_lost

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run

_SETTLE_S = 1.0
_LOST = "JobLost"
#: States before the job itself begins.
_BEFORE = frozenset({status.NOT_STARTED, status.QUEUED, status.PREPARING, status.PROVISIONING})


def wait(run: Run, *, show_output: bool, raise_on_error: bool) -> Dict[str, Any]:
    """Wait until the run has ended; its details.

    Raises
    ------
    ActivityFailedException
        It failed, and ``raise_on_error``; after all output was shown.
    ExperimentExecutionException
        Ctrl-C; the run goes on.
    """
    ended = _Ended(run)
    try:
        if show_output:
            _show(run, ended)
        else:
            _watch(run, ended)
    except KeyboardInterrupt as error:
        raise ExperimentExecutionException(
            f"Waiting for run {run.id} was interrupted.",
            hint="The run goes on; stop it with its cancel().",
        ) from error
    details = run.get_details()
    if run.status == status.FAILED and raise_on_error:
        facts = details.get("error", {})
        lost = facts.get("error", {}).get("code") == _LOST
        kind = JobLost if lost else ActivityFailedException
        raise kind(error_details=facts, hint=_what_to_do(details.get("finding")))
    return details


def _what_to_do(finding: Optional[Dict[str, Any]]) -> Optional[str]:
    """The finding in two sentences, as the last thing that a cell shows."""
    if not finding:
        return None
    advice = [item["text"] for item in finding["advice"][:1]]
    changes = [finding["changes"]["sentence"]] if finding["changes"] else []
    return " ".join([finding["title"], *advice, *changes])


def settle(run: Run) -> None:
    """Make a run's state true: end it when its process has died, see that a queue is served."""
    folder, values = run._folder, run._workspace._settings
    if folder.state().status != status.QUEUED:
        settle_if_lost(folder, values)
    elif not is_running(values):
        with suppress(WorkspaceException, OSError):  # the state can be read nevertheless
            ensure_dispatcher(values)


class _Ended:
    """Whether the run has ended; now and then looks whether it was lost."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._next = 0.0

    def __call__(self) -> bool:
        folder = self._run._folder
        if folder.state().status in status.TERMINAL:
            return True
        if _time.monotonic() >= self._next:
            self._next = _time.monotonic() + _SETTLE_S
            read_record(folder.layout)  # raises RunNotFound when the run was deleted meanwhile
            settle(self._run)
        return folder.state().status in status.TERMINAL


def _watch(run: Run, ended: Callable[[], bool]) -> None:
    with Watcher() as watcher:
        while True:
            watcher.add(run._folder.layout.events)
            if ended():
                return
            watcher.wait(0.25)


def _show(run: Run, ended: Callable[[], bool]) -> None:
    url = run.get_portal_url()
    _write(f"RunId: {run.id}\nWeb View: {url}\n")
    if dict(run._folder.record.definition.get("launch") or {}).get("build"):
        _copy(BUILD_LOG, _until_begun(run, ended))
    _copy(STD_LOG, stream.follow(run._folder.layout.files / STD_LOG, ended=ended))
    _write(f"Execution Summary\n=================\nRunId: {run.id}\nWeb View: {url}\n\n")


def _copy(name: str, chunks: Iterable[bytes]) -> None:
    """Print a log as it comes, under its name; an empty one only ends the lines above."""
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    text = None
    for chunk in chunks:
        if text is None:
            heading = f"Streaming {name}"
            _write(f"\n{heading}\n{'=' * len(heading)}\n\n")
        text = decode(chunk)
        _write(text)
    _write(decode(b"", True))
    if text is not None and not text.endswith("\n"):
        _write("\n")
    if name == STD_LOG:
        _write("\n")


def _until_begun(run: Run, ended: Callable[[], bool]) -> Iterator[bytes]:
    """The build's log until the job begins; wakes at the run's changes too."""
    path, offset = run._folder.layout.files / BUILD_LOG, 0
    with Watcher() as watcher:
        while True:
            last = ended() or run._folder.state().status not in _BEFORE
            watcher.add(path)
            watcher.add(run._folder.layout.events)
            data = stream.read(path, offset)
            if data:
                offset += len(data)
                yield data
            if last:
                return
            watcher.wait(0.2)


def _write(text: str) -> None:
    out = sys.stdout
    encoding: Optional[str] = getattr(out, "encoding", None)
    if encoding:
        text = text.encode(encoding, "replace").decode(encoding)
    out.write(text)
    out.flush()
