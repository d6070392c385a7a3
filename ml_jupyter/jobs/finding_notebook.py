"""Where a notebook that ran as a job broke: IPython's traceback as data.

Source: IPython's ``ultratb.py`` (versions 8 and 9), colours taken off.
"""

from __future__ import annotations

import re
from typing import Container, List, Optional

from ml_jupyter.jobs.finding_traceback import Frame, place_of

_HEAD = re.compile(r"^[\w.]+ {5,}Traceback \(most recent call last\)$", re.MULTILINE)
_CELL = re.compile(r"^Cell In\s*\[(?P<cell>\d+)\], line (?P<line>\d+)(?:, in (?P<name>.+))?$")
_FILE = re.compile(r"^File (?P<file>.+?):(?P<line>\d+)(?:, in (?P<name>.+))?$")
_ARROW = re.compile(r"^-+> \d+ (?P<code>.*)$")


def notebook_frames(log: str, notebook: str, source: str, known: Container[str]) -> List[Frame]:
    """The frames of the last traceback that a notebook's kernel printed; none if there is none.

    Parameters
    ----------
    log : str
        The end of the log, without colours.
    notebook : str
        Name of the notebook in the snapshot.
    source, known
        As for ``finding_traceback.frames_of``.
    """
    heads = list(_HEAD.finditer(log))
    if not heads:
        return []
    lines = log[heads[-1].end() :].split("\n")
    found = []
    for at, line in enumerate(lines):
        cell, file = _CELL.match(line), _FILE.match(line)
        code = _code(lines[at + 1 :])
        if cell is not None:
            name = f"{notebook} cell {cell['cell']}"
            path = notebook if notebook in known else None
            found.append(Frame(name, path, int(cell["line"]), cell["name"] or "", code, True))
        elif file is not None:
            short, path, own = place_of(file["file"], source, known)
            function = (file["name"] or "").partition("(")[0]
            found.append(Frame(short, path, int(file["line"]), function, code, own))
    return found


def _code(lines: List[str]) -> str:
    """The line that an arrow marks, before the next frame."""
    for line in lines:
        match: Optional[re.Match[str]] = _ARROW.match(line)
        if match is not None:
            return match["code"].strip()
        if not line.strip():
            break
    return ""
