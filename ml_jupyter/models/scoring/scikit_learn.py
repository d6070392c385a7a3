"""scikit-learn: ``{"data": rows, "method": "predict"}`` gets ``{"predict": [...]}``.

Source: the Azure ML tutorials that deploy a scikit-learn model without code.
"""

from __future__ import annotations

import importlib
import os
import warnings
from typing import Any, Dict, List, Mapping, Optional

from ml_jupyter.models.scoring.base import BadInput, Scorer, file_of, with_text_keys

ENDINGS = (".joblib", ".pkl", ".pickle")
METHODS = ("predict", "predict_proba", "predict_log_proba", "decision_function", "transform")
_FORMS = ("data", "inputs", "instances")


class SklearnScorer(Scorer):
    """An estimator or pipeline that joblib or pickle has written.

    Parameters
    ----------
    path : str
        The file, or a folder with exactly one.

    Raises
    ------
    TypeError
        What it holds has none of scikit-learn's methods.
    ValueError
        It is no pickle, or was cut off.
    """

    def __init__(self, path: str) -> None:
        self._model: Any = _load(file_of(path, ENDINGS))
        self._methods = [name for name in METHODS if hasattr(self._model, name)]
        if not self._methods:
            raise TypeError(
                f"The file holds a {type(self._model).__name__}, which has none of "
                f"{', '.join(METHODS)}."
            )
        names = getattr(self._model, "feature_names_in_", None)
        self._names: Optional[List[str]] = None if names is None else [str(n) for n in names]
        self._count: Optional[int] = getattr(self._model, "n_features_in_", None)
        self.inputs = [{"name": "data", "dtype": "float64", "shape": [None, self._count]}]

    def answer(self, payload: Mapping[str, Any]) -> Dict[str, Any]:
        """What the method asked for gives."""
        method = payload.get("method", self._methods[0])
        if method not in self._methods:
            raise BadInput(f'"method" is {method!r}; this model has {", ".join(self._methods)}.')
        keys = [key for key in _FORMS if key in payload]
        if len(keys) != 1:
            raise BadInput('The request must hold its rows in "data".')
        rows = self._rows(payload[keys[0]])
        try:
            with warnings.catch_warnings():  # without pandas the names are checked here instead
                warnings.filterwarnings("ignore", "X does not have valid feature names")
                made = getattr(self._model, method)(rows)
        except (ValueError, TypeError, IndexError, KeyError, AttributeError) as error:
            raise BadInput(f"The model refused the data: {error}") from error
        made = made.toarray() if hasattr(made, "toarray") else made
        values = with_text_keys(made.tolist() if hasattr(made, "tolist") else made)
        return {"predictions" if keys[0] == "instances" else str(method): values}

    def _rows(self, value: Any) -> Any:
        import numpy

        if not isinstance(value, list) or not value:
            raise BadInput('"data" must be a list with at least one row.')
        if all(isinstance(row, Mapping) for row in value):
            return self._named_rows(value)
        if any(isinstance(row, Mapping) for row in value):
            raise BadInput("The rows of the data must all be lists, or all be objects.")
        try:
            made = numpy.array(value)
        except ValueError as error:
            raise BadInput("The rows of the data have different lengths.") from error
        if self._count is not None and (made.ndim < 2 or made.shape[1] != self._count):
            got = f"{made.shape[1]}" if made.ndim > 1 else "rows that are no lists"
            raise BadInput(f"The model takes rows of {self._count} values; the data has {got}.")
        if self._names is None:
            return made
        return self._framed([dict(zip(self._names, row)) for row in value])

    def _named_rows(self, rows: List[Any]) -> Any:
        if self._names is None:
            raise BadInput("The model was made without names of features; give rows as lists.")
        for row in rows:
            missing = [name for name in self._names if name not in row]
            unknown = [name for name in row if name not in self._names]
            if missing or unknown:
                what = f"lacks {missing[0]!r}" if missing else f"has {unknown[0]!r}, which is none"
                raise BadInput(f"A row {what} of the features: {', '.join(self._names)}.")
        return self._framed(rows)

    def _framed(self, rows: List[Any]) -> Any:
        """A data frame, as the model was made from one; an array where there is no pandas."""
        try:
            pandas = importlib.import_module("pandas")
        except ImportError:
            import numpy

            return numpy.array([[row[name] for name in self._names or ()] for row in rows])
        return pandas.DataFrame(rows, columns=self._names)


def _load(file: str) -> Any:
    # Through importlib: this core has no third-party import of its own.
    joblib: Any = importlib.import_module("joblib")
    try:
        return joblib.load(file)
    except (ImportError, AttributeError):  # names what is missing
        raise
    except Exception as error:  # bytes that are no pickle raise whatever they happen to spell
        name = os.path.basename(file)
        raise ValueError(
            f"{name} cannot be read as a pickled model ({type(error).__name__}: {error})"
        ) from error
