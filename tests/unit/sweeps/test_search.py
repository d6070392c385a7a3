"""Searches propose values of the space, learn, and go on after a restart."""

from __future__ import annotations

from typing import Any

import pytest

from ml_jupyter.sweeps.search import BAYESIAN, BY_CHANCE, GRID, RANDOM, SOBOL, search
from ml_jupyter.sweeps.space import Parameter

SPACE = [
    Parameter("lr", "loguniform", numbers={"min_value": -6, "max_value": 0}),
    Parameter("depth", "randint", numbers={"upper": 5}),
    Parameter("kind", "choice", ("a", "b", None)),
]


def loss(found: dict[str, Any]) -> float:
    return (found["lr"] - 0.05) ** 2 + abs(found["depth"] - 3) + (found["kind"] != "b")


@pytest.mark.parametrize("algorithm", [RANDOM, BAYESIAN])
def test_proposals_are_values_of_the_space(algorithm: str) -> None:
    found = search(algorithm, SPACE, maximize=False, seed=1)
    for number in range(15):
        proposed = found.ask()
        assert proposed is not None
        assert set(proposed) == {"lr", "depth", "kind"}
        assert 0.002 < proposed["lr"] <= 1
        assert proposed["depth"] in range(5)
        assert proposed["kind"] in ("a", "b", None)
        found.tell(number, None if number == 3 else loss(proposed))


def test_bayesian_search_learns() -> None:
    found = search(BAYESIAN, SPACE, maximize=False, seed=3)
    losses = []
    for number in range(60):
        proposed = found.ask()
        assert proposed is not None
        losses.append(loss(proposed))
        found.tell(number, losses[-1])
    assert sum(losses[40:]) / 20 < sum(losses[:15]) / 15 / 2


@pytest.mark.parametrize("algorithm", [RANDOM, BAYESIAN])
def test_a_search_goes_on_with_what_it_remembers(algorithm: str) -> None:
    first = search(algorithm, SPACE, maximize=True, seed=5)
    before = [first.ask() for _ in range(4)]
    again = search(algorithm, SPACE, maximize=True, seed=6)
    for proposed in before:
        assert proposed is not None
        again.remember(proposed)
    for number in (2, 0, 1):  # the last one still runs
        again.tell(number, float(number))
    assert again.ask() is not None
    again.tell(3, 1.0)
    again.tell(4, None)


@pytest.mark.parametrize("rule", [BY_CHANCE, SOBOL])
def test_a_random_search_goes_on_as_if_it_had_never_stopped(rule: str) -> None:
    whole = search(RANDOM, SPACE, maximize=True, seed=5, rule=rule)
    expected = [whole.ask() for _ in range(7)]
    again = search(RANDOM, SPACE, maximize=True, seed=5, rule=rule)
    for proposed in expected[:4]:
        assert proposed is not None
        again.remember(proposed)
    assert [again.ask() for _ in range(3)] == expected[4:]
    again.tell(6, 1.0)


def test_bayesian_search_does_not_begin_again() -> None:
    first = search(BAYESIAN, SPACE, maximize=True, seed=5)
    before = [first.ask() for _ in range(4)]
    again = search(BAYESIAN, SPACE, maximize=True, seed=5)
    for proposed in before:
        assert proposed is not None
        again.remember(proposed)
    assert again.ask() not in before


def test_sobol_fills_the_space_evenly() -> None:
    space = [Parameter(name, "uniform", numbers={"min_value": 0, "max_value": 1}) for name in "ab"]
    found = search(RANDOM, space, maximize=True, seed=1, rule=SOBOL)
    points = [found.ask() or {} for _ in range(16)]
    cells = {(int(point["a"] * 4), int(point["b"] * 4)) for point in points}
    assert len(cells) == 16  # one in each sixteenth, which random points hardly ever manage


def test_a_grid_ends_and_remembers() -> None:
    space = [Parameter("a", "choice", (1, 2)), Parameter("b", "choice", ("x", "y"))]
    found = search(GRID, space, maximize=True)
    found.remember({"a": 1, "b": "x"})
    assert [found.ask() for _ in range(4)] == [
        {"a": 1, "b": "y"},
        {"a": 2, "b": "x"},
        {"a": 2, "b": "y"},
        None,
    ]
