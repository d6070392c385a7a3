"""``azureml.core.container_registry`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.environment_sections import ContainerRegistry

__all__ = ["ContainerRegistry"]
