"""``azureml.core.script_run`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.run import ScriptRun

__all__ = ["ScriptRun"]
