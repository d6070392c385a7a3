"""Conditions on metrics, as people write them."""

from __future__ import annotations

import pytest

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.metric_condition import MetricCondition


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("loss<0.5", ("loss", "<", 0.5)),
        (" val/acc >= .9 ", ("val/acc", ">=", 0.9)),
        ("two words != -1e-3", ("two words", "!=", -0.001)),
        ("n==3", ("n", "==", 3.0)),
        ("a=b=2", ("a=b", "=", 2.0)),
    ],
)
def test_a_name_a_sign_and_a_number(text, condition):
    assert MetricCondition.parse(text) == condition


@pytest.mark.parametrize("text", ["", "loss", "loss<", "<0.5", "loss<nan", "loss<inf", "loss<x"])
def test_anything_else_is_refused_by_name(text):
    with pytest.raises(UserErrorException, match="no condition on a metric"):
        MetricCondition.parse(text)
