"""Train models from a notebook, on the machine you have.

Submit scripts, watch them live, stop them and compare them: ``Workspace``, ``Experiment``,
``ScriptRunConfig`` and ``Run`` with the semantics of the Azure ML SDK, and no cloud.

Examples
--------
>>> from ml_jupyter import Experiment, ScriptRunConfig, Workspace
>>> experiment = Experiment(Workspace.from_config(), "digits")  # doctest: +SKIP
>>> run = experiment.submit(ScriptRunConfig(".", "train.py"))  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List

from ml_jupyter import _lazy

if TYPE_CHECKING:
    from ml_jupyter._version import __version__
    from ml_jupyter.sdk.compute import ComputeTarget
    from ml_jupyter.sdk.compute_aml import AmlCompute
    from ml_jupyter.sdk.compute_cloud import RemoteCompute
    from ml_jupyter.sdk.compute_resources import ResourceConfiguration
    from ml_jupyter.sdk.conda_dependencies import CondaDependencies
    from ml_jupyter.sdk.dataset_factory import Dataset
    from ml_jupyter.sdk.datastore import Datastore
    from ml_jupyter.sdk.distributed import (
        MpiConfiguration,
        PyTorchConfiguration,
        TensorflowConfiguration,
    )
    from ml_jupyter.sdk.environment import Environment
    from ml_jupyter.sdk.experiment import Experiment
    from ml_jupyter.sdk.machine import gpu_processes
    from ml_jupyter.sdk.model import Model
    from ml_jupyter.sdk.run import Run, ScriptRun
    from ml_jupyter.sdk.run_configuration import DockerConfiguration, RunConfiguration
    from ml_jupyter.sdk.script_run_config import ScriptRunConfig
    from ml_jupyter.sdk.sweep_config import HyperDriveConfig
    from ml_jupyter.sdk.workspace import Workspace
    from ml_jupyter.tensorboard import Tensorboard
    from ml_jupyter.widgets import RunDetails

__all__ = [
    "AmlCompute",
    "ComputeTarget",
    "CondaDependencies",
    "Dataset",
    "Datastore",
    "DockerConfiguration",
    "Environment",
    "Experiment",
    "HyperDriveConfig",
    "Model",
    "MpiConfiguration",
    "PyTorchConfiguration",
    "RemoteCompute",
    "ResourceConfiguration",
    "Run",
    "RunConfiguration",
    "RunDetails",
    "ScriptRun",
    "ScriptRunConfig",
    "Tensorboard",
    "TensorflowConfiguration",
    "Workspace",
    "__version__",
    "gpu_processes",
]

_MODULES: Dict[str, str] = {
    "AmlCompute": "ml_jupyter.sdk.compute_aml",
    "ComputeTarget": "ml_jupyter.sdk.compute",
    "CondaDependencies": "ml_jupyter.sdk.conda_dependencies",
    "Dataset": "ml_jupyter.sdk.dataset_factory",
    "Datastore": "ml_jupyter.sdk.datastore",
    "DockerConfiguration": "ml_jupyter.sdk.run_configuration",
    "Environment": "ml_jupyter.sdk.environment",
    "Experiment": "ml_jupyter.sdk.experiment",
    "HyperDriveConfig": "ml_jupyter.sdk.sweep_config",
    "Model": "ml_jupyter.sdk.model",
    "MpiConfiguration": "ml_jupyter.sdk.distributed",
    "PyTorchConfiguration": "ml_jupyter.sdk.distributed",
    "RemoteCompute": "ml_jupyter.sdk.compute_cloud",
    "ResourceConfiguration": "ml_jupyter.sdk.compute_resources",
    "Run": "ml_jupyter.sdk.run",
    "RunConfiguration": "ml_jupyter.sdk.run_configuration",
    "RunDetails": "ml_jupyter.widgets",
    "ScriptRun": "ml_jupyter.sdk.run",
    "ScriptRunConfig": "ml_jupyter.sdk.script_run_config",
    "Tensorboard": "ml_jupyter.tensorboard",
    "TensorflowConfiguration": "ml_jupyter.sdk.distributed",
    "Workspace": "ml_jupyter.sdk.workspace",
    "__version__": "ml_jupyter._version",
    "gpu_processes": "ml_jupyter.sdk.machine",
}
__getattr__, __dir__ = _lazy.exports(globals(), _MODULES)


def _jupyter_labextension_paths() -> List[Dict[str, str]]:
    return [{"src": "labextension", "dest": "ml-jupyter"}]


def _jupyter_server_extension_points() -> List[Dict[str, Any]]:
    from ml_jupyter.server.app import MlJupyterApp

    return [{"module": "ml_jupyter", "app": MlJupyterApp}]


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext ml_jupyter``: ``%%submit``, ``%runs``, ``%run_log``, ``%tensorboard_run``."""
    from ml_jupyter.widgets import magics

    magics.load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext ml_jupyter``."""
    from ml_jupyter.widgets import magics

    magics.unload(shell)
