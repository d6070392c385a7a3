"""``azureml.core.script_run_config`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.script_run_config import ScriptRunConfig

__all__ = ["ScriptRunConfig"]
