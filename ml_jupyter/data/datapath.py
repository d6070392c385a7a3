"""``azureml.data.datapath``."""

from __future__ import annotations

from ml_jupyter.sdk.datastore import DataPath, DataPathComputeBinding

__all__ = ["DataPath", "DataPathComputeBinding"]
