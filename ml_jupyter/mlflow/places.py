"""Opening the workspace that an address of MLflow's names."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from ml_jupyter._mlflow_address import SCHEME, folder_of
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.mlflow.errors import translated, wrong


def workspace_of(address: Optional[str]) -> WorkspaceFolder:
    """The workspace of an address; of ``ml-jupyter://`` alone, the one that is meant here.

    Raises
    ------
    MlflowException
        It names no workspace.
    """
    with translated():
        if not address or address.rstrip("/") == f"{SCHEME}:":
            from ml_jupyter.sdk.workspace import Workspace

            return Workspace.from_config()._folder
        try:
            return WorkspaceFolder(folder_of(address))
        except ValueError as error:
            raise wrong(str(error)) from error


def inside(workspace: WorkspaceFolder, address: str) -> Path:
    """The folder of an address of ours, which must lie in the workspace.

    A server of MLflow hands addresses on that others may have written.

    Raises
    ------
    MlflowException
        It is outside.
    """
    try:
        folder = folder_of(address).resolve()
    except ValueError as error:
        raise wrong(str(error)) from error
    if workspace.layout.root.resolve() not in folder.parents:
        raise wrong(f"{address} is not in the workspace {workspace.layout.root}.")
    return folder
