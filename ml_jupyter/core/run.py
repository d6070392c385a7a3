"""``azureml.core.run`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.run import Run

__all__ = ["Run"]
