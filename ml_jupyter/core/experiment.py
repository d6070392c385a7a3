"""``azureml.core.experiment`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.experiment import Experiment

__all__ = ["Experiment"]
