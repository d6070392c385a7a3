"""How a job ended, in words."""

from __future__ import annotations

import pytest

from ml_jupyter.history import status
from ml_jupyter.jobs.ending import Facts, judge, last_traceback

CHAINED = b"""epoch 1
Traceback (most recent call last):
  File "a.py", line 1, in <module>
    f()
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a.py", line 3, in <module>
    g()
\x1b[1;35mValueError\x1b[0m: \x1b[35mbad lr\x1b[0m
cleaning up
"""


@pytest.mark.parametrize(
    ("facts", "state", "reason"),
    [
        (Facts(0), status.COMPLETED, None),
        (Facts(3), status.FAILED, "The script ended with exit code 3."),
        (Facts(3, what="command"), status.FAILED, "The command ended with exit code 3."),
        (Facts(137), status.FAILED,
         "The script ended with exit code 137: a part of it was ended by SIGKILL."),
        (Facts(-9), status.FAILED, "Killed by signal 9 (SIGKILL) from outside."),
        (Facts(-9, machine_oom=True), status.FAILED,
         "Killed by the system (signal 9), most likely because the machine ran out of memory."),
        (Facts(-11), status.FAILED, "Crashed: ended by signal 11 (SIGSEGV)."),
        (Facts(-15, stopped="cancel"), status.CANCELED, "Canceled by the user."),
        (Facts(0, stopped="cancel"), status.CANCELED, "Canceled by the user."),
        (Facts(-15, stopped="limit", limit_s=10), status.CANCELED,
         "Stopped after 10 s: the time limit was reached."),
        (Facts(-9, stopped="memory", memory_limit=512 << 20, memory_peak=1), status.FAILED,
         "Ran out of memory: used 512 MB of 512 MB."),
        (Facts(-15, stopped="shutdown"), status.FAILED,
         "Stopped because the machine or the session that it ran in was shut down."),
    ],
)  # fmt: skip
def test_states_and_reasons(facts: Facts, state: str, reason: str) -> None:
    ending = judge(facts, b"")
    assert (ending.status, ending.reason) == (state, reason)
    assert (ending.error is not None) == (state == status.FAILED)


def test_last_traceback_of_a_log() -> None:
    traceback, message = last_traceback(CHAINED)
    assert message == "ValueError: bad lr"
    assert traceback is not None
    assert traceback.startswith("Traceback (most recent call last):\n")
    assert traceback.endswith("ValueError: bad lr")
    assert "KeyError" not in traceback
    assert judge(Facts(1), CHAINED).error == {
        "code": "ScriptFailed", "message": "ValueError: bad lr", "traceback": traceback,
    }  # fmt: skip


def test_traceback_cut_off_at_the_end_of_the_log() -> None:
    text = b'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n'
    assert last_traceback(text)[0] is not None
    assert last_traceback(b"no such thing") == (None, None)
    assert last_traceback(b"\xff\xfeTraceback (most recent call last)")[0] is not None


def test_traceback_of_an_exception_group() -> None:
    text = (
        b"  + Exception Group Traceback (most recent call last):\n"
        b'  |   File "a.py", line 1, in <module>\n'
        b"  | ExceptionGroup: two (2 sub-exceptions)\n"
        b"  +-+---------------- 1 ----------------\n"
        b"    | ValueError: a\n"
        b"    +------------------------------------\n"
    )
    traceback, message = last_traceback(text)
    assert traceback is not None
    assert "ValueError: a" in traceback
    assert message == "ExceptionGroup: two (2 sub-exceptions)"
