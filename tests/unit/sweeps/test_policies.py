"""Early termination, by the examples of HyperDrive's reference and by its properties."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_jupyter.exceptions import RunConfigurationException
from ml_jupyter.sweeps.policies import BANDIT, MEDIAN, NONE, TRUNCATION, Policy, Progress

VALUES = st.lists(st.floats(-100, 100) | st.just(math.nan), min_size=1, max_size=12)
HISTORIES = st.dictionaries(st.sampled_from("abcdef"), VALUES, min_size=1)
POLICIES = st.sampled_from(
    [
        Policy(NONE),
        Policy(BANDIT, slack_factor=0.1),
        Policy(BANDIT, slack_amount=0.5, evaluation_interval=2),
        Policy(MEDIAN, delay_evaluation=3),
        Policy(TRUNCATION, truncation_percentage=40),
    ]
)


def stops(policy: Policy, trial: str, seen: dict[str, list[float]], *, maximize: bool) -> bool:
    """Whether the policy stops a trial at its newest value."""
    histories = {name: Progress(values, maximize=maximize) for name, values in seen.items()}
    return policy.stops(trial, len(seen[trial]), histories)


@pytest.mark.parametrize(("own", "stopped"), [(0.66, True), (0.67, False), (0.8, False)])
def test_bandit_by_ratio(own: float, stopped: bool) -> None:
    policy = Policy(BANDIT, slack_factor=0.2)
    assert stops(policy, "y", {"x": [0.8], "y": [own]}, maximize=True) is stopped


@pytest.mark.parametrize(("own", "stopped"), [(1.2, False), (1.31, True)])
def test_bandit_by_amount_when_less_is_better(own: float, stopped: bool) -> None:
    policy = Policy(BANDIT, slack_amount=0.3)
    assert stops(policy, "y", {"x": [1.0], "y": [own]}, maximize=False) is stopped


@pytest.mark.parametrize(
    ("best", "own", "maximize", "stopped"),
    [
        (1.0, 1.4, False, False),
        (1.0, 1.6, False, True),
        (-3.0, -2.1, False, False),
        (-3.0, -1.9, False, True),
        (-1.0, -1.4, True, False),
        (-1.0, -1.6, True, True),
        (0.0, -0.1, True, True),
        (0.0, 0.0, False, False),
    ],
)
def test_the_ratio_is_between_the_worse_and_the_better_value(
    best: float, own: float, maximize: bool, stopped: bool
) -> None:
    policy = Policy(BANDIT, slack_factor=0.5)
    assert stops(policy, "y", {"x": [best], "y": [own]}, maximize=maximize) is stopped


def test_bandit_compares_after_as_many_intervals() -> None:
    policy = Policy(BANDIT, slack_factor=0.1)
    assert not stops(policy, "y", {"x": [0.1, 0.9], "y": [0.1]}, maximize=True)
    assert stops(policy, "y", {"x": [0.1, 0.9], "y": [0.1, 0.2]}, maximize=True)


def test_median_stopping_compares_the_best_with_the_averages() -> None:
    policy = Policy(MEDIAN, evaluation_interval=1, delay_evaluation=2)
    seen = {"a": [1.0, 3.0], "b": [2.0, 4.0], "c": [0.5, 1.0]}
    assert stops(policy, "c", seen, maximize=True)
    assert not stops(policy, "b", seen, maximize=True)
    assert not stops(policy, "c", {**seen, "c": [0.5]}, maximize=True)


def test_truncation_stops_the_worst_part() -> None:
    policy = Policy(TRUNCATION, truncation_percentage=40)
    seen = {"a": [5.0], "b": [4.0], "c": [3.0], "d": [2.0], "e": [1.0]}
    assert [name for name in seen if stops(policy, name, seen, maximize=True)] == ["d", "e"]
    assert [name for name in seen if stops(policy, name, seen, maximize=False)] == ["a", "b"]


@pytest.mark.parametrize(
    ("interval", "delay", "due"),
    [(1, 0, [1, 2, 3, 4, 5, 6]), (2, 0, [2, 4, 6]), (2, 5, [6]), (3, 3, [3, 6])],
)
def test_a_policy_is_applied_at_multiples_after_the_delay(
    interval: int, delay: int, due: list[int]
) -> None:
    policy = Policy(MEDIAN, evaluation_interval=interval, delay_evaluation=delay)
    assert [count for count in range(1, 7) if policy.is_due(count)] == due


@given(POLICIES, HISTORIES, st.booleans())
def test_the_best_trial_is_never_stopped(policy: Policy, seen: dict, maximize: bool) -> None:
    count = min(map(len, seen.values()))
    level = {name: values[:count] for name, values in seen.items()}
    best = (max if maximize else min)(level, key=lambda name: _best(level[name], maximize))
    finite = [value for value in level[best] if math.isfinite(value)]
    if finite and policy.kind != TRUNCATION:
        assert not stops(policy, best, level, maximize=maximize)


@given(VALUES, st.booleans())
def test_progress_is_what_the_first_values_say(values: list[float], maximize: bool) -> None:
    progress = Progress(values, maximize=maximize)
    turned = [(v if maximize else -v) if math.isfinite(v) else -math.inf for v in values]
    for count in range(1, len(values) + 3):
        first = turned[:count]
        assert progress.best(count) == max(first)
        assert progress.average(count) == pytest.approx(sum(first) / len(first))
    assert [progress.value(count + 1) for count in range(len(values))] == turned


@given(st.one_of(VALUES, st.just([])), st.booleans())
def test_the_best_of_all_is_as_it_was_logged(values: list[float], maximize: bool) -> None:
    expected = _best(values, maximize)
    found = Progress(values, maximize=maximize).overall
    assert found == (expected if math.isfinite(expected) else None)


@given(POLICIES)
def test_the_stored_form_is_read_again(policy: Policy) -> None:
    policy.check()
    assert Policy.from_json(policy.to_json()) == policy


@pytest.mark.parametrize(
    "policy",
    [
        Policy("Whim"),
        Policy(BANDIT),
        Policy(BANDIT, slack_factor=0.1, slack_amount=1),
        Policy(BANDIT, slack_amount=-1),
        Policy(MEDIAN, evaluation_interval=0),
        Policy(MEDIAN, delay_evaluation=-1),
        Policy(TRUNCATION, truncation_percentage=100),
    ],
)
def test_what_is_refused(policy: Policy) -> None:
    with pytest.raises(RunConfigurationException, match="policy"):
        policy.check()


def _best(values: list[float], maximize: bool) -> float:
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return -math.inf if maximize else math.inf
    return max(finite) if maximize else min(finite)
