"""``Model.Framework``: the names of frameworks."""

from __future__ import annotations

from ml_jupyter.models import frameworks


class Framework:
    """Frameworks that a model can be of; any other text is taken as it is.

    Those but ``CUSTOM`` and ``MULTI`` can be deployed without code.
    """

    CUSTOM = frameworks.CUSTOM
    MULTI = frameworks.MULTI
    ONNX = frameworks.ONNX
    PYTORCH = frameworks.PYTORCH
    SCIKITLEARN = frameworks.SCIKITLEARN
    TENSORFLOW = frameworks.TENSORFLOW
    TFKERAS = frameworks.TFKERAS
