"""``azureml.core.compute_target``: the target, and the error that its notebooks catch."""

from __future__ import annotations

from ml_jupyter.exceptions import ComputeTargetException
from ml_jupyter.sdk.compute import ComputeTarget

__all__ = ["ComputeTarget", "ComputeTargetException"]
