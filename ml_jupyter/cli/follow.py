"""Following a run in the terminal."""

from __future__ import annotations

import sys

import click

from ml_jupyter.cli import context
from ml_jupyter.exceptions import ExperimentExecutionException
from ml_jupyter.sdk.run import Run

INTERRUPTED = 130


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
