"""``azureml.data.dataset_factory``."""

from __future__ import annotations

from ml_jupyter.datasets.tables.types import DataType
from ml_jupyter.sdk.dataset_factory import FileDatasetFactory
from ml_jupyter.sdk.tabular_factory import PromoteHeadersBehavior, TabularDatasetFactory

__all__ = ["DataType", "FileDatasetFactory", "PromoteHeadersBehavior", "TabularDatasetFactory"]
