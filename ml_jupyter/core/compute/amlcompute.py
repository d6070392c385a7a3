"""``azureml.core.compute.amlcompute`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.compute_aml import AmlCompute
from ml_jupyter.sdk.compute_aml_configuration import AmlComputeProvisioningConfiguration
from ml_jupyter.sdk.compute_status import AmlComputeStatus, ScaleSettings

__all__ = [
    "AmlCompute",
    "AmlComputeProvisioningConfiguration",
    "AmlComputeStatus",
    "ScaleSettings",
]
