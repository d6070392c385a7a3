"""MLflow's artifacts among a run's files: entry point ``mlflow.artifact_repository``.

MLflow's own repository for local folders does the work; a file appears under its name whole.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, BinaryIO, List, Optional, Tuple

from mlflow.entities import FileInfo
from mlflow.store.artifact.local_artifact_repo import LocalArtifactRepository

from ml_jupyter._mlflow_address import address_of, folder_of
from ml_jupyter.mlflow.errors import wrong


class ArtifactRepository(LocalArtifactRepository):  # type: ignore[misc]
    """Files below a folder of a workspace, named ``ml-jupyter:///folder``.

    Parameters
    ----------
    artifact_uri : str
        The address.
    **_more
        What newer versions of MLflow hand over.
    """

    def __init__(self, artifact_uri: str, *more: Any, **named: Any) -> None:
        try:
            folder = folder_of(artifact_uri)
        except ValueError as error:
            raise wrong(str(error)) from error
        super().__init__(str(folder), *more, **named)
        self.artifact_uri = address_of(folder)

    def log_artifact(self, local_file: str, artifact_path: Optional[str] = None) -> None:
        """Copy a file, which appears whole."""
        behind, rest = self._behind(artifact_path)
        if behind is not None:
            behind.log_artifact(local_file, rest)
        else:
            super().log_artifact(local_file, artifact_path)

    def log_artifacts(self, local_dir: str, artifact_path: Optional[str] = None) -> None:
        """Copy a folder's files, each of which appears whole."""
        for folder, _, names in os.walk(local_dir):
            below = Path(folder).relative_to(local_dir).as_posix()
            parts = [part for part in (artifact_path, below) if part and part != "."]
            for name in names:
                self.log_artifact(os.path.join(folder, name), "/".join(parts) or None)

    def log_artifact_from_stream(
        self, stream: BinaryIO, artifact_file_name: str, artifact_path: Optional[str] = None
    ) -> None:
        """Store what an MLflow server receives."""
        behind, rest = self._behind(artifact_path)
        if behind is not None:
            behind.log_artifact_from_stream(stream, artifact_file_name, rest)
        else:
            super().log_artifact_from_stream(stream, artifact_file_name, artifact_path)

    def list_artifacts(self, path: Optional[str] = None) -> List[FileInfo]:
        """Files and folders directly below a folder."""
        behind, rest = self._behind(path)
        if behind is None:
            found: List[FileInfo] = super().list_artifacts(path)
            return found
        first = str(path).split("/")[0]
        below = behind.list_artifacts(rest)
        return [FileInfo(f"{first}/{item.path}", item.is_dir, item.file_size) for item in below]

    def get_local_path(self, artifact_path: str) -> str:
        """Where a file or folder lies; not to be written to."""
        behind, rest = self._behind(artifact_path)
        if behind is None:
            return str(super().get_local_path(artifact_path))
        return behind.get_local_path(rest) if rest else str(behind.artifact_dir)

    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        behind, rest = self._behind(remote_file_path)
        if behind is not None:
            behind._download_file(rest, local_path)
        else:
            super()._download_file(remote_file_path, local_path)

    def _behind(self, path: Optional[str]) -> Tuple[Optional[LocalArtifactRepository], Any]:
        """The folder that a running job's ``outputs`` is a link to, and the rest of the path.

        MLflow refuses links that lead out of the folder. This one leads to another folder of the
        same run; all others stay refused.
        """
        first, _, rest = (path or "").partition("/")
        link = os.path.join(self.artifact_dir, first)
        if first in ("", ".", "..") or not os.path.islink(link):
            return None, None
        run, target = Path(self.artifact_dir).resolve().parent, Path(link).resolve()
        if run not in target.parents:
            return None, None
        return LocalArtifactRepository(str(target)), rest or None
