"""Logging of frameworks into runs, with one line at the place where training is called.

Each name is loaded, and its framework with it, when it is first used.

Examples
--------
>>> from ml_jupyter.callbacks import KerasCallback
>>> model.fit(x, y, callbacks=[KerasCallback()])  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict

from ml_jupyter import _lazy

if TYPE_CHECKING:
    from ml_jupyter.callbacks.keras import KerasCallback
    from ml_jupyter.callbacks.lightgbm import LightGBMCallback
    from ml_jupyter.callbacks.lightning import LightningLogger
    from ml_jupyter.callbacks.sklearn import log_estimator
    from ml_jupyter.callbacks.transformers import TransformersCallback
    from ml_jupyter.callbacks.xgboost import XGBoostCallback

__all__ = [
    "KerasCallback",
    "LightGBMCallback",
    "LightningLogger",
    "TransformersCallback",
    "XGBoostCallback",
    "log_estimator",
]

_MODULES: Dict[str, str] = {
    "KerasCallback": "ml_jupyter.callbacks.keras",
    "LightGBMCallback": "ml_jupyter.callbacks.lightgbm",
    "LightningLogger": "ml_jupyter.callbacks.lightning",
    "TransformersCallback": "ml_jupyter.callbacks.transformers",
    "XGBoostCallback": "ml_jupyter.callbacks.xgboost",
    "log_estimator": "ml_jupyter.callbacks.sklearn",
}
__getattr__, __dir__ = _lazy.exports(globals(), _MODULES)
