"""``mlj logs``: the terminal of a run, of one rank, from its end, as it grows."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from ml_jupyter.cli import follow, output, which
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history import stream
from ml_jupyter.history.layout import BUILD_LOG, STD_LOG
from ml_jupyter.sdk.run import Run

_RANK_LOG = "user_logs/std_log_process_{}.txt"
_BLOCK = 64 * 1024


@click.command(
    epilog=output.examples(
        "mlj logs", "mlj logs RUN -f", "mlj logs RUN --tail 50", "mlj logs RUN --rank 1 -f"
    )
)
@which.run_argument
@click.option("-f", "--follow", "follows", is_flag=True, help="Go on as it grows, to the end.")
@click.option("--tail", type=click.IntRange(0), help="Begin so many lines before the end.")
@click.option("--rank", type=click.IntRange(0), help="Only the terminal of this process.")
@click.option("--build", is_flag=True, help="What was said while its environment was made.")
@output.workspace_option
def logs(
    run_id: str | None,
    named: str | None,
    follows: bool,
    tail: int | None,
    rank: int | None,
    build: bool,
    workspace_name: str | None,
) -> int:
    """Print a run's terminal: of RUN, or of the newest run.

    With -f the exit status is 0 when the run completes and 1 when it does not.
    """
    run = which.run(workspace_name, run_id or named)
    ended = follow.ended(run)
    path = _path(run, rank, build, may_come=follows and not ended())
    offset = 0 if tail is None else _last_lines(path, tail)
    if not follows:
        _copy(path, offset, lambda: True)
        return 0
    try:
        _copy(path, offset, ended)
    except KeyboardInterrupt:
        click.echo(f"\nThe run goes on. Stop it with: mlj job cancel -n {run.id}", err=True)
        return follow.INTERRUPTED
    return 0 if run.get_status() == "Completed" else 1


def _path(run: Run, rank: int | None, build: bool, *, may_come: bool) -> Path:
    """The log's file.

    Raises
    ------
    UserErrorException
        The run has none of this rank, or none at all.
    """
    files = run._folder.layout.files
    name = STD_LOG if rank is None else _RANK_LOG.format(rank)
    path: Path = files / (BUILD_LOG if build else name)
    if path.exists() or may_come:
        return path
    there = sorted((files / "user_logs").glob("std_log_process_*.txt"))
    if build:
        raise UserErrorException(f"Nothing was built for run {run.id}.")
    if rank is None:
        raise UserErrorException(f"Run {run.id} has no terminal: {run.get_status()}.")
    if rank == 0 and not there:
        return files / STD_LOG
    hint = f"There are 0 to {len(there) - 1}." if there else "It has one process only."
    raise UserErrorException(f"Run {run.id} has no rank {rank}.", hint=hint)


def _last_lines(path: Path, count: int) -> int:
    """Offset at which the last ``count`` lines begin; reads from the end."""
    size = end = stream.size(path)
    if size and stream.read(path, size - 1, 1) == b"\n":
        end -= 1  # the newline that ends the last line begins no other
    while end > 0 and count > 0:
        begin = max(0, end - _BLOCK)
        block = stream.read(path, begin, end - begin)
        while count > 0:
            found = block.rfind(b"\n")
            if found < 0:
                break
            count -= 1
            block = block[:found]
        if count == 0:
            return begin + len(block) + 1
        end = begin
    return 0 if count else size


def _copy(path: Path, offset: int, ended: Callable[[], bool]) -> None:
    """Write the file's bytes as they are: the terminal shows what the job's terminal showed."""
    out = getattr(sys.stdout, "buffer", None)
    for chunk in stream.follow(path, offset, ended=ended):
        if out is None:
            sys.stdout.write(chunk.decode("utf-8", "replace"))
        else:
            out.write(chunk)
        sys.stdout.flush()
