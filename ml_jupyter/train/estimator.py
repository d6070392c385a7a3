"""``azureml.train.estimator`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.estimator import Estimator, Mpi

__all__ = ["Estimator", "Mpi"]
