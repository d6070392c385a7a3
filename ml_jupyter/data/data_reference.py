"""``azureml.data.data_reference``."""

from __future__ import annotations

from ml_jupyter.sdk.data_reference import DataReference

__all__ = ["DataReference"]
