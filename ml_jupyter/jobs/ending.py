"""How a job ended, in plain words, and the error that its log tells: from data to data."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass, replace
from typing import Any, Dict, Optional, Sequence, Tuple

from ml_jupyter.history import status

#: Bytes at the end of the log in which the last traceback is looked for.
TAIL_BYTES = 64 * 1024
_MESSAGE_CHARACTERS = 2000
_TRACEBACK_CHARACTERS = 20_000
_REASON_CHARACTERS = 200
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_HEAD = re.compile(
    r"^(?:  \+ Exception Group )?.*Traceback \(most recent call last\)", re.MULTILINE
)
_FROM_OUTSIDE = frozenset({"SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"})


@dataclass(frozen=True)
class Facts:
    """What the supervisor knows of a job that has ended.

    Attributes
    ----------
    exit_code : int
        Exit status of the job's process; negative: the signal that ended it.
    stopped : str, optional
        Why the supervisor itself ended it: ``cancel``, ``limit``, ``memory``, ``failed`` (marked so
        meanwhile), ``shutdown``; None: it ended by itself.
    memory_peak, memory_limit : int
        Bytes.
    limit_s : float
        The time limit in seconds.
    machine_oom : bool
        The system killed some process for want of memory while the job ran.
    what : str
        The script or the command, for the sentence.
    rank : str
        Which of several processes failed first, as the sentence names it (``Rank 1``).
    """

    exit_code: int
    stopped: Optional[str] = None
    memory_peak: int = 0
    memory_limit: int = 0
    limit_s: float = 0.0
    machine_oom: bool = False
    what: str = "script"
    rank: str = ""


@dataclass(frozen=True)
class Ending:
    """Final state, the reason in one sentence, and the error of a failed run."""

    status: str
    reason: Optional[str] = None
    error: Optional[Dict[str, Any]] = None
    warning: Optional[str] = None


def judge(facts: Facts, log_tail: bytes) -> Ending:
    """The final state of a job that has ended.

    Parameters
    ----------
    facts : Facts
        How it ended.
    log_tail : bytes
        The end of its log, where a traceback may stand.
    """
    if facts.stopped == "cancel":
        return Ending(status.CANCELED, "Canceled by the user.")
    if facts.stopped == "limit":
        text = f"Stopped after {_seconds(facts.limit_s)}: the time limit was reached."
        return Ending(status.CANCELED, text, warning=text)
    if facts.stopped == "shutdown":
        return _failed(
            "Shutdown", "Stopped because the machine or the session that it ran in was shut down."
        )
    if facts.stopped == "memory":
        used = max(facts.memory_peak, facts.memory_limit)
        return _failed(
            "OutOfMemory", f"Ran out of memory: used {in_mb(used)} of {in_mb(facts.memory_limit)}."
        )
    if facts.exit_code == 0:
        return Ending(status.COMPLETED)
    if facts.exit_code < 0:
        return _of_rank(facts, _failed(*_by_signal(facts)))
    return _of_rank(facts, _by_exit_code(facts, log_tail))


def _of_rank(facts: Facts, end: Ending) -> Ending:
    """The ending of a job of several processes, which tells the one that failed first."""
    if not facts.rank:
        return end
    error = dict(end.error or {})
    error.update(rank=facts.rank, message=f"{facts.rank}: {error.get('message')}")
    return replace(end, reason=f"{facts.rank}: {end.reason}", error=error)


def plain(log: bytes) -> str:
    """A part of a log as text, without the sequences that colour a terminal."""
    return _ANSI.sub("", log.decode("utf-8", "replace")).replace("\r\n", "\n")


def last_traceback(log_tail: bytes) -> Tuple[Optional[str], Optional[str]]:
    """The last Python traceback in a log, and the error that it ends with; None where none is."""
    text = plain(log_tail)
    heads = list(_HEAD.finditer(text))
    if not heads:
        return None, None
    lines = text[heads[-1].start() :].split("\n")
    end = _end_of_plain(lines) if lines[0].startswith("Traceback") else _end_of_other(lines)
    traceback = "\n".join(lines[:end])[-_TRACEBACK_CHARACTERS:]
    return traceback, _message(lines[:end])[:_MESSAGE_CHARACTERS]


def _message(lines: Sequence[str]) -> str:
    """The error itself: the first line that is not indented, a group's frame not counted."""
    frame = "  | " if lines[0].startswith("  + ") else ""
    if frame or lines[0].startswith("Traceback"):
        for line in lines[1:]:
            text = line[len(frame) :]
            if line.startswith(frame) and text and not text[0].isspace():
                return text.strip()
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _end_of_plain(lines: Sequence[str]) -> int:
    """Lines of a traceback of CPython: the head, indented ones, and the error with its notes."""
    at = 1
    while at < len(lines) and (not lines[at] or lines[at][0].isspace()):
        at += 1
    return min(at + 1, len(lines))


def _end_of_other(lines: Sequence[str]) -> int:
    at = len(lines)
    while at > 1 and not lines[at - 1].strip():
        at -= 1
    return at


def _by_exit_code(facts: Facts, log_tail: bytes) -> Ending:
    text = f"The {facts.what} ended with exit code {facts.exit_code}."
    name = _signal_name(facts.exit_code - 128) if facts.exit_code > 128 else None
    if name is not None:
        text = f"{text[:-1]}: a part of it was ended by {name}."
    traceback, message = last_traceback(log_tail)
    error = {"code": "ScriptFailed", "message": message or text, "traceback": traceback}
    reason = _sentence(message) if traceback and message else text
    return Ending(
        status.FAILED, reason, {key: item for key, item in error.items() if item is not None}
    )


def _sentence(message: str) -> str:
    """An exception's line as the reason: it says more than the exit code, which is kept too."""
    short = (
        message if len(message) <= _REASON_CHARACTERS else message[: _REASON_CHARACTERS - 1] + "…"
    )
    return short if short.endswith((".", "!", "?", "…")) else f"{short}."


def _by_signal(facts: Facts) -> Tuple[str, str]:
    number = -facts.exit_code
    name = _signal_name(number) or "unknown"
    if name == "SIGKILL" and facts.machine_oom:
        return (
            "OutOfMemory",
            "Killed by the system (signal 9), most likely because the machine ran out of memory.",
        )
    origin = " from outside" if name in _FROM_OUTSIDE else ""
    verb = "Killed" if origin else "Crashed: ended"
    return "Signal", f"{verb} by signal {number} ({name}){origin}."


def _failed(code: str, text: str) -> Ending:
    return Ending(status.FAILED, text, {"code": code, "message": text})


def _signal_name(number: int) -> Optional[str]:
    try:
        return signal.Signals(number).name
    except ValueError:
        return None


def in_mb(size: float) -> str:
    """Bytes as limits of memory are given: in units of 1024 x 1024."""
    return f"{size / 1024 / 1024:.0f} MB"


def _seconds(value: float) -> str:
    return f"{value:g} s"
