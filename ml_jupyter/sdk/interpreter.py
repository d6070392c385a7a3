"""The Python that a user-managed environment names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import lru_cache

from ml_jupyter.exceptions import UserErrorException

#: The oldest Python in which ``Run.get_context()`` works.
OLDEST = (3, 8)
_ASK = "import sys; print(*sys.version_info[:2])"
_TIMEOUT_S = 20.0


def checked(path: str) -> str:
    """The interpreter's path, when it is a Python that jobs can run in.

    Raises
    ------
    UserErrorException
        It does not exist, does not run, or is too old; the message names the parameter.
    """
    if path == sys.executable:
        return path
    found = shutil.which(os.path.expanduser(path))
    if found is None:
        raise UserErrorException(f"environment.python.interpreter_path: {path!r} is not a program.")
    version = _version(found, os.stat(found).st_mtime_ns)
    if version < OLDEST:
        shown = ".".join(map(str, version))
        raise UserErrorException(
            f"environment.python.interpreter_path: {path!r} is Python {shown}; "
            f"jobs need {'.'.join(map(str, OLDEST))} or later."
        )
    return os.path.abspath(found)


@lru_cache(maxsize=32)
def _version(path: str, changed_ns: int) -> tuple[int, ...]:
    try:
        done = subprocess.run(
            [path, "-c", _ASK], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=_TIMEOUT_S, check=True,
        )  # fmt: skip
        return tuple(int(part) for part in done.stdout.split())
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise UserErrorException(
            f"environment.python.interpreter_path: {path!r} does not run as a Python: {error}"
        ) from error
