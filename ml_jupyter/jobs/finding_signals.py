"""Which signal ended a job, and who sent it, as far as a system tells.

Linux tells the sender of a signal to the process that gets it (sigaction(2), si_pid) and to nobody
else; a process that SIGKILL ends cannot pass it on. So the sender is known when it was the kernel
(its counter of out-of-memory kills), this software, or the job itself; of all others it can be said
who it may have been.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple

_OWN = frozenset({"SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT", "SIGSYS", "SIGTRAP"})
_CRASHES = {
    "SIGSEGV": "It used memory that is not its own: a fault in a compiled library.",
    "SIGBUS": "It used memory that could not be had: often /dev/shm is full.",
    "SIGILL": "A package uses instructions that this processor does not have.",
    "SIGFPE": "It divided by zero in compiled code.",
    "SIGABRT": "It ended itself with abort(): the lines above say why.",
}
#: Below this share of free memory a guard of the system may have acted.
_SCARCE = 0.08
_GUARD = "Most likely sent by a guard of the system such as earlyoom or systemd-oomd."
_NEITHER = "it came neither from ml_jupyter nor from a lack of memory."


@dataclass(frozen=True)
class SignalFacts:
    """What is known around a signal.

    Attributes
    ----------
    stopped : str, optional
        Why the supervisor itself ended the job (``ending.Facts.stopped``).
    machine_oom : bool
        The kernel killed something for want of memory while the job ran.
    free, total : float, optional
        Bytes of memory that the machine had free when it was last looked at, and in all.
    user : str
        Who ran the job.
    """

    stopped: Optional[str] = None
    machine_oom: bool = False
    free: Optional[float] = None
    total: Optional[float] = None
    user: str = ""


def number_of(exit_code: Optional[int]) -> Optional[int]:
    """The signal behind an exit code: negative, or above 128 as shells tell it."""
    if exit_code is None:
        return None
    number = -exit_code if exit_code < 0 else exit_code - 128
    return number if name_of(number) else None


def name_of(number: int) -> str:
    """``SIGKILL`` for 9; empty for what is no signal."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return ""


def judge(number: int, facts: SignalFacts) -> Dict[str, Any]:
    """``number``, ``name``, ``sender``, ``pid``, ``user`` and ``sentence`` of docs/http-api.md."""
    name = name_of(number)
    sender, sentence = _sender(name, facts)
    return {
        "number": number,
        "name": name,
        "sender": sender,
        "pid": None,
        "user": None,
        "sentence": sentence,
    }


def _sender(name: str, facts: SignalFacts) -> Tuple[str, str]:
    if facts.stopped == "memory":
        return "limit", "Sent at the memory limit of this run."
    if facts.stopped == "shutdown":
        return "system", "Sent because the machine or the session was shut down."
    if name in _OWN:
        return "job", _CRASHES.get(name, "The job caused it itself.")
    if name == "SIGKILL" and facts.machine_oom:
        return "kernel", "Sent by the system, which had run out of memory."
    if name == "SIGKILL" and facts.free is not None and facts.total:
        share = facts.free / facts.total
        if share < _SCARCE:
            return "unknown", f"{_GUARD} The machine had {share:.0%} of its memory free."
    who = f"{facts.user} or root" if facts.user not in ("", "root") else "root"
    return "user", f"Sent by a person or a program of {who}, maybe the job itself: {_NEITHER}"
