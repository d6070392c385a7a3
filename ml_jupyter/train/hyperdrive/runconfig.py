"""``azureml.train.hyperdrive.runconfig``."""

from __future__ import annotations

from ml_jupyter.sdk.sweep_config import HyperDriveConfig

__all__ = [
    "HyperDriveConfig",
]
