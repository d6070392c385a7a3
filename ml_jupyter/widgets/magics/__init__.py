"""``%load_ext ml_jupyter``: ``%%submit``, ``%runs``, ``%run_log``, ``%tensorboard_run``.

Loading also puts a line with the progress of the current run under a cell that takes long.
"""

from __future__ import annotations

from ml_jupyter.widgets.magics.extension import load, unload

__all__ = ["load", "unload"]
