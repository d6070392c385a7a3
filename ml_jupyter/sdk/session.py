"""What one process shares between its workspaces: settings and indexes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Dict, List

from ml_jupyter.config import Settings
from ml_jupyter.exceptions import WorkspaceException
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import registry

if TYPE_CHECKING:
    from ml_jupyter.history.index import Index

DEFAULT_NAME = "default"


def settings() -> Settings:
    """The settings as file and environment say now."""
    return Settings.load()


def named_root(values: Settings, name: str) -> Path:
    """Folder of a workspace that was made by name."""
    return values.home / "workspaces" / name


def index_of(folder: WorkspaceFolder, values: Settings) -> Index:
    """The index of a workspace: one in a process, so that what it read is not read again."""
    return _index(str(folder.layout.root), folder.id, str(values.cache))


def known_workspaces(values: Settings) -> List[WorkspaceFolder]:
    """All workspaces of the user that can be found: those made by name, and those opened before."""
    found: Dict[Path, WorkspaceFolder] = {}
    for root in sorted((values.home / "workspaces").glob("*/workspace.json")):
        try:
            folder = WorkspaceFolder(root.parent)
        except WorkspaceException:  # half-made, or of a newer version
            continue
        found[folder.layout.root] = folder
    for folder in registry.known(values):
        found.setdefault(folder.layout.root, folder)
    return sorted(found.values(), key=lambda item: (item.record.name, item.record.created))


@lru_cache(maxsize=16)
def _index(root: str, workspace_id: str, cache: str) -> Index:
    from ml_jupyter.history.index import Index  # SQLite: only those who list runs pay for it

    return Index(WorkspaceFolder(Path(root)), Path(cache))
