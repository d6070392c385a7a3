"""Runs TensorBoard in this process and ends it with the Jupyter server: ``python -m … ARGUMENTS``.

The server holds the other end of standard input. However the server dies, that end is closed; this process then
leaves at once, and TensorBoard's own helper with it.
"""

from __future__ import annotations

import os
import sys
import threading
import time

_LOOK_S = 2.0


def main(arguments: list[str]) -> int:
    """Run TensorBoard with these arguments until it ends or its starter is gone."""
    parent = os.getppid()
    threading.Thread(target=_leave_at_end_of_input, daemon=True).start()
    threading.Thread(target=_leave_without, args=(parent,), daemon=True).start()
    from tensorboard.main import run_main

    sys.argv = ["tensorboard", *arguments]
    run_main()
    return 0


def _leave_at_end_of_input() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


def _leave_without(parent: int) -> None:
    """Leave when another process has become the parent: an end of the pipe may have leaked into a fork."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
