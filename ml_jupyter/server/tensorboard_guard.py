"""Runs TensorBoard in this process and ends it with the Jupyter server.

Its arguments come as one line of JSON on standard input, since a command line can be read by every
user of the machine. The server holds the other end; however it dies, that end is closed, and this
process leaves at once.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

_LOOK_S = 2.0


def main() -> int:
    """Run TensorBoard until it ends or its starter is gone."""
    parent = os.getppid()
    arguments = json.loads(_first_line())
    threading.Thread(target=_leave_at_end_of_input, daemon=True).start()
    threading.Thread(target=_leave_without, args=(parent,), daemon=True).start()
    from tensorboard.main import run_main

    sys.argv = ["tensorboard", *arguments]
    run_main()
    return 0


def _first_line() -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            os._exit(0)
        line += byte
    return line


def _leave_at_end_of_input() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


def _leave_without(parent: int) -> None:
    """Leave when the parent has changed: an end of the pipe may have leaked into a fork."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(0)


if __name__ == "__main__":
    raise SystemExit(main())
