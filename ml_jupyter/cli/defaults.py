"""What ``mlj configure`` sets: a few words in a file of the settings' folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ml_jupyter._files import read_json, write_json
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import FolderCorrupt

#: Names that can be set. ``group`` and ``location`` are taken and have no effect here.
NAMES = ("workspace", "group", "location", "output")
_FILE = "cli.json"


def get(name: str) -> str | None:
    """A default; None: not set."""
    value = everything().get(name)
    return value if isinstance(value, str) and value else None


def everything() -> dict[str, Any]:
    """All defaults that are set."""
    try:
        found = read_json(_file())
    except (OSError, FolderCorrupt):
        return {}
    return {name: found[name] for name in NAMES if found.get(name)}


def change(values: dict[str, str]) -> dict[str, Any]:
    """Set defaults; an empty text takes one away. All that are set then."""
    made = {**everything(), **values}
    kept = {name: item for name, item in made.items() if item}
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    write_json(file, kept)
    return kept


def _file() -> Path:
    return Settings.load().home / _FILE
