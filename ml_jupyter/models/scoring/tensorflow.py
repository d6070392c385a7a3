"""TensorFlow: SavedModel folders by their signatures, and whole Keras models."""

from __future__ import annotations

import importlib
import os
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ml_jupyter.models.scoring import tensors
from ml_jupyter.models.scoring.base import BadInput, Scorer, file_of
from ml_jupyter.models.scoring.tensors import Input

_DEFAULT = "serving_default"


def tensorflow_scorer(path: str) -> Scorer:
    """The scorer of a SavedModel folder, or of a ``.keras`` or ``.h5`` file.

    Raises
    ------
    FileNotFoundError
        The model is neither.
    """
    folder = _saved_model(path)
    return KerasScorer(path) if folder is None else SavedModelScorer(folder)


class SavedModelScorer(Scorer):
    """A SavedModel.

    Parameters
    ----------
    folder : str
        Folder that holds ``saved_model.pb``.

    Raises
    ------
    TypeError
        It has no signature to call.
    """

    def __init__(self, folder: str) -> None:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        self._tf: Any = importlib.import_module("tensorflow")
        self._loaded = self._tf.saved_model.load(folder)  # keeps the signatures' variables alive
        self._signatures = dict(self._loaded.signatures)
        if not self._signatures:
            raise TypeError("The SavedModel has no signature that could be called.")
        first = _DEFAULT if _DEFAULT in self._signatures else sorted(self._signatures)[0]
        self._first = first
        self.inputs = [item.to_json() for item in self._takes(first)]

    def answer(self, payload: Mapping[str, Any]) -> Dict[str, Any]:
        """The outputs of ``signature_name``, by default of ``serving_default``."""
        name = payload.get("signature_name", self._first)
        if name not in self._signatures:
            raise BadInput(
                f"The model has no signature {name!r}. It has {', '.join(self._signatures)}."
            )
        form, arrays = tensors.given(payload, self._takes(name))
        try:
            made = self._signatures[name](
                **{key: self._tf.constant(item.tolist() if item.dtype == object else item)
                   for key, item in arrays.items()}
            )  # fmt: skip
        except (self._tf.errors.InvalidArgumentError, ValueError, TypeError) as error:
            raise BadInput(f"The model refused the data: {error}") from error
        return tensors.answer(form, {key: item.numpy().tolist() for key, item in made.items()})

    def _takes(self, name: str) -> List[Input]:
        _, named = self._signatures[name].structured_input_signature
        return [
            Input(key, _numpy_name(spec.dtype), _sizes(spec.shape)) for key, spec in named.items()
        ]


class KerasScorer(Scorer):
    """A whole model that Keras has saved as one file.

    Parameters
    ----------
    path : str
        The file, or a folder with exactly one.
    """

    def __init__(self, path: str) -> None:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        keras: Any = importlib.import_module("keras")
        self._model = keras.models.load_model(file_of(path, (".keras", ".h5")), compile=False)
        self._takes = [
            Input(item.name, str(item.dtype), tuple(item.shape)) for item in self._model.inputs
        ]
        self.inputs = [item.to_json() for item in self._takes]

    def answer(self, payload: Mapping[str, Any]) -> Dict[str, Any]:
        """The outputs of the model."""
        form, arrays = tensors.given(payload, self._takes)
        try:
            made = self._model(list(arrays.values()) if len(arrays) > 1 else arrays.popitem()[1])
        except (ValueError, TypeError) as error:
            raise BadInput(f"The model refused the data: {error}") from error
        many = made if isinstance(made, (list, tuple)) else [made]
        own = getattr(self._model, "output_names", None)  # a Sequential of Keras 3 has none
        names = list(own or (f"output_{index}" for index in range(len(many))))
        values = [item.numpy().tolist() for item in many]
        return tensors.answer(form, dict(zip(names, values)))


def _saved_model(path: str) -> Optional[str]:
    if os.path.isfile(path):
        return None
    found = [folder for folder, _, names in os.walk(path) if "saved_model.pb" in names]
    return sorted(found, key=len)[0] if found else None


def _numpy_name(dtype: Any) -> str:
    name = str(dtype.name)
    return "object" if name == "string" else name


def _sizes(shape: Any) -> Optional[Tuple[Optional[int], ...]]:
    return None if shape.rank is None else tuple(shape.as_list())
