"""References in commands: found, filled, and everything else left alone."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_jupyter.jobfile.references import fill, find


def filled(command: str, absent: frozenset[str] = frozenset(), **values: str) -> str:
    return fill(command, lambda kind, name: values[name], set(absent))


def test_both_spellings_are_filled():
    command = "run {inputs.a} ${{inputs.a}}/x ${{ outputs.b }} {search_space.c}"
    assert filled(command, a="/d a", b="out", c="0.1") == "run /d a /d a/x out 0.1"


@pytest.mark.parametrize(
    "command",
    [
        "awk '{print $1}' x",
        "echo ${HOME} ${inputs}",
        "python -c 'print(\"{}\".format(1))'",
        "echo {inputs} {other.x} {inputs.} {{inputs.x}}",
        "echo ${inputs.x}",
    ],
)
def test_other_braces_stay(command):
    assert list(find(command)) == []
    assert filled(command) == command


def test_an_optional_part_goes_with_its_input():
    command = "fit $[[--seed ${{inputs.seed}}]] --k ${{inputs.k}}"
    assert filled(command, frozenset({"seed"}), k="3") == "fit  --k 3"
    assert filled(command, seed="7", k="3") == "fit --seed 7 --k 3"
    assert [item.in_optional for item in find(command)] == [True, False]


@given(st.text(string.ascii_letters + " '\"$|;<>", max_size=40), st.text(max_size=20))
def test_values_are_put_in_as_they_are(before, value):
    assert filled(f"{before}{{inputs.x}}", x=value) == f"{before}{value}" or before.endswith("$")
