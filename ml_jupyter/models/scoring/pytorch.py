"""PyTorch: TorchScript files, and programs that ``torch.export`` has saved.

On a GPU when the service was given one, as it sees no other; otherwise on the processor. An
exported program stays where it was exported.
"""

from __future__ import annotations

import importlib
import warnings
from typing import Any, Dict, List, Mapping

from ml_jupyter.models.scoring import tensors
from ml_jupyter.models.scoring.base import BadInput, Scorer, file_of
from ml_jupyter.models.scoring.tensors import Input

_ENDINGS = (".pt", ".pth", ".pt2", ".ts")
#: What a model raises when the data does not fit; exported programs assert.
_REFUSALS = (RuntimeError, IndexError, TypeError, ValueError, AssertionError)
#: numpy has no such type: the numbers are sent in one that holds them all.
_WIDER = {"bfloat16": "float32"}


def torch_scorer(path: str) -> Scorer:
    """What answers with a model that carries its own code: no class of the trainer is needed.

    Parameters
    ----------
    path : str
        The file, or a folder with exactly one.

    Raises
    ------
    RuntimeError
        It holds only weights, or a pickled module.
    TypeError
        An exported program takes something that is no tensor.
    """
    file = file_of(path, _ENDINGS)
    return ExportedScorer(file) if file.endswith(".pt2") else ScriptedScorer(file)


class ScriptedScorer(Scorer):
    """A TorchScript file."""

    def __init__(self, file: str) -> None:
        self._torch: Any = importlib.import_module("torch")
        self._device = "cuda" if self._torch.cuda.is_available() else "cpu"
        self._model = self._load(file)
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
            given = [self._torch.from_numpy(item).to(self._device) for item in arrays.values()]
            try:
                return tensors.answer(form, _made(self._torch, self._model, given, {}))
            except BadInput as error:
                refusals.append(error)
        raise refusals[0]

    def _load(self, file: str) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                model = self._torch.jit.load(file, map_location=self._device)
        except RuntimeError as error:
            raise RuntimeError(
                "The file is no TorchScript: save the model with torch.jit.script(model).save(path)"
                " or torch.export.save, or export it to ONNX. A file of torch.save holds only "
                f"weights or needs the code of its classes. ({error})"
            ) from error
        model.eval()
        return model


class ExportedScorer(Scorer):
    """A file of ``torch.export.save``, which tells names, types and sizes of its inputs."""

    def __init__(self, file: str) -> None:
        self._torch: Any = importlib.import_module("torch")
        program = self._torch.export.load(file)
        self._model, self._form = program.module(), program.call_spec.in_spec
        names = program.graph_signature.user_inputs
        nodes: Dict[str, Any] = {node.name: node.meta.get("val") for node in program.graph.nodes}
        self._examples: Dict[str, Any] = {name: nodes.get(name) for name in names}
        self._takes = [_input(str(name), item) for name, item in self._examples.items()]
        self.inputs = [item.to_json() for item in self._takes]

    def answer(self, payload: Mapping[str, Any]) -> Dict[str, Any]:
        """What the program gives: a tensor, several, or a mapping of them."""
        form, arrays = tensors.given(payload, self._takes)
        given = [
            self._torch.from_numpy(arrays[name]).to(device=item.device, dtype=item.dtype)
            for name, item in self._examples.items()
        ]
        args, named = self._torch.utils._pytree.tree_unflatten(given, self._form)
        return tensors.answer(form, _made(self._torch, self._model, args, named))


def _input(name: str, example: Any) -> Input:
    if not hasattr(example, "dtype"):
        raise TypeError(f"Input {name!r} of the program is no tensor; only tensors can be sent.")
    dtype = str(example.dtype).rpartition(".")[2]
    sizes = tuple(size if type(size) is int else None for size in example.shape)
    return Input(name, _WIDER.get(dtype, dtype), sizes)


def _made(torch: Any, model: Any, args: Any, named: Mapping[str, Any]) -> Dict[str, Any]:
    """Outputs by name, as lists.

    Raises
    ------
    BadInput
        The model refuses the data.
    """
    try:
        with torch.inference_mode():
            made = model(*args, **named)
    except _REFUSALS as error:
        last = str(error).strip().splitlines()[-1] if str(error).strip() else repr(error)
        raise BadInput(f"The model refused the data: {last}") from error
    if isinstance(made, Mapping):
        return {str(name): _listed(item) for name, item in made.items()}
    several = made if isinstance(made, (list, tuple)) else [made]
    return {f"output_{index}": _listed(item) for index, item in enumerate(several)}


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _listed(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_listed(item) for item in value]
    return value.tolist() if hasattr(value, "tolist") else value


def _values(payload: Mapping[str, Any]) -> Any:
    return next((payload[key] for key in ("instances", "inputs", "data") if key in payload), None)


def _all_whole(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_all_whole, value.values()))
    if isinstance(value, list):
        return all(map(_all_whole, value))
    return isinstance(value, int)
