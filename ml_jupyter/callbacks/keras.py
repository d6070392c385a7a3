"""Keras 3, with any backend, and ``tf.keras``."""

from __future__ import annotations

from typing import Any, Mapping, Optional

import keras

from ml_jupyter.callbacks.logging import as_number, log_numbers, log_params, run_or_current
from ml_jupyter.sdk.run import Run


class KerasCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Logs the metrics of each epoch, the learning rate and the settings of ``fit``.

    Parameters
    ----------
    run : Run, optional
        Where to; default: the run of this job.
    every_batches : int, optional
        Also log ``batch/<metric>`` every so many batches; default: never.

    Examples
    --------
    >>> model.fit(x, y, epochs=5, callbacks=[KerasCallback()])  # doctest: +SKIP
    """

    def __init__(self, run: Optional[Run] = None, every_batches: Optional[int] = None) -> None:
        super().__init__()
        self._run = run_or_current(run)
        self._every = every_batches
        self._batches = 0

    def on_train_begin(self, logs: Optional[Mapping[str, Any]] = None) -> None:
        """Keep the settings."""
        optimizer = getattr(self.model, "optimizer", None)
        known = {key: self.params.get(key) for key in ("epochs", "steps")}
        if optimizer is not None:
            known["optimizer"] = type(optimizer).__name__
            known["learning_rate"] = as_number(getattr(optimizer, "learning_rate", None))
        log_params(self._run, {key: value for key, value in known.items() if value is not None})

    def on_train_batch_end(self, batch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        """Log a batch, where that was asked for."""
        self._batches += 1
        if self._every and self._batches % self._every == 0:
            found = {f"batch/{name}": value for name, value in (logs or {}).items()}
            log_numbers(self._run, found, self._batches)

    def on_epoch_end(self, epoch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        """Log an epoch."""
        rate = as_number(getattr(getattr(self.model, "optimizer", None), "learning_rate", None))
        log_numbers(self._run, {**(logs or {}), "learning_rate": rate}, epoch)
