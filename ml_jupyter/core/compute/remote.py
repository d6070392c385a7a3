"""``azureml.core.compute.remote`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.compute_cloud import RemoteCompute

__all__ = ["RemoteCompute"]
