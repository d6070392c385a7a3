"""Tensors in requests and answers, in the form that TensorFlow Serving's REST API has.

``{"instances": [row, …]}`` gives rows and gets ``{"predictions": [row, …]}``. ``{"inputs": …}``
gives whole tensors, by name or the only one, and gets ``{"outputs": …}``; ``data`` is another name
for ``inputs``.

Source: TensorFlow Serving, RESTful API, "Specifying input tensors".
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ml_jupyter.models.scoring.base import BadInput, with_text_keys

ROWS, COLUMNS = "instances", "inputs"
_KEYS = {"instances": ROWS, "inputs": COLUMNS, "data": COLUMNS}


class Input(NamedTuple):
    """One tensor that a model takes: numpy's name of its type, and its sizes (None: any)."""

    name: str
    dtype: str
    shape: Optional[Tuple[Optional[int], ...]]

    def to_json(self) -> Dict[str, Any]:
        """For the description of the service."""
        shape = None if self.shape is None else list(self.shape)
        return {"name": self.name, "dtype": self.dtype, "shape": shape}


def given(payload: Mapping[str, Any], inputs: Sequence[Input]) -> Tuple[str, Dict[str, Any]]:
    """The form of a request (``instances`` or ``inputs``), and an array for each input.

    Raises
    ------
    BadInput
        Says which input is missing, unknown, or of another shape or type.
    """
    keys = [key for key in _KEYS if key in payload]
    if len(keys) != 1:
        raise BadInput('The request must hold exactly one of "instances", "inputs" and "data".')
    form, value = _KEYS[keys[0]], payload[keys[0]]
    values = _of_rows(value, inputs) if form == ROWS else _of_columns(value, inputs)
    known = {item.name: item for item in inputs}
    unknown = sorted(set(values) - set(known))
    missing = [name for name in known if name not in values]
    if unknown or missing:
        what = f"has no input {unknown[0]!r}" if unknown else f"needs the input {missing[0]!r}"
        raise BadInput(f"The model {what}. Its inputs: {', '.join(known)}.")
    return form, {name: array(values[name], known[name]) for name in known}


def answer(form: str, outputs: Mapping[str, Any]) -> Dict[str, Any]:
    """The answer in the form of the request; whole outputs where one has no value for each row.

    Parameters
    ----------
    outputs : mapping of str to object
        The model's outputs: nested lists, or mappings for each row.
    """
    values = {name: with_text_keys(value) for name, value in outputs.items()}
    if form == COLUMNS:
        return {"outputs": next(iter(values.values())) if len(values) == 1 else values}
    if len(values) == 1:
        return {"predictions": next(iter(values.values()))}
    lengths = {len(item) if isinstance(item, list) else None for item in values.values()}
    if len(lengths) > 1 or None in lengths:  # an output that has no value for each row
        return {"predictions": values}
    rows = [dict(zip(values, row)) for row in zip(*values.values())]
    return {"predictions": rows}


def array(value: Any, wanted: Input) -> Any:
    """A value of a request as an array of the type and shape that an input has.

    Raises
    ------
    BadInput
        It is not rectangular, not of numbers, or of another shape.
    """
    import numpy

    try:
        if wanted.dtype in ("object", "str"):
            made = numpy.array(value, dtype=object)
        else:
            made = numpy.asarray(value)
            if made.dtype.kind not in "biuf":
                raise ValueError("it holds something that is no number")
            made = _typed(made, numpy.dtype(wanted.dtype))
    except (ValueError, TypeError, OverflowError) as error:
        raise BadInput(
            f"Input {wanted.name!r} is not an array of {wanted.dtype}: {error}"
        ) from error
    _check_shape(made.shape, wanted)
    return made


def _typed(made: Any, dtype: Any) -> Any:
    import numpy

    if dtype.kind in "iu" and made.dtype.kind == "f" and not (made == numpy.floor(made)).all():
        raise ValueError("it holds numbers that are not whole")
    if dtype.kind in "iu" and made.size:
        bounds = numpy.iinfo(dtype)
        if made.min() < bounds.min or made.max() > bounds.max:
            raise ValueError(f"it holds numbers outside of {bounds.min} to {bounds.max}")
    return made.astype(dtype)


def _check_shape(shape: Tuple[int, ...], wanted: Input) -> None:
    if wanted.shape is None:
        return
    fits = len(shape) == len(wanted.shape) and all(
        size in (None, present) for present, size in zip(shape, wanted.shape)
    )
    if not fits:
        told = " x ".join("any" if size is None else str(size) for size in wanted.shape)
        raise BadInput(
            f"Input {wanted.name!r} has shape {' x '.join(map(str, shape)) or 'of one number'}; "
            f"the model takes {told or 'one number'}."
        )


def _of_columns(value: Any, inputs: Sequence[Input]) -> Dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    if len(inputs) == 1:
        return {inputs[0].name: value}
    names = ", ".join(item.name for item in inputs)
    raise BadInput(f"The model has several inputs; give an object with {names}.")


def _of_rows(value: Any, inputs: Sequence[Input]) -> Dict[str, Any]:
    if not isinstance(value, list) or not value:
        raise BadInput('"instances" must be a list with at least one row.')
    if not any(isinstance(row, Mapping) for row in value):
        return _of_columns(value, inputs)
    names: List[str] = list(value[0]) if isinstance(value[0], Mapping) else []
    if any(not isinstance(row, Mapping) or set(row) != set(names) for row in value):
        raise BadInput('All rows of "instances" must be objects with the same names.')
    return {name: [row[name] for row in value] for name in names}
