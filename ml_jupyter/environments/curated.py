"""Curated environments: Azure ML's public names, and what each of them means here today.

The originals pin Python 3.6 and 3.7 and packages for them, which can hardly be installed any more.
Each name therefore stands for its framework at a version that PyPI has now. Source of the names:
Azure ML documentation, "Azure Machine Learning curated environments" (2021 to 2024).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

_PYTORCH = ("torch==2.13.0", "torchvision==0.28.0", "future", "pillow", "tensorboard", "tqdm")
_TENSORFLOW = ("tensorflow==2.21.0", "tensorboard", "pillow")
_SKLEARN = ("scikit-learn==1.7.2", "scipy", "pandas", "joblib", "matplotlib")
_LIGHTGBM = ("lightgbm==4.7.0", *_SKLEARN)
_XGBOOST = ("xgboost==3.2.0", *_SKLEARN)
_DASK = ("dask[complete]==2026.8.0", "pyarrow")
_RESPONSIBLE = ("scikit-learn==1.7.2", "shap", "pandas", "joblib")
_TUTORIAL = ("scikit-learn==1.7.2", "pandas", "matplotlib", "joblib", "pyarrow")


@dataclass(frozen=True)
class Curated:
    """What a public name means here.

    Attributes
    ----------
    name : str
        The public name.
    packages : tuple of str
        Requirements for pip; empty: the Python that submits, as it is.
    meaning : str
        For people: what it maps to.
    """

    name: str
    packages: Tuple[str, ...]
    meaning: str


#: Names that a list shows, by family.
_NAMES: Dict[str, Tuple[str, ...]] = {
    "minimal": ("AzureML-Minimal",),
    "tutorial": ("AzureML-Tutorial",),
    "pytorch": (
        "AzureML-PyTorch-1.3-CPU",
        "AzureML-PyTorch-1.3-GPU",
        "AzureML-PyTorch-1.4-CPU",
        "AzureML-PyTorch-1.4-GPU",
        "AzureML-PyTorch-1.5-CPU",
        "AzureML-PyTorch-1.5-GPU",
        "AzureML-PyTorch-1.6-CPU",
        "AzureML-PyTorch-1.6-GPU",
        "AzureML-pytorch-1.9-ubuntu18.04-py37-cuda11-gpu",
        "AzureML-pytorch-1.10-ubuntu18.04-py38-cuda11-gpu",
        "AzureML-ACPT-pytorch-1.11-py38-cuda11.3-gpu",
        "AzureML-ACPT-pytorch-1.13-py38-cuda11.7-gpu",
        "acpt-pytorch-2.2-cuda12.1",
    ),
    "tensorflow": (
        "AzureML-TensorFlow-1.13-CPU",
        "AzureML-TensorFlow-1.13-GPU",
        "AzureML-TensorFlow-2.0-CPU",
        "AzureML-TensorFlow-2.0-GPU",
        "AzureML-TensorFlow-2.1-CPU",
        "AzureML-TensorFlow-2.1-GPU",
        "AzureML-TensorFlow-2.2-CPU",
        "AzureML-TensorFlow-2.2-GPU",
        "AzureML-TensorFlow-2.3-CPU",
        "AzureML-TensorFlow-2.3-GPU",
        "AzureML-TensorFlow2.4-Cuda11-OpenMpi4.1.0-py36",
        "AzureML-tensorflow-2.4-ubuntu18.04-py37-cuda11-gpu",
        "AzureML-tensorflow-2.7-ubuntu20.04-py38-cuda11-gpu",
        "tensorflow-2.16-cuda12",
    ),
    "sklearn": (
        "AzureML-Scikit-learn-0.20.3",
        "AzureML-sklearn-0.24-ubuntu18.04-py37-cpu",
        "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu",
        "sklearn-1.5",
    ),
    "lightgbm": ("AzureML-lightgbm-3.2-ubuntu18.04-py37-cpu", "lightgbm-3.3"),
    "xgboost": ("AzureML-xgboost-0.9-ubuntu18.04-py37-cpu",),
    "dask": ("AzureML-Dask-CPU", "AzureML-Dask-GPU"),
    "responsibleai": ("AzureML-responsibleai-0.20-ubuntu20.04-py38-cpu",),
}
_PACKAGES: Dict[str, Tuple[str, ...]] = {
    "minimal": (),
    "tutorial": _TUTORIAL,
    "pytorch": _PYTORCH,
    "tensorflow": _TENSORFLOW,
    "sklearn": _SKLEARN,
    "lightgbm": _LIGHTGBM,
    "xgboost": _XGBOOST,
    "dask": _DASK,
    "responsibleai": _RESPONSIBLE,
}
_FAMILIES = (
    ("pytorch", re.compile(r"pytorch|acpt", re.IGNORECASE)),
    ("tensorflow", re.compile(r"tensorflow", re.IGNORECASE)),
    ("sklearn", re.compile(r"sklearn|scikit-?learn", re.IGNORECASE)),
    ("lightgbm", re.compile(r"lightgbm", re.IGNORECASE)),
    ("xgboost", re.compile(r"xgboost", re.IGNORECASE)),
    ("dask", re.compile(r"dask", re.IGNORECASE)),
    ("responsibleai", re.compile(r"responsible", re.IGNORECASE)),
    ("tutorial", re.compile(r"tutorial", re.IGNORECASE)),
    ("minimal", re.compile(r"minimal", re.IGNORECASE)),
)
_PREFIXES = ("azureml-", "acpt")
#: Beginnings of names that users may not register.
RESERVED = ("azureml", "microsoft")


def names() -> List[str]:
    """The public names, sorted."""
    return sorted(name for group in _NAMES.values() for name in group)


def find(name: str) -> Optional[Curated]:
    """What a public name means here; None when it is none.

    A version that the list does not have (``AzureML-PyTorch-1.7-GPU``) counts for its family.
    """
    family = next((key for key, group in _NAMES.items() if name in group), None)
    if family is None and name.lower().startswith(_PREFIXES):
        family = next((key for key, pattern in _FAMILIES if pattern.search(name)), None)
    if family is None:
        return None
    packages = _PACKAGES[family]
    if not packages:
        return Curated(name, (), "the Python that submits, with what is installed in it")
    main = ", ".join(item for item in packages if "==" in item)
    return Curated(name, packages, f"a pip environment with {main}")


def is_reserved(name: str) -> bool:
    """Whether a name may not be registered by users."""
    return name.lower().startswith(RESERVED)
