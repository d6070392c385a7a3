"""Telling MLflow of our plugins where this package is not installed, as in most jobs.

A job finds the package through a folder on its path. Beside the package that folder holds the
metadata of a distribution, which is where Python looks for entry points (Source: "Entry points
specification" of the Python Packaging Authority).
"""

from __future__ import annotations

from pathlib import Path

from ml_jupyter._files import write_atomic
from ml_jupyter._mlflow_address import SCHEME

#: Entry points of MLflow that we serve; pyproject.toml says the same for an installed package.
ENTRY_POINTS = {
    "mlflow.tracking_store": "ml_jupyter.mlflow.tracking:TrackingStore",
    "mlflow.artifact_repository": "ml_jupyter.mlflow.artifacts:ArtifactRepository",
    "mlflow.model_registry_store": "ml_jupyter.mlflow.registry:RegistryStore",
}
#: Name of the folder with the metadata.
FOLDER = "ml_jupyter_mlflow-1.dist-info"
_METADATA = "Metadata-Version: 2.1\nName: ml-jupyter-mlflow\nVersion: 1\n"


def write_plugin(folder: Path) -> None:
    """Write the metadata below ``folder``, once.

    Raises
    ------
    StorageFailed
        The folder cannot be written.
    """
    path = folder / FOLDER
    groups = [f"[{group}]\n{SCHEME} = {target}\n" for group, target in ENTRY_POINTS.items()]
    content = {"METADATA": _METADATA, "entry_points.txt": "\n".join(groups)}
    if all(_same(path / name, text) for name, text in content.items()):
        return
    path.mkdir(parents=True, exist_ok=True)
    for name, text in content.items():
        write_atomic(path / name, text.encode("utf-8"), sync=False)


def _same(path: Path, text: str) -> bool:
    try:
        return path.read_text("utf-8") == text
    except OSError:
        return False
