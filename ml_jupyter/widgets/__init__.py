"""Runs in notebook cells: ``RunDetails(run).show()``."""

from __future__ import annotations

from ml_jupyter.widgets.run_details import RunDetails

__all__ = ["RunDetails"]
