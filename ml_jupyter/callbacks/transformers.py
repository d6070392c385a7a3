"""Hugging Face's ``Trainer``, and what is made from it."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from transformers import TrainerCallback

from ml_jupyter.callbacks.logging import log_numbers, log_params, run_or_current
from ml_jupyter.sdk.run import Run

#: Of the hundred arguments those that people compare; the rest differ by machine, not by trial.
_ARGUMENTS = (
    "learning_rate", "num_train_epochs", "max_steps", "per_device_train_batch_size",
    "gradient_accumulation_steps", "weight_decay", "warmup_steps", "lr_scheduler_type",
    "optim", "max_grad_norm", "seed", "bf16", "fp16", "label_smoothing_factor",
)  # fmt: skip


class TransformersCallback(TrainerCallback):  # type: ignore[misc]
    """Logs what the Trainer logs, at its global steps, and its main arguments.

    In distributed training the first process logs. Say ``report_to="none"`` where the Trainer would
    find other loggers, such as MLflow, or each value is logged twice.

    Parameters
    ----------
    run : Run, optional
        Where to; default: the run of this job.

    Examples
    --------
    >>> Trainer(model, args, callbacks=[TransformersCallback()]).train()  # doctest: +SKIP
    """

    def __init__(self, run: Optional[Run] = None) -> None:
        self._run = run_or_current(run)

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Keep the arguments."""
        if state.is_world_process_zero:
            known = {name: getattr(args, name, None) for name in _ARGUMENTS}
            plain = {key: getattr(item, "value", item) for key, item in known.items()}
            log_params(self._run, {key: item for key, item in plain.items() if item is not None})

    def on_log(
        self,
        args: Any,
        state: Any,
        control: Any,
        logs: Optional[Mapping[str, Any]] = None,
        **_: Any,
    ) -> None:
        """Log numbers at the global step."""
        if state.is_world_process_zero:
            log_numbers(self._run, logs or {}, state.global_step)
