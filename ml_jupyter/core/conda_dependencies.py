"""``azureml.core.conda_dependencies`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.conda_dependencies import CondaDependencies

__all__ = ["CondaDependencies"]
