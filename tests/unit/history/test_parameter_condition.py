"""Conditions on parameters, as people write them."""

from __future__ import annotations

import pytest

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.parameter_condition import ParameterCondition


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("lr<0.01", ("lr", "<", 0.01)),
        (" opt/lr >= 1e-3 ", ("opt/lr", ">=", 0.001)),
        ("optimizer=adam", ("optimizer", "=", "adam")),
        ("optimizer == Adam W", ("optimizer", "=", "Adam W")),
        ("seed!=3", ("seed", "!=", 3.0)),
        ("data=a=b", ("data", "=", "a=b")),
        ("model~vit", ("model", "~", "vit")),
        ("size~16", ("size", "~", "16")),
    ],
)
def test_a_name_a_sign_and_a_value(text, condition):
    assert ParameterCondition.parse(text) == condition


@pytest.mark.parametrize("text", ["", "lr", "lr<", "<0.5", "lr=", "lr<adam", "lr>=inf", "=adam"])
def test_anything_else_is_refused_by_name(text):
    with pytest.raises(UserErrorException, match="no condition on a parameter") as caught:
        ParameterCondition.parse(text)
    assert caught.value.details["field"] == "param"
