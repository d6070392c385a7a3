"""Keeps the live runs of a generated workspace alive: ``python -m tests.e2e.feeder FOLDER ID …``.

Each run gets a line of log and a point of two metrics every beat, until the process is ended.
"""

from __future__ import annotations

import math
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from threading import Event

from ml_jupyter.history import lock
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder

BEAT_S = 0.5


def main(root: Path, ids: list[str]) -> None:
    """Feed these runs of a workspace until a signal says to end."""
    ended = Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    workspace = WorkspaceFolder(root)
    runs = [workspace.run(run_id) for run_id in ids]
    with ExitStack() as held:
        for run in runs:
            held.callback(lock.acquire(run.lock_path, 5).release)
            run.layout.files.joinpath(STD_LOG).parent.mkdir(parents=True, exist_ok=True)
        print("fed", flush=True)
        number = 0
        while not ended.wait(BEAT_S):
            for run in runs:
                beat(run, number)
            number += 1


def beat(run: RunFolder, number: int) -> None:
    """One step of a run."""
    run.metric_log.log("loss", 1 / (1 + number), number)
    run.metric_log.log("wave", math.sin(number / 10), number)
    with (run.layout.files / STD_LOG).open("ab") as log:
        log.write(b"line %d at %.6f\n" % (number, time.time()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
