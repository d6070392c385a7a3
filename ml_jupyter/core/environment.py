"""``azureml.core.environment`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.environment import DEFAULT_CPU_IMAGE, Environment

__all__ = ["DEFAULT_CPU_IMAGE", "Environment"]
