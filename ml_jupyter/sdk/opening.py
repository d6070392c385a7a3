"""Finding a workspace's folder: by name, by configuration file, by default."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional

from ml_jupyter.config import Settings
from ml_jupyter.exceptions import WorkspaceException, WorkspaceNotFound
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk import session
from ml_jupyter.sdk.workspace_config import WorkspaceConfig

#: Inside a job: the folder of the workspace of its run.
WORKSPACE_VARIABLE = "ML_JUPYTER_WORKSPACE"


def by_name(values: Settings, name: str) -> WorkspaceFolder:
    """The workspace of this name: one made by name, else one that was opened before.

    Raises
    ------
    WorkspaceNotFound
        There is none.
    WorkspaceException
        Several folders hold one of this name.
    """
    root = session.named_root(values, name)
    if (root / "workspace.json").exists():
        return WorkspaceFolder(root)
    found = [item for item in session.known_workspaces(values) if item.record.name == name]
    if not found:
        raise WorkspaceNotFound(
            f"There is no workspace {name!r}.", hint=f"Make it with Workspace.create({name!r})."
        )
    if len(found) > 1:
        places = ", ".join(str(item.layout.root) for item in found)
        raise WorkspaceException(
            f"Several folders hold a workspace {name!r}: {places}.",
            hint="Say which with Workspace.get(name, location=FOLDER).",
        )
    return found[0]


def by_config(values: Settings, config: WorkspaceConfig) -> WorkspaceFolder:
    """The workspace that a configuration file names.

    Raises
    ------
    ProjectSystemException
        It does not exist.
    """
    try:
        if config.location is not None:
            return WorkspaceFolder(config.location)
        return by_name(values, config.name)
    except WorkspaceNotFound as error:
        raise WorkspaceNotFound(
            f"{config.source} names the workspace {config.name!r}, which does not exist.",
            hint=f"Make it with Workspace.create({config.name!r}), or mend the file.",
        ) from error


def default(values: Settings) -> WorkspaceFolder:
    """The user's default workspace, made when it is not there; says where it is."""
    root = session.named_root(values, session.DEFAULT_NAME)
    _say_where(str(root))
    if not (root / "workspace.json").exists():
        try:
            return WorkspaceFolder.create(root, session.DEFAULT_NAME)
        except WorkspaceException:
            if not (root / "workspace.json").exists():
                raise
    return WorkspaceFolder(root)


@lru_cache(maxsize=None)
def _say_where(root: str) -> None:
    """Once in a process for each folder."""
    print(f"No config.json here or above: using the default workspace in {root}")


def folder_of(location: Any) -> Optional[Path]:
    """The folder that ``location`` names; None for a bare word such as ``eastus``."""
    if isinstance(location, os.PathLike):
        return Path(os.path.abspath(os.fspath(location)))
    separators = [os.sep] + ([os.altsep] if os.altsep else [])
    if isinstance(location, str) and any(item in location for item in separators):
        return Path(os.path.abspath(os.path.expanduser(location)))
    return None
