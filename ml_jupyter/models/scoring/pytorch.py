"""PyTorch: TorchScript files, and programs that ``torch.export`` has saved."""

from __future__ import annotations

import importlib
import warnings
from typing import Any, Dict, List, Mapping

from ml_jupyter.models.scoring import tensors
from ml_jupyter.models.scoring.base import BadInput, Scorer, file_of
from ml_jupyter.models.scoring.tensors import Input

_ENDINGS = (".pt", ".pth", ".pt2", ".ts")


class TorchScorer(Scorer):
    """A model that carries its own code, so that no class of the trainer is needed.

    Parameters
    ----------
    path : str
        The file, or a folder with exactly one.

    Raises
    ------
    RuntimeError
        It holds only weights, or a pickled module.
    """

    def __init__(self, path: str) -> None:
        self._torch: Any = importlib.import_module("torch")
        file = file_of(path, _ENDINGS)
        if file.endswith(".pt2"):
            self._model = self._torch.export.load(file).module()
            self._names = ["data"]
        else:
            self._model = self._load_script(file)
            arguments = self._model.forward.schema.arguments[1:]
            self._names = [item.name for item in arguments if not item.has_default_value()]
        self.inputs = [Input(name, "float32", None).to_json() for name in self._names]

    def answer(self, payload: Mapping[str, Any]) -> Dict[str, Any]:
        """What ``forward`` gives: a tensor, several, or a mapping of them.

        Numbers are taken as single precision. A file does not tell which inputs are whole numbers,
        so where all of a request are, they are tried as such when the model refuses the others.
        """
        dtypes = ["float32", "int64"] if _all_whole(_values(payload)) else ["float32"]
        refusals: List[BadInput] = []
        for dtype in dtypes:
            form, arrays = tensors.given(payload, [Input(n, dtype, None) for n in self._names])
            try:
                return tensors.answer(form, self._run(list(arrays.values())))
            except BadInput as error:
                refusals.append(error)
        raise refusals[0]

    def _run(self, arrays: List[Any]) -> Dict[str, Any]:
        try:
            with self._torch.inference_mode():
                return _named(self._model(*map(self._torch.from_numpy, arrays)))
        except (RuntimeError, IndexError, TypeError, ValueError) as error:
            last = str(error).strip().splitlines()[-1] if str(error).strip() else repr(error)
            raise BadInput(f"The model refused the data: {last}") from error

    def _load_script(self, file: str) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                model = self._torch.jit.load(file, map_location="cpu")
        except RuntimeError as error:
            raise RuntimeError(
                "The file is no TorchScript: save the model with torch.jit.script(model).save(path)"
                " or torch.export.save, or export it to ONNX. A file of torch.save holds only "
                f"weights or needs the code of its classes. ({error})"
            ) from error
        model.eval()
        return model


def _named(made: Any) -> Dict[str, Any]:
    if isinstance(made, Mapping):
        return {str(name): item.tolist() for name, item in made.items()}
    if isinstance(made, (list, tuple)):
        return {f"output_{index}": item.tolist() for index, item in enumerate(made)}
    return {"output_0": made.tolist()}


def _values(payload: Mapping[str, Any]) -> Any:
    return next((payload[key] for key in ("instances", "inputs", "data") if key in payload), None)


def _all_whole(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_all_whole, value.values()))
    if isinstance(value, list):
        return all(map(_all_whole, value))
    return isinstance(value, int)
