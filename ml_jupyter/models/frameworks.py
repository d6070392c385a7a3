"""The frameworks that a model can be of: names, packages, and the memory that each needs."""

from __future__ import annotations

from typing import Dict, NamedTuple, Optional, Tuple

GIB = 1024**3


class Framework(NamedTuple):
    """What is known of a framework.

    Attributes
    ----------
    name : str
        As the Azure ML SDK writes it (``Model.Framework``).
    module : str
        What is imported to load a model; empty: nothing is known of it.
    package : str
        Its name for pip.
    least_bytes : int
        Memory that a process holds once the framework is imported, rounded; measured with the
        CPU builds on Linux (docs/deployment.md).
    """

    name: str
    module: str = ""
    package: str = ""
    least_bytes: int = 0


SCIKITLEARN = "ScikitLearn"
ONNX = "Onnx"
PYTORCH = "PyTorch"
TENSORFLOW = "TensorFlow"
TFKERAS = "TfKeras"
CUSTOM = "Custom"
MULTI = "Multi"

FRAMEWORKS: Dict[str, Framework] = {
    item.name: item
    for item in (
        Framework(SCIKITLEARN, "sklearn", "scikit-learn", 128 * 1024**2),
        Framework(ONNX, "onnxruntime", "onnxruntime", 48 * 1024**2),
        Framework(PYTORCH, "torch", "torch", 224 * 1024**2),
        Framework(TENSORFLOW, "tensorflow", "tensorflow", 560 * 1024**2),
        Framework(TFKERAS, "tensorflow", "tensorflow", 560 * 1024**2),
        Framework(CUSTOM),
        Framework(MULTI),
    )
}

#: File endings by which a model is recognised; the first that matches counts.
_ENDINGS: Tuple[Tuple[Tuple[str, ...], str], ...] = (
    ((".onnx",), ONNX),
    ((".pt", ".pth", ".pt2", ".ts"), PYTORCH),
    ((".keras", ".h5"), TFKERAS),
    (("saved_model.pb",), TENSORFLOW),
    ((".joblib", ".pkl", ".pickle"), SCIKITLEARN),
)


def known(name: Optional[str]) -> Framework:
    """The framework of this name, whatever its case; an unknown one is like ``Custom``."""
    for item in FRAMEWORKS.values():
        if name is not None and item.name.lower() == name.lower():
            return item
    return Framework(name or CUSTOM)


def guess(names: Tuple[str, ...]) -> str:
    """The framework that the names of a model's files tell; ``Custom`` when none does."""
    for endings, framework in _ENDINGS:
        if any(name.lower().endswith(endings) for name in names):
            return framework
    return CUSTOM


def memory_warning(
    framework: Optional[str], memory_in_gb: Optional[float], model_bytes: int
) -> Optional[str]:
    """One sentence when a model is given less memory than it takes; None when there is enough.

    Parameters
    ----------
    memory_in_gb : float, optional
        GiB that were asked for; None: no request.
    model_bytes : int
        Size of the model's files, which end up in memory.
    """
    needed = known(framework).least_bytes
    if not needed or memory_in_gb is None or memory_in_gb * GIB >= needed + model_bytes:
        return None
    return (
        f"resource_configuration asks for {memory_in_gb:g} GB of memory, but {framework} needs "
        f"{needed / GIB:.2f} GB and the files of the model {model_bytes / GIB:.2f} GB. The request "
        "is recorded; what the model uses is not cut off at it."
    )
