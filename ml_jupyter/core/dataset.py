"""``azureml.core.dataset``."""

from __future__ import annotations

from ml_jupyter.sdk.dataset_factory import Dataset

__all__ = ["Dataset"]
