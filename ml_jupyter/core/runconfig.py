"""``azureml.core.runconfig`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.compute_resources import AmlComputeConfiguration
from ml_jupyter.sdk.conda_dependencies import CondaDependencies
from ml_jupyter.sdk.distributed import (
    MpiConfiguration,
    ParallelTaskConfiguration,
    PyTorchConfiguration,
    TensorflowConfiguration,
)
from ml_jupyter.sdk.run_configuration import DockerConfiguration, RunConfiguration

__all__ = [
    "AmlComputeConfiguration",
    "CondaDependencies",
    "DockerConfiguration",
    "MpiConfiguration",
    "ParallelTaskConfiguration",
    "PyTorchConfiguration",
    "RunConfiguration",
    "TensorflowConfiguration",
]
