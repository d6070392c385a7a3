"""``azureml.core.compute.computeinstance`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.compute_instance import (
    ComputeInstance,
    ComputeInstanceProvisioningConfiguration,
)

__all__ = ["ComputeInstance", "ComputeInstanceProvisioningConfiguration"]
