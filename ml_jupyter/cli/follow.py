"""Following a run in the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

from ml_jupyter.cli import context
from ml_jupyter.exceptions import ExperimentExecutionException
from ml_jupyter.history import status
from ml_jupyter.sdk import waiting
from ml_jupyter.sdk.run import Run

INTERRUPTED = 130
_SETTLE_S = 1.0


def ended(run: Run) -> Callable[[], bool]:
    """Tells whether a run has ended; now and then sees to it that a lost one is ended."""
    due = 0.0

    def look() -> bool:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + _SETTLE_S
            waiting.settle(run)
        return run._folder.state().status in status.TERMINAL

    return look


def to_the_end(run: Run, *, on_standard_output: bool = False) -> int:
    """Print the log as it grows; 0 when the run completes, 1 otherwise, 130 on Ctrl-C.

    Parameters
    ----------
    on_standard_output : bool
        The log is the result; else it goes to standard error, and the result stands alone.
    """
    try:
        if on_standard_output:
            run.wait_for_completion(show_output=True, raise_on_error=False)
            sys.stdout.flush()
        else:
            with context.notices_aside():
                run.wait_for_completion(show_output=True, raise_on_error=False)
    except ExperimentExecutionException:
        click.echo(f"\nThe run goes on. Stop it with: mlj job cancel -n {run.id}", err=True)
        return INTERRUPTED
    return 0 if run.get_status() == "Completed" else 1
