"""``azureml.train.hyperdrive.sampling``."""

from __future__ import annotations

from ml_jupyter.sdk.sweep_space import (
    BayesianParameterSampling,
    GridParameterSampling,
    HyperParameterSampling,
    RandomParameterSampling,
)

__all__ = [
    "BayesianParameterSampling",
    "GridParameterSampling",
    "HyperParameterSampling",
    "RandomParameterSampling",
]
