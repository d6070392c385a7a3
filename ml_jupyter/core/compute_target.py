"""``azureml.core.compute_target``: the error that its notebooks catch."""

from __future__ import annotations

from ml_jupyter.exceptions import ComputeTargetException

__all__ = ["ComputeTargetException"]
