"""``azureml.data.dataset_consumption_config``."""

from __future__ import annotations

from ml_jupyter.sdk.dataset_consumption import DatasetConsumptionConfig

__all__ = ["DatasetConsumptionConfig"]
