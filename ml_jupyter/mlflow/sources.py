"""Where the files of a model lie that MLflow registers, and what framework they are of."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Tuple

from mlflow.artifacts import download_artifacts
from mlflow.models import Model
from mlflow.store.artifact.utils.models import _parse_model_uri

from ml_jupyter._mlflow_address import SCHEME
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.mlflow.logged_models import LoggedModels
from ml_jupyter.mlflow.places import inside
from ml_jupyter.models import frameworks

_FLAVORS = (
    ("sklearn", "sklearn_version", frameworks.SCIKITLEARN),
    ("onnx", "onnx_version", frameworks.ONNX),
    ("pytorch", "pytorch_version", frameworks.PYTORCH),
    ("keras", "keras_version", frameworks.TFKERAS),
    ("tensorflow", "tensorflow_version", frameworks.TENSORFLOW),
)


def files_of(workspace: WorkspaceFolder, source: str, local: Optional[str]) -> Path:
    """The file or folder that is registered, on this machine.

    Parameters
    ----------
    source : str
        Address of the files, or of a logged model (``models:/m-…``).
    local : str, optional
        Where they lie already.

    Raises
    ------
    MlflowException
        They are not there.
    """
    if source.startswith("models:/"):
        model_id = getattr(_parse_model_uri(source), "model_id", None)
        if model_id is not None:
            source = LoggedModels(workspace).get(model_id).artifact_location
    if source.startswith(f"{SCHEME}:"):
        return inside(workspace, source)
    return Path(local or download_artifacts(artifact_uri=source))


def framework_of(folder: Path) -> Tuple[str, Optional[str]]:
    """Framework and its version of a model in MLflow's format, or a guess by the files' names."""
    if not (folder / "MLmodel").is_file():
        names = [folder] if folder.is_file() else folder.rglob("*")
        return frameworks.guess(tuple(path.name for path in names)), None
    flavors = Model.load(str(folder)).flavors
    for flavor, key, framework in _FLAVORS:
        if flavor in flavors:
            version = flavors[flavor].get(key)
            return framework, None if version is None else str(version)
    return frameworks.CUSTOM, None
