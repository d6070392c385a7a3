"""``azureml.core.compute`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.compute import ComputeTarget
from ml_jupyter.sdk.compute_aml import AmlCompute
from ml_jupyter.sdk.compute_cloud import (
    AdlaCompute,
    AksCompute,
    BatchCompute,
    DatabricksCompute,
    DataFactoryCompute,
    DsvmCompute,
    HDInsightCompute,
    KubernetesCompute,
    KustoCompute,
    RemoteCompute,
    SynapseCompute,
)
from ml_jupyter.sdk.compute_docker import DockerCompute
from ml_jupyter.sdk.compute_instance import ComputeInstance

__all__ = [
    "AdlaCompute",
    "AksCompute",
    "AmlCompute",
    "BatchCompute",
    "ComputeInstance",
    "ComputeTarget",
    "DataFactoryCompute",
    "DatabricksCompute",
    "DockerCompute",
    "DsvmCompute",
    "HDInsightCompute",
    "KubernetesCompute",
    "KustoCompute",
    "RemoteCompute",
    "SynapseCompute",
]
