"""Which parameters mattered, told from trials alone."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys

import pytest

from ml_jupyter.sweeps import importance as program
from ml_jupyter.sweeps.importance import LEAST_TRIALS, best_part, importance
from ml_jupyter.sweeps.space import Parameter

SPACE = [
    Parameter.from_json("lr", ["loguniform", [-9.0, 0.0]]),
    Parameter.from_json("kind", ["choice", [["a", "b", "c"]]]),
    Parameter.from_json("noise", ["uniform", [0.0, 1.0]]),
]


def trials(count: int, seed: int = 3):
    numbers = random.Random(seed)
    for _ in range(count):
        lr = math.exp(numbers.uniform(-9, 0))
        kind = numbers.choice("abc")
        value = abs(math.log(lr) + 4) + (0.5 if kind == "a" else 0.0)
        yield {"lr": lr, "kind": kind, "noise": numbers.random()}, value


def test_the_parameter_that_decides_comes_first():
    found = importance(SPACE, list(trials(80)), maximize=False)
    assert next(iter(found)) == "lr"
    assert sum(found.values()) == pytest.approx(1)
    assert found["noise"] < found["lr"] / 3


def test_the_goal_counts():
    upside_down = [(parameters, -value) for parameters, value in trials(80)]
    assert importance(SPACE, upside_down, maximize=True) == pytest.approx(
        importance(SPACE, list(trials(80)), maximize=False)
    )


def test_few_trials_say_nothing():
    few = list(trials(LEAST_TRIALS - 1))
    assert importance(SPACE, few, maximize=False) == {}
    broken = [(parameters, math.nan) for parameters, _ in trials(20)]
    assert importance(SPACE, [*few, *broken], maximize=False) == {}


def test_equal_values_say_nothing():
    same = [(parameters, 1.0) for parameters, _ in trials(30)]
    assert importance(SPACE, same, maximize=False) == {}


def test_trials_of_another_space_are_left_out():
    strange = [({"lr": 0.1, "kind": "z", "noise": 0.5}, -1e9), ({}, -1e9)]
    usual = list(trials(40))
    assert importance(SPACE, [*strange, *usual], maximize=False) == importance(
        SPACE, usual, maximize=False
    )


def test_the_best_part_holds_five_trials():
    assert best_part(10) == 0.5
    assert best_part(1000) == 0.1


def test_the_program_answers_what_the_function_gives():
    asked = {
        "space": {item.name: item.to_json() for item in SPACE},
        "goal": "minimize",
        "trials": list(trials(40)),
    }
    answer = subprocess.run(
        [sys.executable, "-m", program.__name__],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(answer.stdout) == pytest.approx(
        importance(SPACE, list(trials(40)), maximize=False)
    )
