"""``azureml.telemetry`` under its name here: this package sends nothing anywhere."""

from __future__ import annotations

from typing import Any

__all__ = ["set_diagnostics_collection"]


def set_diagnostics_collection(
    send_diagnostics: bool = True, verbosity: int = 20, reason: str = "", path: Any = None
) -> None:
    """Do nothing: there are no diagnostics to collect, so there is nothing to switch."""
