"""``azureml.core.model`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.model import Model
from ml_jupyter.sdk.service_config import InferenceConfig

__all__ = ["InferenceConfig", "Model"]
