"""``import azureml`` means this package, where the Azure ML SDK itself is not installed.

``install()``, ``%load_ext ml_jupyter.azureml``, or ``ML_JUPYTER_AZUREML=1`` for jobs; then
notebooks and scripts written for the SDK run without a changed line (docs/migration.md).
"""

from __future__ import annotations

from typing import Any

from ml_jupyter.azureml.alias import VARIABLE, install, installed, uninstall

__all__ = ["VARIABLE", "install", "installed", "uninstall"]


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext ml_jupyter.azureml``."""
    install()


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext ml_jupyter.azureml``; what was imported stays imported."""
    uninstall()
