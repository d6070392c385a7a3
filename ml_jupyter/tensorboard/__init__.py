"""TensorBoard over the ``./logs`` of runs, also while they are running."""

from __future__ import annotations

from ml_jupyter.tensorboard.process import Tensorboard

__all__ = ["Tensorboard"]
