"""``azureml.data``: datasets, and references to data."""

from __future__ import annotations

from ml_jupyter.datasets.tables.types import DataType
from ml_jupyter.sdk.data_reference import DataReference
from ml_jupyter.sdk.dataset import FileDataset
from ml_jupyter.sdk.output_dataset import OutputFileDatasetConfig
from ml_jupyter.sdk.tabular_dataset import TabularDataset

__all__ = ["DataReference", "DataType", "FileDataset", "OutputFileDatasetConfig", "TabularDataset"]
