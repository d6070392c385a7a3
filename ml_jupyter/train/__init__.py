"""``azureml.train``: training of other kinds than a single script."""

from __future__ import annotations
