"""Files that appear under their name as a whole: what is being written has a name of its own.

A process that is killed leaves at most such a part. Listings pass over parts, and the next upload
into the folder removes those that nobody has written to for a day.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import Iterator, Set

#: Ours, and MLflow's (``mlflow/store/artifact/local_artifact_repo.py`` of 3.17).
_PREFIXES = (".ml_jupyter-part-", ".artifact.uploading.")
_ABANDONED_S = 24 * 3600
#: Folders that this process has looked through: once is enough.
_swept: Set[str] = set()


def is_part(name: str) -> bool:
    """Whether a file of this name is one that is being written, or was abandoned."""
    return name.startswith(_PREFIXES)


@contextlib.contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """Where to write what becomes ``target`` when the block ends; nothing when it fails.

    Raises
    ------
    OSError
        The folder cannot be made or written to.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(str(target.parent))
    part = target.with_name(_PREFIXES[0] + os.urandom(8).hex())
    try:
        yield part
        os.replace(str(part), str(target))
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _sweep(folder: str) -> None:
    if folder in _swept:
        return
    _swept.add(folder)
    with contextlib.suppress(OSError), os.scandir(folder) as scan:
        for entry in scan:
            if is_part(entry.name):
                with contextlib.suppress(OSError):
                    if time.time() - entry.stat().st_mtime > _ABANDONED_S:
                        os.unlink(entry.path)
