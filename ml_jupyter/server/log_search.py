"""Searching a log: in a process of its own, so that no expression can hold the server up.

Python's regular expressions can take for ever (catastrophic backtracking) and cannot be stopped
within a process. The other side is ``log_search_worker.py``.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.server import run_files
from ml_jupyter.server.errors import Busy

_WORKER = Path(__file__).with_name("log_search_worker.py")
#: Seconds that it may take to answer after its own deadline, before it is killed.
_GRACE_S = 1.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for.

    Attributes
    ----------
    text : str
        Words, or a regular expression of Python, matched line by line.
    regex, case : bool
        Which of the two, and whether case counts.
    after : int
        Give matching lines that begin at or behind this byte.
    limit : int
        Give at most so many; all are counted.
    """

    text: str
    regex: bool = False
    case: bool = False
    after: int = 0
    limit: int = 200


class Searches:
    """Lets a few searches run at one time; a context for one. Used from the event loop only."""

    def __init__(self, most: int) -> None:
        self._free = most

    def __enter__(self) -> None:
        if self._free == 0:
            raise Busy("Other searches are running.", hint="Try again in a moment.")
        self._free -= 1

    def __exit__(self, *_: object) -> None:
        self._free += 1


def search(path: Path, wanted: Wanted, seconds: float) -> dict[str, Any]:
    """The **log search** of ``docs/http-api.md``.

    Parameters
    ----------
    path : Path
        The log; one that is not there yet is empty.
    seconds : float
        After so many seconds it ends with what it has.

    Raises
    ------
    UserErrorException
        The expression cannot be understood.
    """
    _check(wanted)
    found: dict[str, Any] = {"matches": [], "count": 0, "complete": True, "scanned": 0}
    found.update(end=run_files.size_of(path), next=None)
    try:
        file = run_files.open_plain(path)
    except OSError:
        return found
    with file:
        return {**found, **_ask(file.fileno(), wanted, seconds)}


def _check(wanted: Wanted) -> None:
    if not wanted.regex:
        return
    try:
        re.compile(wanted.text)
    except (re.error, RecursionError, OverflowError) as error:
        raise UserErrorException(
            f"text is no regular expression: {error}", details={"field": "text"}
        ) from error


def _ask(fd: int, wanted: Wanted, seconds: float) -> dict[str, Any]:
    """Run the worker on an open file; what it said before it was killed counts."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(_WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(fd,),
    )
    killer = threading.Timer(seconds + _GRACE_S, process.kill)
    killer.start()
    try:
        question = {**asdict(wanted), "fd": fd, "seconds": seconds}
        output, _ = process.communicate(json.dumps(question).encode())
    finally:
        killer.cancel()
        process.kill()
    found: dict[str, Any] = {"matches": [], "complete": False}
    for line in output.splitlines():
        try:
            said = json.loads(line)
        except ValueError:  # it was killed within a line
            break
        if "match" in said:
            found["matches"].append(said["match"])
        else:
            found.update(said)
    return found
