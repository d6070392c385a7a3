"""Requests with tensors: forms, shapes, types, and what is said of bad ones. From data to data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ml_jupyter.models.scoring.base import BadInput, mapping_of, plain, with_text_keys
from ml_jupyter.models.scoring.tensors import COLUMNS, ROWS, Input, answer, given

X = Input("x", "float32", (None, 2))
Y = Input("y", "int64", (None,))
NAMES = Input("names", "object", (None,))


def test_rows_and_columns_give_the_same_arrays() -> None:
    columns = {"x": [[1, 2], [3, 4]], "y": [5, 6]}
    rows = [{"x": [1, 2], "y": 5}, {"x": [3, 4], "y": 6}]
    for payload, form in (({"inputs": columns}, COLUMNS), ({"instances": rows}, ROWS)):
        found, arrays = given(payload, [X, Y])
        assert found == form
        assert (arrays["x"].dtype, arrays["y"].dtype) == (np.float32, np.int64)
        assert arrays["x"].tolist() == [[1, 2], [3, 4]]
        assert arrays["y"].tolist() == [5, 6]


def test_one_input_needs_no_name() -> None:
    for payload in ({"data": [[1, 2]]}, {"inputs": {"x": [[1, 2]]}}, {"instances": [[1, 2]]}):
        assert given(payload, [X])[1]["x"].shape == (1, 2)
    assert given({"data": ["a", "b"]}, [NAMES])[1]["names"].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({}, "exactly one of"),
        ({"data": [[1, 2]], "inputs": [[1, 2]]}, "exactly one of"),
        ({"data": [[1, 2]]}, "several inputs; give an object with x, y"),
        ({"inputs": {"x": [[1, 2]]}}, "needs the input 'y'. Its inputs: x, y"),
        ({"inputs": {"x": [[1, 2]], "z": 1}}, "has no input 'z'"),
        ({"inputs": {"x": [[1, 2, 3]], "y": [1]}}, "shape 1 x 3; the model takes any x 2"),
        ({"inputs": {"x": 5, "y": [1]}}, "of one number; the model takes any x 2"),
        ({"inputs": {"x": [[1, 2], [3]], "y": [1]}}, "'x' is not an array of float32"),
        ({"inputs": {"x": [["a", "b"]], "y": [1]}}, "holds something that is no number"),
        ({"inputs": {"x": [[None, 1]], "y": [1]}}, "holds something that is no number"),
        ({"inputs": {"x": [[1, 2]], "y": [1.5]}}, "numbers that are not whole"),
        ({"inputs": {"x": [[1, 2]], "y": [1e30]}}, "numbers outside of"),
        ({"instances": []}, "at least one row"),
        ({"instances": [{"x": [1, 2], "y": 1}, {"x": [1, 2]}]}, "the same names"),
        ({"instances": [{"x": [1, 2], "y": 1}, 7]}, "the same names"),
    ],
)
def test_bad_requests_are_told_what_is_wrong(payload: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        given(payload, [X, Y])
    assert said in str(caught.value)


def test_answers_have_the_form_of_the_request() -> None:
    assert answer(COLUMNS, {"a": [1, 2]}) == {"outputs": [1, 2]}
    assert answer(ROWS, {"a": [1, 2]}) == {"predictions": [1, 2]}
    both = {"a": [1, 2], "b": [{0: 0.5}, {1: 0.5}]}
    assert answer(COLUMNS, both) == {"outputs": {"a": [1, 2], "b": [{"0": 0.5}, {"1": 0.5}]}}
    assert answer(ROWS, both)["predictions"][1] == {"a": 2, "b": {"1": 0.5}}


@pytest.mark.parametrize("whole", [0.5, [1.0], {"a": 1.0}])
def test_an_output_without_a_value_for_each_row_comes_whole(whole: Any) -> None:
    outputs = {"scores": [1.0, 2.0], "all": whole}
    assert answer(ROWS, outputs) == {"predictions": outputs}


@pytest.mark.parametrize("body", [b"", b"nonsense", b"\xff", b'"text"', b"7", b"null"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        mapping_of(body)


def test_a_bare_list_is_data() -> None:
    assert mapping_of(b"[[1]]") == {"data": [[1]]}


def test_values_of_frameworks_become_json() -> None:
    assert plain(np.float32(0.5)) == 0.5
    assert plain(np.array([1, 2])) == [1, 2]
    assert plain({3}) == [3]
    assert with_text_keys({1: ({2: 3},)}) == {"1": [{"2": 3}]}
    with pytest.raises(TypeError, match="object cannot be written"):
        plain(object())
