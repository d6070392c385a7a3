"""Search spaces: the distributions of HyperDrive, whatever draws from them."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ml_jupyter.exceptions import RunConfigurationException
from ml_jupyter.jobfile.distributions import NUMBERS
from ml_jupyter.sweeps.space import Parameter, grid

UNIFORM = st.floats(0, 1, exclude_max=True)
FINITE = st.floats(-20, 20)


@st.composite
def parameters(draw: st.DrawFn) -> Parameter:
    kind = draw(st.sampled_from(sorted(NUMBERS)))
    if kind == "choice":
        return Parameter("p", kind, tuple(draw(st.lists(st.integers() | st.text(), min_size=1))))
    if kind == "randint":
        return Parameter("p", kind, numbers={"upper": draw(st.integers(1, 1000))})
    first, second = draw(FINITE), draw(st.floats(0.01, 20))
    names = NUMBERS[kind]
    numbers = {names[0]: first, names[1]: second if names[1] == "sigma" else first + second}
    if "q" in names:
        numbers["q"] = draw(st.sampled_from([0.1, 0.5, 1, 2, 5]))
    return Parameter("p", kind, numbers=numbers)


@given(parameters(), UNIFORM)
def test_every_value_is_one_of_the_distribution(parameter: Parameter, uniform: float) -> None:
    parameter.check()
    value, numbers = parameter.value(uniform), parameter.numbers
    if parameter.kind == "choice":
        assert value in parameter.values
    elif parameter.kind == "randint":
        assert value in range(int(numbers["upper"]))
    elif "q" in numbers:
        assert math.isclose(value / numbers["q"], round(value / numbers["q"]), abs_tol=1e-6)
    elif parameter.kind == "uniform":
        assert numbers["min_value"] <= value <= numbers["max_value"]
    elif parameter.kind == "loguniform":
        low, high = math.exp(numbers["min_value"]), math.exp(numbers["max_value"])
        assert low * (1 - 1e-9) <= value <= high * (1 + 1e-9)
    else:
        assert math.isfinite(value)


@given(parameters(), UNIFORM)
def test_a_position_gives_its_value_again(parameter: Parameter, uniform: float) -> None:
    assume(not parameter.options and "q" not in parameter.numbers)
    value = parameter.value(uniform)
    assume(value > 1e-300 or "log" not in parameter.kind)
    again = parameter.value(min(parameter.position(value), 1 - 1e-12))
    assert math.isclose(again, value, rel_tol=1e-3, abs_tol=1e-3)


@given(parameters())
def test_the_stored_form_is_read_again(parameter: Parameter) -> None:
    assert Parameter.from_json("p", parameter.to_json()) == parameter


@given(parameters(), st.floats(0, 0.999))
def test_another_base_stands_where_e_stood(parameter: Parameter, uniform: float) -> None:
    assert parameter.with_base(math.e) == parameter
    tens = parameter.with_base(10)
    if "log" not in parameter.kind:
        assert tens == parameter
    elif "q" not in parameter.numbers:
        value = parameter.value(uniform)
        wanted = 10 ** math.log(value) if value > 0 else 0
        assert math.isclose(tens.value(uniform), wanted, rel_tol=1e-6)


def test_a_normal_is_normal() -> None:
    parameter = Parameter("p", "normal", numbers={"mu": 10, "sigma": 3})
    drawn = [parameter.value((i + 0.5) / 2000) for i in range(2000)]
    assert statistics.mean(drawn) == pytest.approx(10, abs=0.01)
    assert statistics.stdev(drawn) == pytest.approx(3, abs=0.02)


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        (Parameter("lr", "choice"), "at least one value"),
        (Parameter("lr", "beta"), "there is no distribution 'beta'"),
        (Parameter("lr", "uniform", numbers={"min_value": 1}), "takes min_value, max_value"),
        (Parameter("lr", "uniform", numbers={"min_value": 2, "max_value": 1}), "must be below"),
        (Parameter("lr", "normal", numbers={"mu": 0, "sigma": 0}), "sigma must be above 0"),
        (Parameter("lr", "randint", numbers={"upper": 0}), "upper must be at least 1"),
        (Parameter("lr", "randint", numbers={"upper": True}), "must be a number"),
        (Parameter("lr", "uniform", numbers={"min_value": 0, "max_value": math.inf}), "finite"),
    ],
)
def test_what_is_refused(parameter: Parameter, said: str) -> None:
    with pytest.raises(RunConfigurationException, match=said) as caught:
        parameter.check()
    assert "'lr'" in str(caught.value)


def test_a_grid_has_every_combination_in_order() -> None:
    space = [Parameter("a", "choice", (1, 2)), Parameter("b", "choice", ("x", "y"))]
    assert grid(space) == [
        {"a": 1, "b": "x"},
        {"a": 1, "b": "y"},
        {"a": 2, "b": "x"},
        {"a": 2, "b": "y"},
    ]
    with pytest.raises(RunConfigurationException, match="choice only"):
        grid([Parameter("lr", "randint", numbers={"upper": 3})])
