"""``azureml.data.file_dataset``."""

from __future__ import annotations

from ml_jupyter.sdk.dataset import FileDataset

__all__ = ["FileDataset"]
