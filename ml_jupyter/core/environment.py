"""``azureml.core.environment`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.conda_dependencies import CondaDependencies
from ml_jupyter.sdk.environment import Environment, EnvironmentReference
from ml_jupyter.sdk.environment_sections import (
    DEFAULT_CPU_IMAGE,
    DEFAULT_GPU_IMAGE,
    ContainerRegistry,
    DockerBuildContext,
    DockerSection,
    PythonSection,
    SparkSection,
)

__all__ = [
    "DEFAULT_CPU_IMAGE",
    "DEFAULT_GPU_IMAGE",
    "CondaDependencies",
    "ContainerRegistry",
    "DockerBuildContext",
    "DockerSection",
    "Environment",
    "EnvironmentReference",
    "PythonSection",
    "SparkSection",
]
