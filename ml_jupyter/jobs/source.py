"""Walking a source folder: what a snapshot takes in, with one ``stat`` a file and no hashing."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, List, Optional, Sequence, Tuple

from ml_jupyter.exceptions import SnapshotException
from ml_jupyter.jobs import ignore
from ml_jupyter.jobs.ignore import Rules

Chain = Tuple[Rules, ...]


@dataclass
class Listing:
    """Content of a source folder.

    Attributes
    ----------
    files : list of (path, stat)
        Regular files, paths relative with ``/``.
    links : list of (path, target)
        Symbolic links that stay inside the folder, as written.
    empty : list of str
        Folders without content.
    bytes : int
        Sizes of the files, added up.
    warnings : list of str
        What was left out for a reason that the user may not expect.
    """

    files: List[Tuple[str, os.stat_result]] = field(default_factory=list)
    links: List[Tuple[str, str]] = field(default_factory=list)
    empty: List[str] = field(default_factory=list)
    bytes: int = 0
    warnings: List[str] = field(default_factory=list)

    def largest(self, count: int = 10) -> List[Tuple[str, int]]:
        """The largest files as (path, bytes)."""
        sizes = [(path, item.st_size) for path, item in self.files]
        return sorted(sizes, key=lambda pair: -pair[1])[:count]


class SourceWalk:
    """One walk over a source folder.

    Parameters
    ----------
    root : Path
        The source folder.
    skip : sequence of Path
        Folders that are left out whatever the rules say (the workspace itself).
    check : callable, optional
        Called once a folder; raises to give up (deadlines).
    """

    def __init__(
        self,
        root: Path,
        skip: Sequence[Path] = (),
        check: Optional[Callable[[Listing], None]] = None,
    ) -> None:
        self._root = os.path.realpath(str(root))
        self._skip = {os.path.realpath(str(path)) for path in skip}
        self._check = check
        self._always = ignore.rules(ignore.ALWAYS)
        self._nested = False
        self.found = Listing()

    def list(self) -> Listing:
        """All that belongs to the snapshot, sorted by path.

        Raises
        ------
        SnapshotException
            A folder cannot be read.
        MissingDependency
            ``pathspec`` is not installed.
        """
        if self._root in self._skip:
            raise SnapshotException(
                f"{self._root} is the workspace itself and cannot be a source folder."
            )
        names = os.listdir(self._root)
        chosen = ignore.ignore_file(names)
        self._nested = chosen in (None, ".gitignore")
        chain: Chain = (ignore.rules(ignore.DEFAULTS),)
        if chosen is not None and chosen != ".gitignore":
            chain += (ignore.rules_of(Path(self._root, chosen)),)
        self._folder(self._root, "", chain)
        self.found.files.sort(key=lambda pair: pair[0])
        self.found.links.sort()
        self.found.empty.sort()
        return self.found

    def _folder(self, path: str, prefix: str, chain: Chain) -> bool:
        if self._check is not None:
            self._check(self.found)
        try:
            with os.scandir(path) as scan:
                entries = list(scan)
        except OSError as error:
            raise SnapshotException(
                f"{path} cannot be read: {error.strerror}.", hint=_HINT
            ) from error
        if self._is_environment(prefix, entries):
            return False
        if self._nested and any(entry.name == ".gitignore" for entry in entries):
            chain += (ignore.rules_of(Path(path, ".gitignore"), len(prefix)),)
        rules = (*chain, self._always)
        taken = [self._entry(entry, prefix + entry.name, chain, rules) for entry in entries]
        if prefix and not any(taken):
            self.found.empty.append(prefix[:-1])
        return True

    def _entry(self, entry: os.DirEntry[str], name: str, chain: Chain, rules: Chain) -> bool:
        if entry.is_dir(follow_symlinks=False):
            if self._is_left_out(name + "/", rules) or entry.path in self._skip:
                return False
            return self._folder(entry.path, name + "/", chain)
        if self._is_left_out(name, rules):
            return False
        if entry.is_symlink():
            return self._link(entry, name)
        facts = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(facts.st_mode):
            self.found.warnings.append(
                f"{name} is neither a file nor a folder and was left out of the snapshot."
            )
            return False
        self.found.files.append((name, facts))
        self.found.bytes += facts.st_size
        return True

    def _is_environment(self, prefix: str, entries: List[os.DirEntry[str]]) -> bool:
        """Whether a folder holds a Python environment, which is never part of the code."""
        return bool(prefix) and any(entry.name in _ENVIRONMENT_MARKS for entry in entries)

    def _is_left_out(self, name: str, rules: Chain) -> bool:
        return ignore.is_left_out(rules, name)

    def _link(self, entry: os.DirEntry[str], name: str) -> bool:
        target = os.readlink(entry.path)
        resolved = os.path.realpath(entry.path)
        if os.path.isabs(target) or not resolved.startswith(self._root + os.sep):
            self.found.warnings.append(
                f"{name} is a link that leads out of the source folder and was left out."
            )
            return False
        self.found.links.append((name, target))
        return True


class DataWalk(SourceWalk):
    """One walk over a folder of data: no rules, links to files are followed."""

    def list(self) -> Listing:
        """All that is in the folder, sorted by path."""
        self._folder(self._root, "", ())
        self.found.files.sort(key=lambda pair: pair[0])
        self.found.empty.sort()
        return self.found

    def _is_environment(self, prefix: str, entries: List[os.DirEntry[str]]) -> bool:
        return False

    def _is_left_out(self, name: str, rules: Chain) -> bool:
        return False

    def _link(self, entry: os.DirEntry[str], name: str) -> bool:
        try:
            facts = os.stat(entry.path)
        except OSError as error:
            raise SnapshotException(f"{name} cannot be read: {error.strerror}.") from error
        if not stat.S_ISREG(facts.st_mode):
            self.found.warnings.append(f"{name} is a link to a folder and was left out.")
            return False
        self.found.files.append((name, facts))
        self.found.bytes += facts.st_size
        return True


_HINT = "Mend its rights, or name it in .amlignore."
_ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")
