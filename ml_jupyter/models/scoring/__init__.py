"""Loading models of each framework, and answering with them.

Runs in the Python of the model, with whatever versions of the framework it has.
"""

from __future__ import annotations

from typing import Any, Mapping

from ml_jupyter.models import frameworks
from ml_jupyter.models.scoring.base import Scorer


def scorer(plan: Mapping[str, Any], model_path: str) -> Scorer:
    """What answers for a service.

    Parameters
    ----------
    plan : mapping
        ``framework`` or ``entry_script`` of the ServingPlan.
    model_path : str
        The model's file or folder.

    Raises
    ------
    Exception
        Whatever the framework or the script raises when it cannot load the model.
    """
    if plan.get("entry_script"):
        from ml_jupyter.models.scoring.script import ScriptScorer

        return ScriptScorer(str(plan["entry_script"]))
    framework = frameworks.known(str(plan["framework"])).name
    if framework == frameworks.SCIKITLEARN:
        from ml_jupyter.models.scoring.scikit_learn import SklearnScorer

        return SklearnScorer(model_path)
    if framework == frameworks.ONNX or model_path.endswith(".onnx"):
        from ml_jupyter.models.scoring.onnx import OnnxScorer

        return OnnxScorer(model_path)
    if framework == frameworks.PYTORCH:
        from ml_jupyter.models.scoring.pytorch import torch_scorer

        return torch_scorer(model_path)
    from ml_jupyter.models.scoring.tensorflow import tensorflow_scorer

    return tensorflow_scorer(model_path)
