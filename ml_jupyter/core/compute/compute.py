"""``azureml.core.compute.compute`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.compute import ComputeTarget

__all__ = ["ComputeTarget"]
