"""``azureml.core.resource_configuration`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.compute_resources import ResourceConfiguration

__all__ = ["ResourceConfiguration"]
