"""``azureml.train.hyperdrive.run``."""

from __future__ import annotations

from ml_jupyter.sdk.sweep_config import PrimaryMetricGoal
from ml_jupyter.sdk.sweep_run import HyperDriveRun

__all__ = [
    "HyperDriveRun",
    "PrimaryMetricGoal",
]
