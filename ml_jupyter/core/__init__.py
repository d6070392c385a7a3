"""The everyday classes under Azure ML's names: ``azureml.core`` is ``ml_jupyter.core``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List

from ml_jupyter import _lazy
from ml_jupyter.azureml import absent

if TYPE_CHECKING:
    from ml_jupyter.sdk.compute import ComputeTarget
    from ml_jupyter.sdk.dataset_factory import Dataset
    from ml_jupyter.sdk.datastore import Datastore
    from ml_jupyter.sdk.environment import Environment
    from ml_jupyter.sdk.environment_sections import ContainerRegistry
    from ml_jupyter.sdk.experiment import Experiment
    from ml_jupyter.sdk.model import Model
    from ml_jupyter.sdk.run import Run, ScriptRun
    from ml_jupyter.sdk.run_configuration import RunConfiguration
    from ml_jupyter.sdk.script_run_config import ScriptRunConfig
    from ml_jupyter.sdk.webservice import Webservice
    from ml_jupyter.sdk.workspace import Workspace

    VERSION: str

__all__ = [
    "VERSION",
    "ComputeTarget",
    "ContainerRegistry",
    "Dataset",
    "Datastore",
    "Environment",
    "Experiment",
    "Model",
    "Run",
    "RunConfiguration",
    "ScriptRun",
    "ScriptRunConfig",
    "Webservice",
    "Workspace",
]

_MODULES: Dict[str, str] = {
    "ComputeTarget": "ml_jupyter.sdk.compute",
    "ContainerRegistry": "ml_jupyter.sdk.environment_sections",
    "Dataset": "ml_jupyter.sdk.dataset_factory",
    "Datastore": "ml_jupyter.sdk.datastore",
    "Environment": "ml_jupyter.sdk.environment",
    "Experiment": "ml_jupyter.sdk.experiment",
    "Model": "ml_jupyter.sdk.model",
    "Run": "ml_jupyter.sdk.run",
    "RunConfiguration": "ml_jupyter.sdk.run_configuration",
    "ScriptRun": "ml_jupyter.sdk.run",
    "ScriptRunConfig": "ml_jupyter.sdk.script_run_config",
    "Webservice": "ml_jupyter.sdk.webservice",
    "Workspace": "ml_jupyter.sdk.workspace",
}
_known, _names = _lazy.exports(globals(), _MODULES)
_load = absent.refusing(__name__, _known)


def __getattr__(name: str) -> Any:
    if name == "VERSION":
        from ml_jupyter._version import __version__

        return __version__
    return _load(name)


def __dir__() -> List[str]:
    return sorted({*_names(), "VERSION"})
