"""``azureml.core.datastore``."""

from __future__ import annotations

from ml_jupyter.sdk.datastore import Datastore

__all__ = ["Datastore"]
