"""What the readers of a file's parts share: its folder, its dialect, the checks of paths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from ml_jupyter.jobfile.cursor import Cursor

PREVIEW = "preview"
V2 = "v2"
RUNCONFIG = "runconfig"


@dataclass(frozen=True)
class Context:
    """How to read.

    Attributes
    ----------
    folder : Path
        Where relative paths start.
    dialect : str
        ``PREVIEW`` or ``V2``.
    check_paths : bool
        Report local paths that are not there.
    """

    folder: Path
    dialect: str
    check_paths: bool = True

    def local(self, cursor: Cursor, *, kind: str = "any") -> Optional[Path]:
        """A local path; ``kind`` is ``file``, ``folder`` or ``any``."""
        text = cursor.text()
        if not text or not text.strip():
            if text is not None:
                cursor.error("the path is empty")
            return None
        if text.startswith("file:"):
            text = text[5:]
            text = text[2:] if text.startswith("//") else text
        path = Path(self.folder, Path(text).expanduser())
        if self.check_paths and not _is(path, kind):
            what = {"file": "file", "folder": "folder"}.get(kind, "file or folder")
            cursor.error(f"there is no {what} {text!r}", f"looked for in {self.folder}")
        return path

    def old_spelling(self, cursor: Cursor, new: str) -> None:
        """Warn of a spelling of 2021 in a file of today."""
        if self.dialect == V2:
            cursor.warn("an old spelling", f"today {new}")


def _is(path: Path, kind: str) -> bool:
    return {"file": path.is_file, "folder": path.is_dir}.get(kind, path.exists)()
