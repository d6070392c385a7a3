"""The exit status with which the process ends, known before its last functions are called.

Python tells nobody of an unhandled ``SystemExit``: neither ``sys.excepthook`` nor ``atexit`` sees
it. So ``sys.exit``, and the ``exit`` and ``quit`` of interactive use, keep the exception that they
raise; at the end the main program's frame shows whether it was left by an exception, which was then
this one. ``raise SystemExit(…)`` written out is not seen.
"""

from __future__ import annotations

import builtins
import functools
import opcode
import sys
import threading
from types import FrameType
from typing import Any, Callable, Optional

_TELLS_ITS_WAY = sys.hexversion >= 0x030C0000
_RETURNS = {opcode.opmap.get("RETURN_VALUE"), opcode.opmap.get("RETURN_CONST")}


class ExitWatch:
    """Keeps the last ``SystemExit`` of the main thread.

    Parameters
    ----------
    wanted : callable
        Whether anybody will ask; otherwise nothing is kept alive.
    """

    def __init__(self, wanted: Callable[[], bool]) -> None:
        self._wanted = wanted
        self._error: Optional[SystemExit] = None
        self._outermost: Optional[FrameType] = None

    def install(self) -> None:
        """Begin to watch; for the rest of the process."""
        vars(sys)["exit"] = self._watched(sys.exit)
        for name in ("exit", "quit"):
            present = getattr(builtins, name, None)
            if callable(present) and type(present).__name__ == "Quitter":
                vars(builtins)[name] = _Leave(self._watched(present), present)

    def forget(self) -> None:
        """What was seen so far has no meaning any more."""
        self._error = self._outermost = None

    def failure(self) -> Optional[SystemExit]:
        """The exit that ended the main program with another status than 0; None without one."""
        error, outermost = self._error, self._outermost
        if error is None or outermost is None or status_of(error) == 0:
            return None
        return None if _returned(outermost) or _was_caught(error, outermost) else error

    def _watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def leave(*arguments: Any) -> None:
            try:
                call(*arguments)
            except SystemExit as error:
                self._note(error)
                raise

        return leave

    def _note(self, error: SystemExit) -> None:
        if threading.current_thread() is not threading.main_thread() or not self._wanted():
            return
        frame = sys._getframe()
        while frame.f_back is not None:
            frame = frame.f_back
        self._error, self._outermost = error, frame


class _Leave:
    """``exit`` or ``quit``: called, or named at the prompt to be told how to leave."""

    def __init__(self, leave: Callable[..., Any], original: Any) -> None:
        self._original = original
        self.__call = leave

    def __call__(self, code: Any = None) -> None:
        self.__call(code)

    def __repr__(self) -> str:
        return repr(self._original)


def status_of(error: SystemExit) -> int:
    """The exit status that Python makes of a ``SystemExit``: its number, or 1 for a text.

    Source: documentation of ``sys.exit``.
    """
    if error.code is None:
        return 0
    return int(error.code) & 0xFF if isinstance(error.code, int) else 1


def _was_caught(error: SystemExit, outermost: FrameType) -> bool:
    """Whether the exception did not get as far as the outermost frame, as far as can be known.

    Python before 3.12 keeps the way of an exception apart from it until somebody catches it.
    """
    if not _TELLS_ITS_WAY:
        return False
    trace = error.__traceback__
    return trace is None or trace.tb_frame is not outermost


def _returned(frame: FrameType) -> bool:
    """Whether a finished frame came to its end, rather than being left by an exception."""
    return frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] in _RETURNS
