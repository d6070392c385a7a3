"""Bringing in the history of MLflow, TensorBoard and Weights & Biases, and giving it back.

Examples
--------
>>> from ml_jupyter import Workspace, importers
>>> report = importers.import_mlflow("mlruns", Workspace.from_config())  # doctest: +SKIP
>>> report.new, report.unchanged  # doctest: +SKIP
(42, 0)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict

from ml_jupyter import _lazy

if TYPE_CHECKING:
    from ml_jupyter.importers.mlflow import import_mlflow
    from ml_jupyter.importers.mlflow_export import export_mlflow
    from ml_jupyter.importers.report import ImportReport
    from ml_jupyter.importers.tensorboard import import_tensorboard
    from ml_jupyter.importers.wandb import import_wandb

__all__ = ["ImportReport", "export_mlflow", "import_mlflow", "import_tensorboard", "import_wandb"]

_MODULES: Dict[str, str] = {
    "ImportReport": "ml_jupyter.importers.report",
    "export_mlflow": "ml_jupyter.importers.mlflow_export",
    "import_mlflow": "ml_jupyter.importers.mlflow",
    "import_tensorboard": "ml_jupyter.importers.tensorboard",
    "import_wandb": "ml_jupyter.importers.wandb",
}
__getattr__, __dir__ = _lazy.exports(globals(), _MODULES)
