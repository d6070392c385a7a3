"""A Python with all frameworks that have callbacks, on CPUs, made once and kept."""

from __future__ import annotations

from tests.distributed import conftest as pythons

pythons.PACKAGES.setdefault(
    "callbacks",
    (
        "torch==2.13.0", "keras", "lightning", "transformers", "accelerate", "xgboost-cpu",
        "lightgbm", "scikit-learn", "tensorboard", "mlflow==3.17.2",
    ),
)  # fmt: skip
python_with = pythons.python_with
isolated_settings = pythons.isolated_settings
lab = pythons.lab
