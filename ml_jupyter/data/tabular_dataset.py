"""``azureml.data.tabular_dataset``."""

from __future__ import annotations

from ml_jupyter.sdk.tabular_dataset import TabularDataset

__all__ = ["TabularDataset"]
