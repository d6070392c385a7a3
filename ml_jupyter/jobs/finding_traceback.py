"""A Python traceback as data: its frames, and the error that it ends with."""

from __future__ import annotations

import posixpath
import re
from dataclasses import asdict, dataclass
from typing import Any, Container, Dict, List, Optional, Tuple

_FRAME = re.compile(r'^[\s|]*File "(?P<file>[^"]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?$')
#: Lines of markers below a line of code (PEP 657).
_MARKS = re.compile(r"^[\s|]*[~^]+[\s~^]*$")
_ERROR = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$", re.DOTALL)
_SYNTAX = re.compile(
    r'^  File "[^"]+", line \d+\n(?:    .*\n){0,2}'
    r"(?:SyntaxError|IndentationError|TabError): .*\Z",
    re.MULTILINE,
)
#: Files that IPython makes of cells.
_CELL = re.compile(r"/ipykernel_\d+/|^<ipython-input|^Cell In")
#: Parts of paths of what is not the user's.
_LIBRARY = ("/site-packages/", "/dist-packages/", "/lib/python3", "<frozen ")
_MOST = 60


@dataclass(frozen=True)
class Frame:
    """One place of a traceback, the outermost first.

    Attributes
    ----------
    file : str
        As short as it can be: below the source, or below the folder of libraries.
    path : str, optional
        Name in the run's snapshot; None: it is not the user's.
    line : int
        From 1.
    function : str
        Where in the file.
    code : str
        The line, without its indentation; empty when it is not known.
    own : bool
        Whether it is the user's code.
    """

    file: str
    path: Optional[str]
    line: int
    function: str
    code: str
    own: bool

    def to_json(self) -> Dict[str, Any]:
        """As plain JSON."""
        return asdict(self)


def frames_of(traceback: str, source: str, known: Container[str]) -> List[Frame]:
    """The frames of the last part of a traceback, at most 60 of them.

    Parameters
    ----------
    traceback : str
        As Python prints it.
    source : str
        Folder in which the job ran: files below it are the user's.
    known : container of str
        Files of the run's snapshot, by their names there.
    """
    lines = traceback.splitlines()
    found = []
    for at, text in enumerate(lines):
        match = _FRAME.match(text)
        if match is not None:
            found.append(_frame(match, lines[at + 1 : at + 2], source, known))
    return found if len(found) <= _MOST else [*found[: _MOST // 2], *found[-_MOST // 2 :]]


def error_of(message: str) -> Tuple[str, str]:
    """Type and text of an error's line; the type is empty when it is no Python error.

    Examples
    --------
    >>> error_of("torch.OutOfMemoryError: CUDA out of memory.")
    ('torch.OutOfMemoryError', 'CUDA out of memory.')
    """
    match = _ERROR.match(message.strip())
    if match is None or (match["message"] is None and not match["type"][:1].isupper()):
        return "", message.strip()
    return match["type"], (match["message"] or "").strip()


def syntax_error_of(log: str) -> Optional[str]:
    """The end of a log in which Python refuses to read the script, as a traceback.

    Python prints no head for it: place, line, marks and error stand alone.
    """
    match = _SYNTAX.search(log.rstrip())
    return None if match is None else f"Traceback (most recent call last):\n{match.group(0)}"


def place_of(file: str, source: str, known: Container[str]) -> Tuple[str, Optional[str], bool]:
    """How to name a file of a traceback, its name in the snapshot, and whether it is the user's."""
    is_library = any(mark in file for mark in _LIBRARY)
    below = _below(file, source) or (None if is_library else _in_snapshot(file, known))
    path = below if below is not None and below in known else None
    own = not is_library and (below is not None or _CELL.search(file) is not None)
    return (_short(file) if below is None else below), path, own


def _frame(match: re.Match[str], following: List[str], source: str, known: Container[str]) -> Frame:
    code = following[0].strip(" |\t") if following and following[0][:1] in " |\t" else ""
    if _MARKS.match(code) or _FRAME.match(code) or code.startswith("File "):
        code = ""
    file, path, own = place_of(match["file"], source, known)
    return Frame(file, path, int(match["line"]), match["name"] or "", code, own)


def _below(file: str, folder: str) -> Optional[str]:
    prefix = folder.rstrip("/") + "/"
    if file.startswith(prefix):
        return posixpath.normpath(file[len(prefix) :])
    if not posixpath.isabs(file) and not file.startswith("<"):
        return posixpath.normpath(file)
    return None


def _in_snapshot(file: str, known: Container[str]) -> Optional[str]:
    """A file that lay elsewhere when it ran, in a notebook or a container, by the end of its path.

    The longest end that is a file of the snapshot counts.
    """
    parts = file.split("/")
    ends = ("/".join(parts[at:]) for at in range(1, len(parts)))
    return next((end for end in ends if end in known), None)


def _short(file: str) -> str:
    """The part of a library's path that says which library it is."""
    for mark in ("/site-packages/", "/dist-packages/"):
        if mark in file:
            return file.rpartition(mark)[2]
    match = re.search(r"/lib/python3[\d.]*/(.+)$", file)
    return match.group(1) if match else posixpath.basename(file) or file
