"""``azureml.core.workspace`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.workspace import Workspace

__all__ = ["Workspace"]
