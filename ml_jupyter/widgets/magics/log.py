"""``%run_log``: the end of a run's log, or all of it as it grows."""

from __future__ import annotations

from ml_jupyter._files import confine
from ml_jupyter.exceptions import ArtifactNotFound, UserErrorException
from ml_jupyter.history import stream
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.sdk import artifacts, views
from ml_jupyter.sdk.run import Run

_BYTES_A_LINE = 400
_MOST_BYTES = 4 * 1024 * 1024


def last_lines(run: Run, count: int, name: str | None = None) -> str:
    """The last lines of a log of the run.

    Parameters
    ----------
    run : Run
        Any run.
    count : int
        Number of lines, at least 1; at most 4 MiB are read.
    name : str, optional
        Name of the log among the run's files; default: what the run printed.

    Raises
    ------
    UserErrorException
        ``count`` is below 1.
    ArtifactNotFound
        The run has no such log; names those that it has.
    """
    if count < 1:
        raise UserErrorException(f"--lines must be at least 1, not {count}.")
    path = confine(run._folder.layout.path, f"files/{artifacts.check_name(name or STD_LOG)}")
    if not path.is_file():
        known = ", ".join(views.files.log_files(run._folder)) or "none yet"
        raise ArtifactNotFound(
            f"Run {run.id} has no log {name or STD_LOG!r}.", hint=f"Its logs: {known}."
        )
    size = min(_MOST_BYTES, count * _BYTES_A_LINE)
    text = stream.read(path, -size).decode("utf-8", "replace")
    while text.count("\n") <= count and size < min(stream.size(path), _MOST_BYTES):
        size = min(size * 4, _MOST_BYTES)
        text = stream.read(path, -size).decode("utf-8", "replace")
    return "\n".join(text.splitlines()[-count:])
