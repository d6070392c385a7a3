"""Keeping what an interactive run writes into ``outputs`` and ``logs`` (surface 3.3, 4.9).

Files that lay there before the start are left out. ``logs`` is followed while the run goes on, the
rest is taken at its end.
"""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.sdk.artifacts import same_content
from ml_jupyter.sdk.notices import warn_safely

LIVE = "logs"
_BLOCK = 1 << 20

Signature = Tuple[int, int, int]


def folders_of(outputs: Any) -> List[str]:
    """Folder names from the parameter ``outputs`` of ``start_logging``.

    Raises
    ------
    UserErrorException
        Neither text, list of texts, None nor False.
    """
    if outputs is None:
        return ["outputs"]
    if outputs is False:
        return []
    names = [outputs] if isinstance(outputs, (str, os.PathLike)) else outputs
    if not isinstance(names, (list, tuple)) or not all(
        isinstance(n, (str, os.PathLike)) for n in names
    ):
        raise UserErrorException(
            f"outputs must be a folder, a list of folders or False, not {outputs!r}."
        )
    return [os.fspath(name) for name in names]


class Collector:
    """Copies what is new in some folders into a run's files. Threads take turns.

    Parameters
    ----------
    run : RunFolder
        The run.
    outputs : sequence of str
        Folders, made here when missing and taken at the end.
    """

    def __init__(self, run: RunFolder, outputs: Sequence[str]) -> None:
        self._run = run
        self._turn = threading.Lock()
        self._finished = False
        self._base = Path.cwd()
        for name in outputs:
            self._make(name)
        self._folders = {self._name(name): self._base / name for name in outputs}
        self._folders.setdefault(LIVE, self._base / LIVE)
        self._seen: Dict[str, Signature] = {}
        self._ours: Dict[str, Signature] = {}
        for name in self._folders:
            self._seen.update(self._signatures(name))

    def _make(self, name: str) -> None:
        try:
            Path(name).mkdir(parents=True, exist_ok=True)
        except OSError as error:  # a notebook may lie in a folder that cannot be written
            text = f"The folder {name} cannot be made here: {error.strerror}. The run goes without."
            self._run.warn(text)
            warn_safely(text)

    def follow(self) -> None:
        """Take what is new in ``logs``; files that grew are continued."""
        with self._turn:
            if not self._finished:
                self._take(LIVE)

    def finish(self) -> None:
        """Take what is new in all folders; nothing is taken afterwards."""
        with self._turn:
            for name in self._folders if not self._finished else ():
                self._take(name)
            self._finished = True

    def _name(self, folder: str) -> str:
        """The folder among the run's files: its path from here, or its last part."""
        relative = os.path.relpath(str(self._base / folder), str(self._base))
        outside = os.path.isabs(relative) or relative.split(os.sep)[0] in ("..", ".")
        return Path(folder).name if outside else Path(relative).as_posix()

    def _signatures(self, name: str) -> Dict[str, Signature]:
        found: Dict[str, Signature] = {}
        root = str(self._folders[name])
        for folder, _, files in os.walk(root):
            for file in files:
                path = os.path.join(folder, file)
                try:
                    facts = os.stat(path)
                except OSError:
                    continue
                key = f"{name}/{os.path.relpath(path, root)}".replace(os.sep, "/")
                found[key] = (facts.st_ino, facts.st_size, facts.st_mtime_ns)
        return found

    def _take(self, name: str) -> None:
        for key, signature in sorted(self._signatures(name).items()):
            if self._seen.get(key) == signature:
                continue
            source = self._folders[name] / key[len(name) + 1 :]
            try:
                self._copy(key, source)
            except FileNotFoundError:  # a temporary file that is gone again
                continue
            self._seen[key] = signature

    def _copy(self, key: str, source: Path) -> None:
        target = self._run.layout.files / key
        if key not in self._ours and target.exists():
            if not same_content(source, target):
                self._run.warn(f"{key} was uploaded by hand with other content, which was kept.")
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        facts = os.stat(str(source))
        old = self._ours.get(key)
        done = os.path.getsize(str(target)) if old is not None else 0
        if old is not None and self._grew(key, old, done, facts):
            size = _append(source, target, done)
        else:
            shutil.copyfile(str(source), str(target))
            size = os.path.getsize(str(target))
        self._ours[key] = (facts.st_ino, size, facts.st_mtime_ns)

    @staticmethod
    def _grew(key: str, old: Signature, done: int, facts: os.stat_result) -> bool:
        """Whether a live file only became longer, so that its end alone must be copied."""
        same = old[0] == facts.st_ino and old[1] == done
        return key.startswith(LIVE) and same and done <= facts.st_size


def _append(source: Path, target: Path, offset: int) -> int:
    """Copy what lies behind ``offset``; the target's size afterwards."""
    with open(source, "rb") as reader, open(target, "ab") as writer:
        reader.seek(offset)
        while True:
            block = reader.read(_BLOCK)
            if not block:
                return writer.tell()
            writer.write(block)
