"""The folder that a TensorBoard reads: one link a run, under a name that people know."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

from ml_jupyter._files import storage_failed
from ml_jupyter.history import lock
from ml_jupyter.history.lock import HeldLock
from ml_jupyter.history.run_folder import RunFolder

_UNFIT = re.compile(r"[\x00-\x1f/\\]+")
_NAME_LENGTH = 80
_LOCK = ".lock"


class LogDirs:
    """Private folders of links; those of a server that was killed are swept later.

    Parameters
    ----------
    root : Path
        Private folder of the user, made when missing.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held: dict[Path, HeldLock] = {}

    def make(self, runs: Iterable[RunFolder]) -> Path:
        """A new folder with a link for each run, also where there are no logs yet.

        Raises
        ------
        StorageFailed
            It cannot be made.
        """
        folder = self._root / uuid.uuid4().hex
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / "runs").mkdir(mode=0o700, parents=True)
            for name, target in _named(runs):
                (folder / "runs" / name).symlink_to(target, target_is_directory=True)
        except OSError as error:
            raise storage_failed(error, folder) from error
        self._held[folder] = lock.acquire(folder / _LOCK, 0)
        return folder / "runs"

    def remove(self, runs: Path) -> None:
        """Remove a folder that ``make`` gave; what its links lead to stays."""
        folder = runs.parent
        held = self._held.pop(folder, None)
        if held is not None:
            held.release()
        shutil.rmtree(folder, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what dead servers left."""
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            if folder not in self._held and not lock.is_held(folder / _LOCK):
                shutil.rmtree(folder, ignore_errors=True)


def _named(runs: Iterable[RunFolder]) -> Iterable[tuple[str, Path]]:
    taken: set[str] = set()
    for run in runs:
        title = run.state().display_name or run.record.experiment
        title = _UNFIT.sub(" ", title).strip(" .")[:_NAME_LENGTH] or "run"
        name = f"{title} #{run.record.number}"
        while name in taken:
            name = f"{title} #{run.record.number} {run.id[-8:]} {len(taken)}".rstrip()
        taken.add(name)
        yield name, Path(os.path.abspath(run.layout.files / "logs"))
