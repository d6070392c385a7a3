"""A dataset in a folder for a while: read-only links, or copies where links cannot be."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Optional, Sequence

from ml_jupyter._files import PathLike, confine
from ml_jupyter.datasets.fetching import give
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import session
from ml_jupyter.sdk.dataset_fetch import fetch_here
from ml_jupyter.sdk.dataset_sources import DataFile


class MountContext:
    """``with`` context, or ``start()`` and ``stop()``.

    Parameters
    ----------
    files : sequence of DataFile
        What is to be there.
    mount_point : path, optional
        An empty folder; default: a new temporary one.
    """

    def __init__(self, files: Sequence[DataFile], mount_point: Optional[PathLike] = None) -> None:
        self._files = list(files)
        self._given = mount_point is not None
        self._point = Path(mount_point) if mount_point is not None else None
        self._started = False

    @property
    def mount_point(self) -> str:
        """The folder."""
        if self._point is None:
            self._point = Path(tempfile.mkdtemp(prefix="mlj-data-"))
        return str(self._point)

    def start(self) -> None:
        """Put the files there.

        Raises
        ------
        UserErrorException
            The folder is not empty, or data cannot be had.
        """
        root = Path(self.mount_point)
        root.mkdir(parents=True, exist_ok=True)
        if self._started:
            return
        if any(root.iterdir()):
            raise UserErrorException(f"mount_point: {root} is not empty.")
        settings = session.settings()
        remote = [(item.url, item.path) for item in self._files if item.url is not None]
        fetch_here([url for url, _ in remote], settings)
        give(remote, root, settings, copy=False)
        for item in self._files:
            if item.local is not None:
                target = confine(root, item.path)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.symlink(item.local, str(target))
        self._started = True

    def stop(self) -> None:
        """Take them away again; the data itself stays where it is."""
        if not self._started:
            return
        root = Path(self.mount_point)
        for path in list(root.iterdir()):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(str(path))
            else:
                path.unlink()
        if not self._given:
            root.rmdir()
        self._started = False

    def __enter__(self) -> MountContext:
        self.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()
