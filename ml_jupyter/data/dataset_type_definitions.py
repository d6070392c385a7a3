"""``azureml.data.dataset_type_definitions``."""

from __future__ import annotations

from ml_jupyter.sdk.tabular_factory import PromoteHeadersBehavior

__all__ = ["PromoteHeadersBehavior"]
