"""A run that is moved stands where it was put, and nobody else has changed places."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.jobs.queue import Waiting, in_order
from ml_jupyter.jobs.queue_moves import Move, moves
from ml_jupyter.jobs.queue_request import Request

FACTS = st.tuples(st.integers(0, 20), st.integers(-2, 2), st.none() | st.integers(0, 20))


def line_of(facts: list[tuple[int, int, int | None]]) -> list[Waiting]:
    """Runs ``0``, ``1``, … with time, priority and place; few values, so that many are equal."""
    return [
        Waiting(str(n), Request(), created, priority, place=place)
        for n, (created, priority, place) in enumerate(facts)
    ]


def names(line: list[Waiting]) -> list[str]:
    return [item.run_id for item in in_order(line)]


def after(line: list[Waiting], changes: list[Move]) -> list[Waiting]:
    given_ = {change.run_id: change for change in changes}
    return [
        replace(item, priority=given_[item.run_id].priority, place=given_[item.run_id].place)
        if item.run_id in given_
        else item
        for item in line
    ]


@given(st.lists(FACTS, min_size=1, max_size=8), st.data())
def test_the_order_is_the_one_that_was_asked_for(facts, data):
    line = line_of(facts)
    order = names(line)
    run = data.draw(st.sampled_from(order))
    before = data.draw(st.none() | st.sampled_from(order))
    wanted = list(order)
    if before != run:
        wanted.remove(run)
        wanted.insert(len(wanted) if before is None else wanted.index(before), run)
    assert names(after(line, moves(line, run, before))) == wanted


def test_one_run_changes_where_there_is_time_between_two():
    line = line_of([(0, 0, None), (1000, 0, None), (2000, 0, None), (9000, 0, None)])
    assert moves(line, "3", "1") == [Move("3", 0, 500)]
    assert moves(line, "2", "2") == moves(line, "1", "2") == []


def test_a_run_gets_the_priority_that_its_place_asks_for():
    line = line_of([(0, 5, None), (1, 5, None), (2, -1, None), (3, 0, None)])
    assert [change.priority for change in moves(line, "2", "0")] == [5]
    assert [change.priority for change in moves(line, "0", None)] == [-1]
    assert moves(line, "2", "3")[0].priority == 0


def test_a_pool_of_low_priority_keeps_its_runs_behind():
    low = Request(low_priority=True)
    line = [Waiting("a", Request(), 1), Waiting("b", low, 2), Waiting("c", low, 3)]
    assert names(after(line, moves(line, "c", "b"))) == ["a", "c", "b"]
    with pytest.raises(UserErrorException, match="low priority"):
        moves(line, "c", "a")
    with pytest.raises(UserErrorException, match="low priority"):
        moves(line, "a", None)
