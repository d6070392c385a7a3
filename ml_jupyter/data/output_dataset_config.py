"""``azureml.data.output_dataset_config``."""

from __future__ import annotations

from ml_jupyter.sdk.output_dataset import OutputFileDatasetConfig

__all__ = ["OutputFileDatasetConfig"]
