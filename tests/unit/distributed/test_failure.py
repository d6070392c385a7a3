"""Which of several failed ranks failed first."""

from __future__ import annotations

from ml_jupyter.distributed.failure import RankEnd, first_failure


def first(*ends: RankEnd) -> int | None:
    found = first_failure(ends)
    return None if found is None else found.rank


def test_no_failure() -> None:
    assert first() is None
    assert first(RankEnd(0, 0, 5.0), RankEnd(1, 0, 6.0)) is None


def test_the_one_that_ended_first() -> None:
    assert first(RankEnd(0, 1, 6.0), RankEnd(1, 1, 5.0), RankEnd(2, 0, 1.0)) == 1


def test_the_one_that_complained_first_though_it_ended_last() -> None:
    """The interpreter of rank 1 took longer to end than rank 0 to notice."""
    assert first(RankEnd(0, 1, 5.5, 5.2), RankEnd(1, 1, 6.0, 5.0)) == 1


def test_a_killed_rank_comes_before_those_that_noticed() -> None:
    assert first(RankEnd(0, 1, 5.5, 5.1), RankEnd(1, -9, 5.4)) == 1


def test_an_abort_is_not_taken_for_sudden() -> None:
    assert first(RankEnd(0, -6, 5.5), RankEnd(1, 1, 5.6, 5.0)) == 1


def test_a_traceback_of_long_ago_was_another_one() -> None:
    assert first(RankEnd(0, 1, 100.0, 10.0), RankEnd(1, 1, 99.0, 98.5)) == 1
