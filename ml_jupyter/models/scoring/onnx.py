"""ONNX models through onnxruntime."""

from __future__ import annotations

import importlib
import re
from typing import Any, Dict, Mapping, Optional, Tuple

from ml_jupyter.models.scoring import tensors
from ml_jupyter.models.scoring.base import BadInput, Scorer, file_of
from ml_jupyter.models.scoring.tensors import Input

_TENSOR = re.compile(r"tensor\((\w+)\)\Z")
#: Where numpy's name differs. Source: onnxruntime's names of element types.
_TYPES = {"float": "float32", "double": "float64", "string": "object"}


class OnnxScorer(Scorer):
    """A model in the ONNX format.

    Parameters
    ----------
    path : str
        The file, or a folder with exactly one (and its external data).

    Raises
    ------
    TypeError
        It takes something that is no tensor.
    """

    def __init__(self, path: str) -> None:
        runtime: Any = importlib.import_module("onnxruntime")
        self._session = runtime.InferenceSession(
            file_of(path, (".onnx",)), providers=runtime.get_available_providers()
        )
        self._refusals = tuple(
            kind
            for name in ("InvalidArgument", "RuntimeException", "Fail")
            if (kind := getattr(runtime.capi.onnxruntime_pybind11_state, name, None)) is not None
        )
        self._takes = [
            Input(item.name, _dtype(item.name, item.type), _shape(item.shape))
            for item in self._session.get_inputs()
        ]
        self._gives = [item.name for item in self._session.get_outputs()]
        self.inputs = [item.to_json() for item in self._takes]

    def answer(self, payload: Mapping[str, Any]) -> Dict[str, Any]:
        """All outputs, or those that ``output_filter`` lists."""
        wanted = payload.get("output_filter") or self._gives
        unknown = [name for name in wanted if name not in self._gives]
        if unknown:
            raise BadInput(
                f"The model has no output {unknown[0]!r}. Its outputs: {', '.join(self._gives)}."
            )
        form, arrays = tensors.given(payload, self._takes)
        try:
            made = self._session.run(list(wanted), arrays)
        except self._refusals as error:
            raise BadInput(f"The model refused the data: {error}") from error
        values = [item.tolist() if hasattr(item, "tolist") else item for item in made]
        return tensors.answer(form, dict(zip(wanted, values)))


def _dtype(name: str, kind: str) -> str:
    match = _TENSOR.match(kind)
    if match is None:
        raise TypeError(f"Input {name!r} is a {kind}; only tensors can be sent as JSON.")
    return _TYPES.get(match[1], match[1])


def _shape(shape: Any) -> Optional[Tuple[Optional[int], ...]]:
    """Named sizes, such as the batch's, go with any."""
    return tuple(size if isinstance(size, int) else None for size in shape)
