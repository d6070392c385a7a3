"""``azureml.data``: datasets, and references to data."""

from __future__ import annotations

from ml_jupyter.sdk.data_reference import DataReference
from ml_jupyter.sdk.dataset import FileDataset

__all__ = ["DataReference", "FileDataset"]
