"""``azureml.train.sklearn`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.estimator import SKLearn

__all__ = ["SKLearn"]
