"""Which files of a source folder a snapshot leaves out (surface 5.6).

Rules are those of gitignore, read by ``pathspec``. Later ones win: first the defaults that a user
may undo with ``!name``, then the user's file, then what is always left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, List, Optional, Pattern, Sequence, Tuple

from ml_jupyter.exceptions import MissingDependency
from ml_jupyter.jobs import borrowed

#: The first of these in the source folder counts; ``.gitignore`` is read in all folders below too.
IGNORE_FILES = (".ml_jupyterignore", ".amlignore", ".gitignore")

DEFAULTS = (
    ".env",
    ".env.*",
    "!.env.example",
    "!.env.sample",
    "!.env.template",
    ".ipynb_checkpoints/",
)
ALWAYS = (".git", "__pycache__/", ".azureml/**/*.lock", ".azureml/*.lock")

_GROUP_NAME = re.compile(r"\(\?P<\w+>")


@dataclass(frozen=True)
class Rules:
    """Rules of one file, applied to paths relative to its folder.

    Attributes
    ----------
    prefix : int
        Characters of the path that lead to the folder of the rules, the ``/`` included.
    """

    prefix: int
    _any: Optional[Pattern[str]]
    _each: Tuple[Tuple[Pattern[str], bool], ...]

    def verdict(self, path: str) -> Optional[bool]:
        """True: left out, False: kept against earlier rules, None: not mentioned.

        Parameters
        ----------
        path : str
            Relative to the source folder, with ``/`` at the end of a folder's.
        """
        if self._any is None:
            return None
        below = path[self.prefix :]
        if (
            self._any.match(below) is None
        ):  # one look for nearly all files, whatever the number of rules
            return None
        for pattern, left_out in reversed(self._each):
            if pattern.match(below) is not None:
                return left_out
        return None


def rules(lines: Sequence[str], prefix: int = 0) -> Rules:
    """Rules from the lines of an ignore file.

    Raises
    ------
    MissingDependency
        The package ``pathspec`` is not installed.
    """
    each: List[Tuple[Pattern[str], bool]] = []
    for pattern in _parse(lines):
        if pattern.include is not None:
            each.append((pattern.regex, pattern.include))
    if not each:
        return Rules(prefix, None, ())
    joined = "|".join(f"(?:{_GROUP_NAME.sub('(?:', pattern.pattern)})" for pattern, _ in each)
    return Rules(prefix, re.compile(joined), tuple(each))


def rules_of(path: Path, prefix: int = 0) -> Rules:
    """Rules of an ignore file; none when it cannot be read."""
    try:
        text = path.read_text("utf-8", "surrogateescape")
    except OSError:
        return Rules(prefix, None, ())
    return rules(text.lstrip("\ufeff").splitlines(), prefix)


def is_left_out(chain: Sequence[Rules], path: str) -> bool:
    """Whether ``path`` is left out by rules of which later ones win."""
    for item in reversed(chain):
        verdict = item.verdict(path)
        if verdict is not None:
            return verdict
    return False


def ignore_file(names: Sequence[str]) -> Optional[str]:
    """The ignore file that counts among the names in a source folder."""
    return next((name for name in IGNORE_FILES if name in names), None)


def _parse(lines: Sequence[str]) -> Sequence[Any]:
    try:
        pathspec: Any = borrowed.module("pathspec")
    except ImportError as error:
        missing = MissingDependency("pathspec", "jobs", "Taking a snapshot of a source folder")
        missing.hint = "Install it with: pip install pathspec"
        raise missing from error
    return list(pathspec.GitIgnoreSpec.from_lines(lines).patterns)
