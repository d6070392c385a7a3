"""``azureml.data.dataset_factory``."""

from __future__ import annotations

from ml_jupyter.sdk.dataset_factory import FileDatasetFactory

__all__ = ["FileDatasetFactory"]
